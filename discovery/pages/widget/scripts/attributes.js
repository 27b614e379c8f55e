// The element's attributes → what its driver and its parts are given. Pure but for reading.

import { CHOSEN, PASSED, valuesOf } from "./query.js";

const NAMES = ["q", ...CHOSEN, ...PASSED];
const OWN = ["facets", "view", "sync", "heading", "label"];
const FACETS = "kind,sector,department";

/** Attributes are written with hyphens, parameters with underscores. */
const attribute = (name) => name.replaceAll("_", "-");

export const ATTRIBUTES = [...NAMES.map(attribute), ...OWN];

/**
 * {base, facets, view, hasMap, sync, level, label}. `level`: of the heading that says how many; suppliers are one below.
 * `fallbackKey`: that of the script.
 */
export function read(element, fallbackKey = "") {
  const given = (name) => (element.getAttribute(name) || "").trim();
  const base = {};
  for (const name of NAMES) if (given(attribute(name))) base[name] = given(attribute(name));
  base.key ||= fallbackKey;
  base.lang = language(element, base.lang);
  base.per_page ||= "10";
  const view = given("view");
  const facets = element.hasAttribute("facets") ? given("facets") : FACETS;
  const level = Number(given("heading"));
  return {
    base,
    facets: facets === "none" ? [] : valuesOf(facets),
    view: view === "map" ? "map" : "list",
    hasMap: view !== "list-only",
    sync: element.hasAttribute("sync") ? given("sync") || "s." : null,
    level: level >= 1 && level <= 5 ? level : 2,
    label: given("label"),
  };
}

/** The attribute's language, else that of the page around, else French. */
function language(element, asked) {
  const around = asked || element.closest("[lang]")?.getAttribute("lang") || "fr";
  return around.toLowerCase().startsWith("en") ? "en" : "fr";
}
