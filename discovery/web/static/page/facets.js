// A box above each long list of values: what it holds is shown, folded lists opened, the rest hidden.

const looked = new Map();

export function startFacets() {
  bindBoxes();
  document.addEventListener("page:swapped", bindBoxes);
}

/** What was looked for is looked for again in the new page: a second value is chosen without typing anew. */
function bindBoxes() {
  for (const place of document.querySelectorAll(".find")) {
    const box = place.querySelector("input");
    place.hidden = false;
    box.value = looked.get(box.id) || "";
    if (box.value) narrow(box);
    box.addEventListener("input", () => {
      looked.set(box.id, box.value);
      const count = narrow(box);
      document.getElementById("said").textContent = box.value ? place.dataset.found.replace("{count}", count) : "";
    });
  }
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
    unfold(branch.querySelector("details"), words && some);
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
