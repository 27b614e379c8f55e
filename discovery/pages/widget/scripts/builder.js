// The builder, live: as a field changes, the server makes the lines again and the preview follows.

import { widget } from "./supplier-search.js";

const form = document.getElementById("builder");
const preview = document.querySelector(widget);
let latest = 0;

async function update() {
  const turn = latest += 1;
  const said = [...new FormData(form)].filter(([, value]) => value.trim());
  const address = `${form.action}?${new URLSearchParams(said)}`;
  const answer = await fetch(address).catch(() => null);
  if (turn !== latest || !answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (turn !== latest) return;
  history.replaceState(null, "", address);
  const open = [...document.querySelectorAll("#made details[open]")].map((one) => one.id);
  document.getElementById("made").replaceWith(document.adoptNode(page.getElementById("made")));
  for (const id of open) document.getElementById(id).open = true;
  follow(page.getElementById(preview.id));
  ready();
}

/** The preview takes the attributes of the one that the server made. */
function follow(made) {
  for (const { name } of [...preview.attributes]) if (!made.hasAttribute(name)) preview.removeAttribute(name);
  for (const { name, value } of made.attributes) if (preview.getAttribute(name) !== value) preview.setAttribute(name, value);
}

function ready() {
  document.getElementById("update").hidden = true;
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
}

let pause;
form.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(update, 300); });
form.addEventListener("submit", (event) => { event.preventDefault(); update(); });
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const code = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(code.textContent);
    document.getElementById("said").textContent = button.textContent = button.dataset.done;
  } catch {
    getSelection().selectAllChildren(code); // not allowed to write: one key remains to press
  }
});
ready();
