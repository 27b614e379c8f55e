// What is kept, in this browser alone: [{ id, name }] in the order it was kept, under a key that holds a version.

const KEPT_KEY = "discovery.kept.1";
const CLEARED_KEY = "discovery.cleared.1";
// What the browser refuses to store (private mode, no room left) lasts as long as the page.
let unsavedKept = null;

export function kept() {
  if (unsavedKept) return unsavedKept;
  return storedList(() => localStorage.getItem(KEPT_KEY));
}

/** Keep exactly these. False when they will not outlast the page. */
export function keep(items) {
  const list = items.map(({ id, name }) => ({ id, name }));
  try {
    localStorage.setItem(KEPT_KEY, JSON.stringify(list));
    unsavedKept = null;
  } catch {
    unsavedKept = list;
  }
  return !unsavedKept;
}

/** Call back when another tab keeps or removes something. */
export function whenKeptElsewhere(listener) {
  addEventListener("storage", (event) => { if (event.key === KEPT_KEY || event.key === null) listener(); });
}

/** Empty the list; this tab remembers it for `cleared`. */
export function clearKept() {
  try { sessionStorage.setItem(CLEARED_KEY, JSON.stringify(kept())); } catch { /* then it can't be undone */ }
  keep([]);
}

/** What this tab cleared last, until something else is kept. */
export function cleared() {
  return kept().length ? [] : storedList(() => sessionStorage.getItem(CLEARED_KEY));
}

function storedList(read) {
  try {
    const list = JSON.parse(read());
    return list.filter((one) => typeof one.id === "string" && typeof one.name === "string");
  } catch {
    return [];
  }
}
