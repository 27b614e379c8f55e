// Suppliers to keep: a button on each, and a link to all of them at the top of every page. Without JavaScript the
// selection's address is its only memory.

import { followKeptLink, keptTexts, mostKept, showKeptLink, tell, worded } from "./kept-link.js";
import { keep, kept, whenKeptElsewhere } from "./kept.js";
import { h } from "./dom.js";
import { showSelection, startSelection } from "./selection.js";

export function startShortlist() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-keep]");
    if (button) toggle({ id: button.dataset.keep, name: nameOf(button) });
    // The link opens the selection without this supplier: the browser forgets it too.
    const drop = event.target.closest("a[data-drop]");
    if (drop) keep(kept().filter((one) => one.id !== drop.dataset.drop));
  });
  for (const event of ["page:swapped", "page:opened"]) document.addEventListener(event, showKept);
  addEventListener("pageshow", showKept); // a page may come back as the browser remembers it
  whenKeptElsewhere(showKept);
  followKeptLink();
  startSelection(showKept);
  showKept();
}

function showKept() {
  const ids = new Set(kept().map((one) => one.id));
  showKeptLink();
  for (const card of document.querySelectorAll(".card:not(:has(.keep)) > .head")) {
    card.append(h("button", { type: "button", class: "button quiet keep", "data-keep": card.parentElement.dataset.id }, h("span")));
  }
  for (const button of document.querySelectorAll("button[data-keep]")) {
    const has = ids.has(button.dataset.keep);
    button.hidden = false;
    button.setAttribute("aria-pressed", String(has));
    // What is read aloud holds what is read on the button: people say it to press it.
    button.title = button.querySelector("span").textContent = keptTexts[has ? "is_kept" : "keep"];
    button.ariaLabel = worded(keptTexts[has ? "is_kept_name" : "keep_name"], { name: nameOf(button) });
  }
  for (const plain of document.querySelectorAll("a[data-add]")) plain.hidden = true;
  showSelection(ids);
}

/** A card's button has the card's name. */
const nameOf = (button) => button.dataset.name || button.closest(".card").querySelector("h2").textContent;

function toggle({ id, name }) {
  const items = kept();
  const others = items.filter((one) => one.id !== id);
  const adding = others.length === items.length;
  if (adding && items.length >= mostKept) return tell(keptTexts.full, { most: mostKept }, { shown: true });
  const saved = keep(adding ? [...items, { id, name }] : others);
  if (saved) tell(adding ? keptTexts.kept : keptTexts.dropped, { name, count: kept().length });
  else tell(keptTexts.unsaved, {}, { shown: true });
  showKept();
}
