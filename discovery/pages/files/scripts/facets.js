// A box above each long list of values: what it holds is shown, folded lists opened, the rest hidden. Of a very long list
// the page holds the beginning, and links to a page that has the whole: it comes in place when one is pressed, or when
// the list is looked through.

const looked = new Map();

export function startFacets() {
  bindBoxes();
  document.addEventListener("page:swapped", bindBoxes);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.whole");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const facet = link.closest(".facet");
    complete(facet, link.closest(".branch") ? `in-${link.previousElementSibling.id}` : facet.id.replace("fold", "more"));
  }, true);
}

/** The whole of a facet's list in the place of its beginning, once; what was opened stays so, and the fold `opens` is
 * opened. Without an answer, the links stay. */
async function complete(facet, opens) {
  const link = facet.querySelector("a.whole");
  if (!link || facet.ariaBusy === "true") return;
  facet.ariaBusy = "true";
  try {
    const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const whole = answer.ok && page.getElementById(facet.id);
    if (whole && facet.isConnected) fillIn(facet, whole, opens);
  } catch {
    // offline
  }
  facet.ariaBusy = null;
}

function fillIn(facet, whole, opens) {
  const open = new Set([...facet.querySelectorAll("details[open]")].map((fold) => fold.id)).add(opens);
  const focused = document.activeElement;
  for (const old of facet.querySelectorAll(":scope > :is(ul, .whole)")) old.remove();
  facet.append(...[...whole.querySelectorAll(":scope > :is(ul, .more)")].map((one) => document.adoptNode(one)));
  for (const one of facet.querySelectorAll("details")) {
    one.began = one.open;
    if (open.has(one.id)) one.open = true;
  }
  if (!focused.isConnected) (document.getElementById(focused.id) || document.getElementById(opens)?.querySelector("summary"))?.focus({ preventScroll: true });
  const box = facet.querySelector(".find input");
  if (box?.value) narrow(box);
}

/** What was looked for is looked for again in the new page: a second value is chosen without typing anew. */
function bindBoxes() {
  for (const place of document.querySelectorAll(".find")) {
    const box = place.querySelector("input");
    place.hidden = false;
    box.value = looked.get(box.id) || "";
    if (box.value) look(box);
    box.addEventListener("input", async () => {
      looked.set(box.id, box.value);
      await complete(box.closest(".facet"));
      const count = narrow(box);
      document.getElementById("said").textContent = box.value ? place.dataset.found.replace("{count}", count) : "";
    });
  }
}

async function look(box) {
  await complete(box.closest(".facet"));
  narrow(box);
}

/** Shows the values that hold the words, with their branch; returns how many. All of them for no words. */
function narrow(box) {
  const words = plainly(box.value);
  const facet = box.closest(".facet");
  let count = 0;
  for (const value of facet.querySelectorAll("li")) {
    const meets = plainly(value.querySelector("a span").textContent).includes(words);
    value.hidden = !meets;
    count += meets;
  }
  for (const branch of facet.querySelectorAll(".branch")) {
    const leaves = [...branch.querySelectorAll("li")];
    const own = !branch.hidden;
    const some = leaves.some((one) => !one.hidden);
    if (own && !some) for (const leaf of leaves) leaf.hidden = false; // a group by its name: all that is in it
    branch.hidden = !own && !some;
    const fold = branch.querySelector("details"); // none where the whole list could not come
    if (fold) unfold(fold, words && some);
  }
  for (const more of facet.querySelectorAll(".more")) {
    unfold(more, words);
    more.hidden = Boolean(words) && ![...more.querySelectorAll("li")].some((one) => !one.hidden);
  }
  return count;
}

/** Open while something is looked for, then as it was. */
function unfold(fold, wanted) {
  if (wanted && fold.was === undefined) fold.was = fold.open;
  if (wanted) fold.open = true;
  else if (fold.was !== undefined) {
    fold.open = fold.was;
    delete fold.was;
  }
}

/** Without case and accents. */
const plainly = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
