// Suggestions as one types: the widget's own box and driver, on the fields of the page's form.

import { combobox } from "./combobox.js";
import { SuggestDriver } from "./suggest-driver.js";

export function startSuggesting() {
  bindFields();
  document.addEventListener("page:swapped", bindFields);
}

/** Fields with `data-suggest`: types of suggestions, or "" for all. A new form is bound anew. */
function bindFields() {
  const form = document.getElementById("search");
  for (const input of form?.querySelectorAll("input[data-suggest]:not([role])") || []) suggestFor(input, form);
}

function suggestFor(input, form) {
  const { lang } = document.documentElement;
  const said = document.getElementById("said");
  const show = (groups, q) => {
    box.show(groups, q);
    if (document.activeElement !== input) return; // nobody waits for these any more
    const count = groups.flatMap((group) => group.suggestions).length;
    said.textContent = count ? form.dataset[count > 1 ? "many" : "one"].replace("{count}", count) : "";
  };
  const driver = new SuggestDriver({ api: new URL("api/v1/", form.action).href, base: { lang, types: input.dataset.suggest }, show });
  const box = combobox({
    input, label: form.dataset.label,
    onType: (q) => driver.type([...q].length > (input.dataset.longest ?? Infinity) ? "" : q),
    onChoose: ({ url }, phrase) => {
      driver.stop();
      if (url) return location.assign(lang === "fr" ? url : `${url}?lang=${lang}`);
      input.value = phrase;
      return form.requestSubmit();
    },
  });
  form.addEventListener("submit", () => driver.stop());
}
