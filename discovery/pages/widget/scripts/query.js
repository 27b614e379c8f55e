// What is asked, as data: {q, chosen: {parameter: [values]}, page}. Pure.
//
// `base` is what the page's author fixed (parameter → text). A parameter of the base bounds what may be chosen: of
// several values, some; of a single one, nothing else.

import { FILTERS } from "./filters.js";

/** All that a reader may choose: the widest circle too, when nothing is found in a smaller one. */
export const CHOSEN = [...FILTERS, "radius"];
/** Parameters that go to the API as they are. */
export const PASSED = ["place", "near", "lat", "lon", "profile", "sort", "lang", "per_page", "key"];
/** Filters of which one value always holds. */
export const SWITCHES = new Set(["coverage", "national"]);

/** The parameter that a facet of this name sets. */
export const parameterOf = (facet) => (facet === "sector_group" ? "sector" : facet);

/** The text of a base parameter as values. */
export const valuesOf = (text) => (text || "").split(",").map((one) => one.trim()).filter(Boolean);

/** The beginning: the base's own phrase, nothing chosen. */
export const start = (base) => ({ q: base.q || "", chosen: {}, page: 1 });

/** The facets to ask for: those shown, and those that name what is chosen. */
export function facetsOf(shown, asked) {
  return [...new Set([...shown, ...Object.keys(asked.chosen).filter((name) => FILTERS.includes(name))])];
}

/** [name, value] pairs for the API: a canonical order, so that equal questions have equal addresses. */
export function pairs(base, asked, facets = []) {
  const found = [];
  const add = (name, value) => { if (value) found.push([name, String(value)]); };
  add("q", asked.q.trim());
  for (const name of CHOSEN) add(name, asked.chosen[name]?.join(",") || base[name]);
  for (const name of PASSED) add(name, base[name]);
  add("facets", facets.join(",") || "none");
  if (asked.page > 1) add("page", asked.page);
  return found;
}

/** The values of a facet that may be chosen; none when the base leaves no choice. */
export function choices(base, answer, facet) {
  const values = answer.facets[facet] || [];
  const fixed = valuesOf(base[parameterOf(facet)]);
  if (!fixed.length) return values;
  const open = values.filter((one) => fixed.includes(one.value));
  return open.length > 1 ? open : [];
}

/** Whether a value was chosen here, by the phrase or by hand, rather than by the page's author. */
export function isChosen(base, asked, facet, one) {
  const parameter = parameterOf(facet);
  if (asked.chosen[parameter]) return asked.chosen[parameter].includes(one.value);
  return one.selected && !base[parameter];
}

/**
 * Choose a facet's value, or take it back. What the phrase says on the same matter leaves the phrase: two sources for
 * one filter would bring back what was just taken away.
 */
export function toggle(base, asked, answer, facet, value) {
  const parameter = parameterOf(facet);
  const held = choices(base, answer, facet).filter((one) => isChosen(base, asked, facet, one)).map((one) => one.value);
  const all = [...new Set([...(asked.chosen[parameter] || []), ...held])];
  const left = all.includes(value) ? all.filter((one) => one !== value) : SWITCHES.has(parameter) ? [value] : [...all, value];
  const spoken = applied(answer).filter((piece) => piece.type === parameter);
  return { ...choose(asked, parameter, left), q: without(answer.query.q, spoken) };
}

/** `values` as the whole choice of a parameter. */
export function choose(asked, parameter, values) {
  const { [parameter]: _, ...chosen } = asked.chosen;
  return { ...asked, page: 1, chosen: values.length ? { ...chosen, [parameter]: values } : chosen };
}

/** The phrase without one piece; with its last place go the distances, which were from there. */
export function drop(asked, answer, piece) {
  const gone = [piece];
  const pieces = applied(answer);
  if (piece.type === "place" && pieces.filter((one) => one.type === "place").length === 1) {
    gone.push(...pieces.filter((one) => one.type === "radius" || one.type === "minutes"));
  }
  return { ...asked, page: 1, q: without(answer.query.q, gone) };
}

/** The pieces of the phrase that narrow or move the search. */
export const applied = (answer) => answer.query.interpretation.filter((piece) => piece.applied);

/** A phrase less some pieces and the connectives that touch them, blanks folded. Offsets count characters. */
export function without(q, pieces) {
  const left = [...q];
  for (const { cut: [first, end] } of pieces) left.fill(" ", first, end);
  return left.join("").split(/\s+/).filter(Boolean).join(" ");
}

/** {q, chosen, page} from the host's own address, whose parameters of ours start with `prefix`. */
export function readAddress(search, prefix, base) {
  const given = new URLSearchParams(search);
  const chosen = {};
  for (const name of CHOSEN) {
    const values = valuesOf(given.get(prefix + name));
    if (values.length) chosen[name] = values;
  }
  return { q: given.get(`${prefix}q`) ?? base.q ?? "", chosen, page: 1 };
}

/** The host's address with what is asked in it; parameters that are not ours stay as they are. */
export function writeAddress(href, prefix, base, asked) {
  const url = new URL(href);
  const write = (name, value) => (value === null ? url.searchParams.delete(prefix + name) : url.searchParams.set(prefix + name, value));
  write("q", asked.q === (base.q || "") ? null : asked.q);
  for (const name of CHOSEN) write(name, asked.chosen[name]?.join(",") ?? null);
  return url.href;
}
