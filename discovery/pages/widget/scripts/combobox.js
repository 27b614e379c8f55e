// The search box with its suggestions: ARIA's combobox pattern, list with manual selection.

import { fill, h, put } from "./dom.js";

/**
 * Suggestions under `input`, which stands in a form and has an id: `label` names their list. `onType(q)`,
 * `onChoose(suggestion, phrase)`; Enter on no suggestion is the form's. Returns {show(groups, q), close()}.
 */
export function combobox({ input, label, onType, onChoose }) {
  let shown = [];
  let active = -1;

  const list = h("div", { id: `${input.id}-list`, class: "completions", part: "suggestions", role: "listbox", "aria-label": label, hidden: true });
  input.after(list);
  put(input, {
    type: "text", role: "combobox", autocomplete: "off", autocapitalize: "none", spellcheck: "false",
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
    oninput: () => { mark(-1); onType(typed()); },
    onkeydown: (event) => KEYS[event.key]?.(event),
    onblur: () => close(),
  });

  const KEYS = {
    ArrowDown: (event) => { if (shown.length) { event.preventDefault(); open(); mark(active + 1 < shown.length ? active + 1 : -1); } },
    ArrowUp: (event) => { if (shown.length) { event.preventDefault(); open(); mark(active < 0 ? shown.length - 1 : active - 1); } },
    Escape: (event) => {
      if (list.hidden) { if (!input.value) return; input.value = ""; onType(""); }
      event.preventDefault();
      close();
    },
    Enter: (event) => {
      const chosen = list.hidden ? null : shown[active];
      if (!chosen) return close();
      event.preventDefault();
      choose(chosen);
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
      h("div", { class: "title", "aria-hidden": "true" }, label), suggestions.map(option))));
    mark(-1);
    if (shown.length && input.getRootNode().activeElement === input) open();
    else close();
  }

  function option(item) {
    const beside = [item.matched, item.detail].filter(Boolean).join(" · ");
    return h("div", {
      id: `${input.id}-o${shown.indexOf(item)}`, class: "option", part: "suggestion", role: "option", "aria-selected": "false",
      onmousedown: (event) => event.preventDefault(), // the focus stays in the box
      onclick: () => choose(item),
    }, h("span", {}, item.label), beside && h("small", {}, beside));
  }

  function choose(item) {
    const rest = input.value.slice(typed().length);
    close();
    onChoose(item, item.text + rest);
  }

  return { show, close };
}
