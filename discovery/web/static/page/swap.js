// A filter changes the page in place: focus, scroll position, open lists and unsent words stay, and what was found is
// announced. Features that hold elements of the page listen to `page:swapped`.

const find = (id) => document.getElementById(id);
const here = () => location.pathname + location.search;
let shown = here();
let latest = 0;

/** Show the page of `url` in the place of this one. `remember`: as a step of the browser's history. */
export async function swap(url, { remember = true } = {}) {
  const turn = ++latest;
  let page;
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    page = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch { /* offline: the browser says it better */ }
  if (turn !== latest) return;
  if (!page || !page.getElementById("total")) {
    location.assign(url);
    return;
  }
  if (remember) history.pushState(null, "", url);
  shown = here();
  replace(page);
  document.dispatchEvent(new Event("page:swapped"));
  const chips = [...document.querySelectorAll(".understood .chip > span")].map((chip) => chip.textContent);
  find("said").textContent = [find("total").textContent, ...chips].join(", ");
}

/** The other page's content, with what people did to this one. */
function replace(page) {
  const kept = [...document.querySelectorAll("#search input[id], #search select")]
    .filter((field) => field.value !== start(field)).map((field) => [field.id, field.value]);
  const open = [...document.querySelectorAll("details[open][id]")].map((list) => list.id);
  const drawer = find("show-filters")?.checked;
  const focused = document.activeElement.id;
  for (const id of ["search", "main"]) find(id).replaceWith(document.adoptNode(page.getElementById(id)));
  document.querySelector(".language").href = page.querySelector(".language").href;
  document.title = page.title;
  for (const [id, value] of kept) if (find(id)) find(id).value = value;
  for (const id of open) if (find(id)) find(id).open = true;
  if (drawer && find("show-filters")) find("show-filters").checked = true;
  (find(focused) || find("total")).focus({ preventScroll: true });
}

/** The value a field had when the page came. */
function start(field) {
  return field.options ? [...field.options].find((one) => one.defaultSelected)?.value ?? field.options[0].value : field.defaultValue;
}

export function startSwapping() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-swap]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    swap(link.href);
  });
  addEventListener("popstate", () => { if (shown !== here()) swap(location.href, { remember: false }); });
}
