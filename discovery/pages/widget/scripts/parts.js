// What an answer looks like: chips, facets, cards, notices. Each is a function from data to elements.

import { h, marked } from "./dom.js";
import { CHOSEN, SWITCHES, applied, choices, isChosen, parameterOf } from "./query.js";

const FIRST_VALUES = 6;
const MOST_TAGS = 4;
const SHORT = 180;

/** What was understood and chosen, each thing with a button that takes it away. */
export function chips({ driver, t }) {
  const { answer, asked } = driver.state;
  const pieces = applied(answer).map((piece) => chip(pieceLabel(piece, t), `p:${piece.type}:${piece.value}`, () => driver.drop(piece), t));
  const filters = CHOSEN.flatMap((parameter) => (asked.chosen[parameter] || []).map((value) => {
    const left = asked.chosen[parameter].filter((one) => one !== value);
    return chip(valueLabel(answer, parameter, value, t), `f:${parameter}:${value}`, () => driver.choose(parameter, left), t);
  }));
  const { circle } = answer.query;
  const chosen = circle ? [chip(circle.label, "r", () => driver.choose("radius", ["none"]), t)] : [];
  const all = [...pieces, ...chosen, ...filters];
  if (!all.length) return null;
  const clear = h("li", {}, h("button", { type: "button", class: "link", "data-at": "clear", onclick: () => driver.clear() }, t("clear")));
  return h("ul", { class: "chips", part: "chips", "aria-label": t("chips") }, all, clear);
}

function chip(label, at, onclick, t) {
  const cross = h("span", { "aria-hidden": "true" }, "×");
  return h("li", { class: "chip", part: "chip" }, h("span", {}, label),
    h("button", { type: "button", "aria-label": t("remove", { label }), "data-at": at, onclick }, cross));
}

function pieceLabel(piece, t) {
  if (piece.type === "place" && piece.role === "focus") return t("around", { label: piece.label });
  if (piece.type === "radius" || piece.type === "minutes") return t("within", { label: piece.label });
  if (piece.type === "exclusion") return t("except", { label: piece.parameter === "not_kind" ? piece.value : piece.label });
  return piece.type === "kind" ? piece.value : piece.label;
}

function valueLabel(answer, parameter, value, t) {
  if (parameter === "radius" && value === "none") return t("no_limit");
  if (parameter === "radius") return t("within", { label: `${value} km` });
  if (parameter === "kind") return value;
  const facets = Object.entries(answer.facets).filter(([name]) => parameterOf(name) === parameter);
  return facets.flatMap(([, values]) => values).find((one) => one.value === value)?.label || value;
}

/** The facets that leave a choice; `open`: names of those whose long list is unfolded. */
export function facets({ driver, shown, open, t, number }) {
  return shown.map((name) => facet({ driver, name, open, t, number })).filter(Boolean);
}

function facet({ driver, name, open, t, number }) {
  const { answer, asked } = driver.state;
  const values = choices(driver.base, answer, name);
  const useful = values.filter((one) => one.count || one.selected);
  if (!useful.length || (name === "coverage" && !values.some((one) => one.selected && one.value !== "any"))) return null;
  const held = (one) => isChosen(driver.base, asked, name, one) || (SWITCHES.has(name) && one.selected);
  const type = SWITCHES.has(name) ? "radio" : "checkbox";
  const line = (one) => h("label", { class: "value", part: "facet-value", title: name === "kind" ? one.label : null },
    h("input", { type, name, checked: held(one), "data-at": `${name}:${one.value}`, onchange: () => driver.toggle(name, one.value) }),
    h("span", {}, name === "kind" ? h("abbr", {}, one.value) : null, name === "kind" ? ` ${one.label}` : one.label), " ",
    h("span", { class: "count" }, number(one.count)));
  const sorted = SWITCHES.has(name) ? values : [...useful.filter(held), ...useful.filter((one) => !held(one))];
  const rest = sorted.length > FIRST_VALUES + 2 ? sorted.splice(Math.max(FIRST_VALUES, useful.filter(held).length)) : [];
  const more = rest.length > 0 && h("details", { "data-list": name, open: open.has(name) },
    h("summary", { "data-at": `more:${name}` }, t("more_values", { count: number(rest.length) })), rest.map(line));
  return h("fieldset", { part: "facet" }, h("legend", {}, t(`facet_${name}`)), sorted.map(line), more);
}

/** One supplier: who, where, why; the whole card leads to its page. */
export function card({ hit, level, t, href, onSelect }) {
  const measured = hit.distance_km !== null;
  const why = measured ? hit.why.slice(1) : hit.why;
  const name = hit.highlights[hit.brand ? "brand" : "name"];
  const extract = hit.highlights.description || hit.highlights.offers;
  const link = h("a", { href, part: "card-link", "data-at": `c:${hit.id}`, onclick: onSelect },
    name ? marked(name[0]) : hit.display_name);
  const place = [hit.address.city, hit.address.department && `(${hit.address.department})`].filter(Boolean).join(" ");
  return h("li", { class: "card", part: "card" },
    h("div", { class: "head" },
      h(`h${level}`, { part: "card-title" }, link),
      h("p", { class: `kind ${hit.kind_group}`, part: "kind", title: hit.kind_label }, h("b", {}, hit.kind), h("span", {}, ` ${hit.kind_label}`))),
    h("p", { class: "where", part: "where" }, place, measured && hit.why.length ? h("strong", {}, hit.why[0]) : null,
      hit.location?.approximate ? h("small", {}, t("approximate")) : null),
    why.length ? h("ul", { class: "why", part: "why", "aria-label": t("why") }, why.map((one, at) => h("li", { class: hit.grades?.[at + hit.why.length - why.length] }, one))) : null,
    extract ? h("p", { class: "extract" }, marked(extract.join(" "))) : hit.description ? h("p", { class: "extract" }, shortened(hit.description)) : null,
    tags(hit, t));
}

function tags(hit, t) {
  const sectors = [...hit.sectors].sort((one, other) => other.matched - one.matched);
  const rest = sectors.length - MOST_TAGS;
  const all = [
    ...sectors.slice(0, MOST_TAGS).map((one) => h("li", { class: one.matched ? "matched" : null }, one.label)),
    rest > 0 && h("li", {}, t(rest === 1 ? "more_sector" : "more_sectors", { count: rest })),
    ...hit.certifications.map((one) => h("li", { class: "trust" }, one.label)),
  ].filter(Boolean);
  return all.length ? h("ul", { class: "tags", part: "tags", "aria-label": t("activities") }, all) : null;
}

/** The text's start, cut between words. */
export function shortened(text, length = SHORT) {
  if (text.length <= length) return text;
  const start = text.slice(0, length + 1);
  return `${start.slice(0, start.lastIndexOf(" ") + 1 || length).replace(/[\s,;:.–-]+$/, "")} …`;
}

/** What the service says beside the results: a widened search, another spelling, what it ignored, warnings, wider circles,
 *  the trades one by one, filters it offers. */
export function notes({ driver, t, number }) {
  const { answer } = driver.state;
  const { relaxed, ignored, needs, circle, did_you_mean: other, offers } = answer.query;
  const ways = (lead, items) => items.length > 0 && h("div", { class: "ways" }, h("span", { class: "lead" }, lead),
    items.map(([at, label, count, onclick]) => h("button", { type: "button", class: "way", "data-at": at, onclick },
      `${label} `, h("span", { class: "count" }, number(count)))));
  return [
    other && h("p", { class: "note" }, `${t("did_you_mean")} `,
      h("button", { type: "button", class: "link", "data-at": "other", onclick: () => driver.search(other) }, other), t("question")),
    relaxed && !needs.length && h("p", { class: "note" }, t("relaxed")),
    ignored.length > 0 && h("p", { class: "note" }, t("ignored", { text: ignored.map((one) => one.text).join(", ") })),
    ...answer.warnings.filter((one) => one.code !== "unknown_parameter").map((one) => h("p", { class: "note" }, one.message)),
    ways("", (circle?.wider || []).map((one) => [
      `r:${one.radius}`, t("within", { label: `${one.radius} km` }), one.total, () => driver.choose("radius", [`${one.radius}`]),
    ])),
    ways(t("needs"), needs.length < 2 ? [] : needs.map((one) => [
      `n:${one.start}`, one.text, one.total, () => driver.search(new URL(one.url, "https://x/").searchParams.get("q")),
    ])),
    ways(t("offers"), offers.map(({ parameter, value, label, count }) => [
      `o:${value}`, label, count, () => driver.choose(parameter, [...(driver.state.asked.chosen[parameter] || []), ...value.split(",")]),
    ])),
  ].filter(Boolean);
}

/** Nothing found: said plainly, with what finds some. */
export function nothing({ driver, t }) {
  const ways = driver.state.answer.suggestions.filter((one) => followable(driver.base, one.change));
  return h("div", { class: "panel", part: "empty" }, h("p", {}, h("b", {}, t("empty"))),
    ways.length ? h("p", {}, t("ways_out")) : h("p", {}, t("empty_hint")),
    ways.length ? h("div", { class: "ways" }, ways.map((one) => h("button", {
      type: "button", class: "way", onclick: () => follow(driver, one.change),
    }, one.label))) : null);
}

/** Who does it elsewhere, when nobody does at the place asked: under a heading of its own. */
export function nearby({ heading, cards, level }) {
  if (!cards.length) return [];
  return [h(`h${level}`, { class: "lead" }, heading), h("ol", { class: "results", part: "results" }, cards)];
}

/** A way out that stays within what the page's author fixed, and that this search can express. */
function followable(base, change) {
  return Object.keys(change).every((name) => (name === "q" || CHOSEN.includes(name)) && !base[name]);
}

function follow(driver, change) {
  const { q = driver.state.asked.q, ...filters } = change;
  const chosen = { ...driver.state.asked.chosen };
  for (const [name, value] of Object.entries(filters)) {
    if (value === null) delete chosen[name];
    else chosen[name] = [value].flat().map(String);
  }
  return driver.ask({ q: q || "", chosen, page: 1 });
}

/** What went wrong, for people: the server's words when it has some, and a way on. */
export function trouble({ problem, t, onRetry }) {
  const known = ["offline", "unreachable", "limited", "origin", "away"].includes(problem.kind);
  const details = problem.errors.map((one) => h("li", {}, `${one.parameter} : ${one.message}`));
  return h("div", { class: "panel trouble", part: "problem", "data-kind": problem.kind },
    h("p", {}, h("b", {}, known ? t(`${problem.kind}_title`) : problem.title || t("failed_title"))),
    h("p", {}, known ? t(`${problem.kind}_hint`) : problem.detail || t("failed_hint")),
    details.length ? h("ul", {}, details) : null,
    problem.kind === "origin" ? null : h("p", {}, h("button", { type: "button", class: "button", "data-at": "retry", onclick: onRetry }, t("retry"))));
}
