// The distance of a chip as a slider over the usual distances, and a number for any other; both apply at once.

import { h } from "./dom.js";
import { debounced } from "./pace.js";

/** Milliseconds: a slider moved by arrow keys asks once it rests. */
const REST = 300;

export function startRadius() {
  bindSlider();
  document.addEventListener("page:swapped", bindSlider);
}

function bindSlider() {
  const form = document.querySelector("form[data-radius]");
  if (form?.querySelector("select")) slider(form);
}

function slider(form) {
  const pick = form.querySelector(".pick");
  const options = [...pick.querySelectorAll("option")];
  const at = options.findIndex((one) => one.selected);
  const apply = debounced(() => { if (form.isConnected) form.requestSubmit(); }, REST); // the page may have changed meanwhile
  const range = h("input", {
    id: "slide-radius", type: "range", min: 0, max: options.length - 1, step: 1, "aria-label": form.dataset.radius,
    "aria-valuetext": options[at].text,
    oninput: () => {
      const { value, text } = options[range.value];
      number.value = value;
      range.setAttribute("aria-valuetext", text);
    },
    onchange: apply,
  });
  const number = h("input", {
    id: "another-radius", name: "radius", type: "number", min: 1, max: 500, step: "any", required: true, inputmode: "decimal",
    onchange: apply,
  });
  range.value = at;
  number.value = options[at].value;
  pick.replaceChildren(range, h("span", {}, number, " km"), h("button", { type: "submit", hidden: true }));
}
