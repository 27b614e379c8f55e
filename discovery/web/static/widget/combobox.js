// The search box with its suggestions: ARIA's combobox pattern, list with manual selection.

import { fill, h } from "./dom.js";

/**
 * `id`: prefix of ids, unique in its document or shadow root. `t`: texts. `onType(q)`, `onSearch(q)`,
 * `onChoose(suggestion, phrase)`. Returns {field, input, value, show(groups, q),
 * close()}; `field` is the element to place.
 */
export function combobox({ id, t, onType, onSearch, onChoose }) {
  let shown = [];
  let active = -1;

  const input = h("input", {
    id: `${id}-q`, part: "input", name: "q", type: "text", role: "combobox", maxlength: 300, autocomplete: "off",
    autocapitalize: "none", spellcheck: "false", enterkeyhint: "search", placeholder: t("hint"),
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list`,
    oninput: () => { mark(-1); onType(typed()); },
    onkeydown: (event) => KEYS[event.key]?.(event),
    onblur: () => close(),
  });
  const list = h("div", { id: `${id}-list`, class: "list", part: "suggestions", role: "listbox", "aria-label": t("suggestions"), hidden: true });
  const field = h("div", { class: "field" }, h("label", { for: input.id }, t("label")), input, list);

  const KEYS = {
    ArrowDown: (event) => { if (shown.length) { event.preventDefault(); open(); mark(active + 1 < shown.length ? active + 1 : -1); } },
    ArrowUp: (event) => { if (shown.length) { event.preventDefault(); open(); mark(active < 0 ? shown.length - 1 : active - 1); } },
    Escape: (event) => {
      if (list.hidden) { if (!input.value) return; input.value = ""; onType(""); }
      event.preventDefault();
      close();
    },
    Enter: (event) => {
      event.preventDefault();
      const chosen = list.hidden ? null : shown[active];
      if (chosen) { choose(chosen); return; }
      close();
      onSearch(input.value);
    },
  };

  function open() {
    list.hidden = !shown.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  /** The option that Enter takes; -1: the words as they are typed. */
  function mark(index) {
    active = index;
    for (const [at, option] of options().entries()) option.setAttribute("aria-selected", String(at === index));
    const marked = options()[index];
    if (marked) {
      input.setAttribute("aria-activedescendant", marked.id);
      marked.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  /** What is completed ends at the caret; what follows it stays. */
  const typed = () => input.value.slice(0, input.selectionStart ?? undefined);

  const options = () => [...list.querySelectorAll("[role=option]")];

  /** `groups`: the API's, for the phrase `q`; shown only while it is still what stands before the caret. */
  function show(groups, q) {
    const current = q === typed() ? groups : [];
    shown = current.flatMap((group) => group.suggestions);
    fill(list, current.map(({ label, suggestions }) => h("div", { role: "group", "aria-label": label },
      h("div", { class: "group", "aria-hidden": "true" }, label), suggestions.map(option))));
    mark(-1);
    if (shown.length && field.getRootNode().activeElement === input) open();
    else close();
  }

  function option(item) {
    const beside = [item.matched, item.detail].filter(Boolean).join(" · ");
    return h("div", {
      id: `${id}-o${shown.indexOf(item)}`, class: "option", part: "suggestion", role: "option", "aria-selected": "false",
      onmousedown: (event) => event.preventDefault(), // the focus stays in the box
      onclick: () => choose(item),
    }, h("span", {}, item.label), beside && h("small", {}, beside));
  }

  function choose(item) {
    const rest = input.value.slice(typed().length);
    close();
    onChoose(item, item.text + rest);
  }

  return {
    field, input, show, close,
    get value() { return input.value; },
    set value(q) { input.value = q; },
  };
}
