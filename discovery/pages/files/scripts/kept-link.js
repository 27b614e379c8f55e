// The link to all that is kept, and what is said beside it.

import { kept } from "./kept.js";

export const keptLink = document.getElementById("kept");
export const keptTexts = JSON.parse(keptLink.dataset.texts);
export const mostKept = Number(keptLink.dataset.most);
const selectionHome = keptLink.href;

/** The selection's address; distances are from where the page at hand looks, letters say what it was asked. */
export function selectionAddress() {
  const url = new URL(selectionHome);
  for (const { id } of kept()) url.searchParams.append("id", id);
  for (const name of ["near", "need"]) {
    const said = document.querySelector(`[data-${name}]`)?.dataset[name];
    if (said) url.searchParams.set(name, said);
  }
  return url.href;
}

/** Say to those who listen; `shown`: to everybody, until something else is said. */
export function tell(text, values = {}, { shown = false } = {}) {
  const said = worded(text, values);
  document.getElementById("said").textContent = said;
  const note = document.getElementById("kept-note");
  note.hidden = !shown;
  note.textContent = shown ? said : "";
}

export function showKeptLink() {
  const count = kept().length;
  keptLink.hidden = !count;
  keptLink.href = selectionAddress();
  keptLink.textContent = worded(keptTexts.link, { count });
}

/** Out of sight the link follows: on a small screen always, elsewhere when the header is scrolled away. */
export function followKeptLink() {
  const narrow = matchMedia("(max-width: 34rem)");
  let scrolled = false;
  const place = () => keptLink.parentElement.classList.toggle("away", scrolled || narrow.matches);
  new IntersectionObserver(([header]) => { scrolled = !header.isIntersecting; place(); }).observe(keptLink.closest("header"));
  narrow.addEventListener("change", place);
  place();
}

export function worded(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
