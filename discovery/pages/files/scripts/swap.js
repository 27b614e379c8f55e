// A link or a form marked `data-swap`, and any link of a box marked so, changes the page in place: focus, scroll position,
// what was folded and unsent words stay, and what was found is announced. Features that hold elements of the page listen
// to `page:swapped`.

import { hideTrouble, showTrouble } from "./trouble.js";

/** What browsers and readers of feeds take the page's own addresses from. */
const ADDRESSES = "link[rel=canonical], link[rel=alternate]";
const find = (id) => document.getElementById(id);
const here = () => location.pathname + location.search;
let shown = here();
let latest = 0;

/**
 * Show the page of `url` in the place of this one. `remember`: as a step of the browser's history. `sent`: field's id →
 * the value that the address holds; what is typed meanwhile stays.
 */
export async function swap(url, { remember = true, sent = new Map() } = {}) {
  const turn = ++latest;
  let page;
  find("main").setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    page = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    if (turn !== latest) return;
    find("main").removeAttribute("aria-busy");
    showTrouble(navigator.onLine ? "failed" : "offline", () => swap(url, { remember, sent }));
    return;
  }
  if (turn !== latest) return;
  hideTrouble();
  const total = page && page.getElementById("total");
  if (!total) {
    location.assign(url);
    return;
  }
  // The shortest address of the same search, whatever the order in which a form sends it.
  const address = total.dataset.address || url;
  if (remember && address !== here()) history.pushState(null, "", address);
  shown = here();
  const focused = document.activeElement;
  replace(page, sent);
  document.dispatchEvent(new Event("page:swapped"));
  refocus(focused);
  const chips = [...document.querySelectorAll(".understood .chip > span")].map((chip) => chip.textContent);
  find("said").textContent = [find("total").textContent, ...chips].join(", ");
}

/** The other page's content, with what people did to this one. */
function replace(page, sent) {
  const kept = [...document.querySelectorAll("#search input[id], #search select")]
    .filter((field) => field.value !== (sent.get(field.id) ?? initial(field))).map((field) => [field.id, field.value]);
  const turned = [...folds(document)].filter(([, fold]) => fold.open !== fold.began).map(([id, { open }]) => [id, open]);
  const drawer = find("show-filters")?.checked;
  for (const id of ["search", "main"]) find(id).replaceWith(document.adoptNode(page.getElementById(id)));
  document.documentElement.className = page.documentElement.className;
  document.querySelector(".language").href = page.querySelector(".language").href;
  document.title = page.title;
  for (const link of document.head.querySelectorAll(ADDRESSES)) link.remove();
  document.head.append(...page.head.querySelectorAll(ADDRESSES));
  for (const [id, value] of kept) if (find(id)) find(id).value = value;
  begin();
  for (const [id, open] of turned) if (find(id)) find(id).open = open;
  if (drawer && find("show-filters")) find("show-filters").checked = true;
}

/** The element itself, if a feature kept it; the same one of the new page, its caret where it was; or the total. */
function refocus(focused) {
  const same = (focused !== document.body && focused.isConnected && focused) || find(focused.id) || find("total");
  same.focus({ preventScroll: true });
  if (same.id === focused.id && same.type === "text") same.setSelectionRange(focused.selectionStart, focused.selectionEnd);
}

/** What can be folded and keeps its state from page to page, by id. */
function folds(page) {
  return new Map([...page.querySelectorAll("details[id]")].map((fold) => [fold.id, fold]));
}

/** How each fold was when the page came: only what a person turned is turned again. */
function begin() {
  for (const fold of folds(document).values()) fold.began = fold.open;
}

/** The value a field had when the page came. */
function initial(field) {
  return field.options ? [...field.options].find((one) => one.defaultSelected)?.value ?? field.options[0].value : field.defaultValue;
}

/** A form's address: fields that say nothing stay out. */
function addressOf(form) {
  const given = [...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value);
  return `${form.action}?${new URLSearchParams(given)}`;
}

/** A search in place where there is one to change, else as a page of its own. */
export function goTo(url) {
  if (find("total")) swap(url);
  else location.assign(url);
}

export function startSwapping() {
  begin();
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-swap], div[data-swap] a");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    swap(link.href);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-swap]") || event.submitter?.formMethod === "post") return;
    if (!navigator.onLine) {
      event.preventDefault();
      showTrouble("offline", () => form.requestSubmit());
      return;
    }
    if (!find("total")) return;
    event.preventDefault();
    swap(addressOf(form), { sent: new Map([...form.elements].map((field) => [field.id, field.value])) });
  });
  addEventListener("popstate", () => { if (shown !== here()) swap(location.href, { remember: false }); });
}
