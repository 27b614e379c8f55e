// The selection's own page: whether its suppliers are the ones kept here, its link, and what was cleared.

import { keptLink, keptTexts, mostKept, selectionAddress, tell } from "./kept-link.js";
import { clearKept, cleared, keep, kept } from "./kept.js";

const onSelection = (id) => document.getElementById(id);

/** `changed`: what to call when more is kept. */
export function startSelection(changed) {
  if (onSelection("none")) startEmpty();
  const page = onSelection("selection");
  if (!page) return;
  const texts = JSON.parse(page.dataset.texts);
  nameMissing(page);
  onSelection("adopt").addEventListener("click", () => {
    const all = new Map([...kept(), ...compared()].map((one) => [one.id, one]));
    if (all.size > mostKept) return tell(keptTexts.full, { most: mostKept }, { shown: true });
    const saved = keep([...all.values()]);
    tell(saved ? texts.adopted : keptTexts.unsaved, {}, { shown: !saved });
    changed();
    page.querySelector("h1").focus(); // the button is gone
  });
  onSelection("copy").hidden = false;
  onSelection("copy").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(onSelection("link").href);
      tell(texts.copied, {}, { shown: true });
    } catch {
      tell(texts.not_copied, {}, { shown: true });
    }
  });
  onSelection("clear").addEventListener("click", () => {
    clearKept();
    location.assign(selectionAddress());
  });
}

/** A link that somebody else sent offers to keep what it holds; one's own, to clear it. */
export function showSelection(ids) {
  if (!onSelection("selection")) return;
  const mine = compared().every((one) => ids.has(one.id));
  if (mine && compared().length === ids.size) keptLink.setAttribute("aria-current", "page");
  else keptLink.removeAttribute("aria-current");
  onSelection("foreign").hidden = mine;
  onSelection("clear").hidden = !mine || !ids.size;
}

/** The suppliers that the page compares. */
function compared() {
  return [...document.querySelectorAll("[data-kept]")].map((row) => ({ id: row.dataset.kept, name: row.dataset.name }));
}

/** A supplier that is no longer listed has no name but the one it was kept under. */
function nameMissing(page) {
  const names = new Map(kept().map((one) => [one.id, one.name]));
  for (const missing of page.querySelectorAll("[data-missing]")) {
    missing.textContent = names.get(missing.dataset.missing) || missing.textContent;
  }
}

/** The page of no supplier leads to what is kept here, or offers what was just cleared. */
function startEmpty() {
  const before = cleared();
  if (kept().length) location.replace(selectionAddress());
  if (!before.length) return;
  onSelection("cleared").hidden = false;
  onSelection("undo").addEventListener("click", () => {
    keep(before);
    location.replace(selectionAddress());
  });
}
