// The parts of one search put together, and drawn anew as its driver's state changes.

import { combobox } from "./combobox.js";
import { fill, h } from "./dom.js";
import { MapView } from "./map.js";
import { card, chips, facets, nearby, notes, nothing, trouble } from "./parts.js";

/** Milliseconds before "searching" is shown: a fast answer should not flicker. */
const PATIENCE = 250;
const BOX = "s";

export class View {
  #said = "";
  #written = "";
  #patience = 0;
  #map = null;

  /**
   * `given`: the attributes, read. `t`, `number`: texts and numbers in the reader's language. `root`: address of the
   * service. `name`: of the search's landmark. `onSelect(hit, event)`: a card is followed; `onOpen(suggestion)`: a supplier was suggested and
   * chosen. `element` is what to show.
   */
  constructor({ driver, suggest, given, t, number, root, name, dir, onSelect, onOpen }) {
    Object.assign(this, { driver, suggest, given, t, number, root, onSelect, mode: given.view });
    const search = (q) => { suggest.stop(); driver.search(q.trim()); };
    this.input = h("input", { id: `${BOX}-q`, part: "input", name: "q", maxlength: 300, enterkeyhint: "search", placeholder: t("hint") });
    const field = h("div", { class: "field" }, h("label", { for: this.input.id }, t("label")), this.input);
    this.box = combobox({
      input: this.input, label: t("suggestions"),
      onType: (q) => suggest.type(q),
      onChoose: (one, phrase) => { suggest.stop(); if (one.url) onOpen(one); else search(this.input.value = phrase); },
    });
    this.#build();
    const form = h("form", { class: "search", part: "search", role: "search", "aria-label": name, onsubmit: (event) => {
      event.preventDefault();
      this.box.close();
      search(this.input.value);
    } }, field, h("button", { type: "submit", class: "button", part: "button" }, t("search")));
    this.element = h("div", { class: "root", part: "root", lang: given.base.lang, dir },
      form, h("div", { class: "summary" }, this.total, this.views), this.about, this.body, this.foot, this.status);
  }

  #build() {
    const { t, given } = this;
    const view = (mode) => h("button", { type: "button", "aria-pressed": "false", onclick: () => this.turn(mode) }, t(mode));
    this.modes = { list: view("list"), map: view("map") };
    this.total = h(`h${given.level}`, { class: "total", part: "total", tabindex: "-1", hidden: true });
    this.views = h("div", { class: "views", part: "views", role: "group", "aria-label": t("views"), hidden: true }, Object.values(this.modes));
    this.about = h("div", { class: "about" });
    this.drawer = h("button", { type: "button", class: "button light drawer", part: "button", "aria-expanded": "false", "aria-controls": "s-facets", onclick: () => {
      this.drawer.setAttribute("aria-expanded", String(this.facets.classList.toggle("open")));
    } }, t("filters"));
    this.facets = h("div", { class: "facets", part: "facets", id: "s-facets", role: "group", "aria-label": t("filters") });
    this.aside = h("div", { hidden: true }, this.drawer, this.facets);
    this.panel = h("div", {});
    this.results = h("ol", { class: "results", part: "results", "aria-label": t("results") });
    this.further = h("div", { class: "further" });
    this.mapPlace = h("div", { hidden: true });
    this.main = h("div", { class: "main" }, this.panel, this.results, this.further, this.mapPlace);
    this.body = h("div", { class: "body", part: "body" }, this.aside, this.main);
    this.foot = h("div", { class: "foot", part: "foot", hidden: true });
    this.status = h("div", { class: "unseen", role: "status" });
  }

  /** Draw the state. */
  show(state) {
    const { status, asked, answer, problem, waiting } = state;
    const busy = status === "loading" || status === "more";
    this.main.setAttribute("aria-busy", String(busy));
    if (status === "loading") this.#write(asked.q);
    clearTimeout(this.#patience);
    if (busy) return this.#wait(waiting);
    if (status === "failed") return this.#fail(problem, answer);
    const kept = [this.#about(), this.#filters()];
    this.#total(answer);
    this.#list(state);
    this.#placeMap();
    fill(this.foot, this.#fullLink(answer));
    this.foot.hidden = false;
    if (kept.includes(false)) this.total.focus({ preventScroll: true });
    const narrowed = [...this.about.querySelectorAll(".chip > span")].map((one) => one.textContent);
    return this.#say([this.total.textContent, ...narrowed].join(", "));
  }

  /** "list" or "map". */
  turn(mode) {
    this.mode = mode;
    if (this.driver.state.answer) this.show(this.driver.state);
  }

  remove() {
    clearTimeout(this.#patience);
    this.#map?.remove();
  }

  /** The phrase asked for, in the box; not over words that are being typed. */
  #write(q) {
    const typing = this.element.getRootNode().activeElement === this.input && this.input.value !== this.#written;
    if (!typing) this.input.value = q;
    this.#written = q;
  }

  #wait(waiting) {
    if (waiting) {
      fill(this.panel, h("p", { class: "note", part: "waiting" }, `${this.t(`${waiting.kind}_title`)} ${this.t("trying_again")}`));
      return this.#say(this.panel.textContent);
    }
    const first = !this.driver.state.answer;
    if (first) fill(this.results, [1, 2, 3].map(() => h("li", { class: "card ghost", "aria-hidden": "true" })));
    this.#patience = setTimeout(() => {
      fill(this.panel);
      this.#say(this.t("searching"));
    }, PATIENCE);
    return undefined;
  }

  #fail(problem, answer) {
    fill(this.panel, trouble({ problem, t: this.t, onRetry: () => this.driver.retry() }));
    if (!answer) fill(this.results);
    this.#say([...this.panel.querySelectorAll("p:not(:has(button))")].map((one) => one.textContent).join(" "));
  }

  #total({ total: { value: found }, query, nearby: elsewhere, nearby_heading: heading }) {
    this.total.textContent = !query.recognised ? (query.needs.length ? this.t("possible") : this.t("unrecognised")) : found === 0 ? this.t("total_none") : found === 1 ? this.t("total_one")
      : this.t("total_many", { count: this.number(found) });
    this.total.hidden = false;
    this.views.hidden = !this.given.hasMap || !found;
    for (const [mode, button] of Object.entries(this.modes)) button.setAttribute("aria-pressed", String(mode === this.mode));
    const cards = elsewhere.map((hit) => this.#card(hit));
    fill(this.panel, ...nearby({ heading, cards, level: this.given.level + 1 }), found ? null : nothing(this));
  }

  #about() {
    const { scope } = this.driver.state.answer;
    return fill(this.about, scope && h("p", { class: "note", part: "scope" }, scope.sentence), chips(this), notes(this));
  }

  #filters() {
    const open = new Set([...this.facets.querySelectorAll("details[open]")].map((one) => one.dataset.list));
    const made = facets({ ...this.#tools, shown: this.given.facets, open });
    this.aside.hidden = !made.length;
    this.body.classList.toggle("with-facets", made.length > 0);
    const chosen = Object.values(this.driver.state.asked.chosen).flat().length;
    this.drawer.textContent = chosen ? `${this.t("filters")} (${chosen})` : this.t("filters");
    return fill(this.facets, made);
  }

  get #tools() {
    return { driver: this.driver, t: this.t, number: this.number };
  }

  /** Cards of a further page join those that are there, which keep their place and focus. */
  #list({ results: hits, answer, asked }) {
    const held = this.results.children.length;
    if (asked.page > 1 && held < hits.length) this.results.append(...hits.slice(held).map((hit) => this.#card(hit)));
    else fill(this.results, hits.map((hit) => this.#card(hit)));
    fill(this.further, answer.links.next && h("button", {
      type: "button", class: "button light", part: "button more", "data-at": "more", onclick: () => this.#more(),
    }, this.t("more", { shown: this.number(hits.length), count: this.number(answer.total.value) })));
  }

  /** The focus goes on to the first of the cards that came. */
  async #more() {
    const held = this.results.children.length;
    await this.driver.more();
    this.results.children[held]?.querySelector("a").focus();
  }

  #card(hit) {
    return card({ hit, level: this.given.level + 1, t: this.t, href: this.address(hit.url), onSelect: (event) => this.onSelect(hit, event) });
  }

  /** A supplier's page, in the language that is read here. */
  address(url) {
    const found = new URL(url, this.root);
    if (this.given.base.lang === "en") found.searchParams.set("lang", "en");
    return found.href;
  }

  #fullLink(answer) {
    return h("a", { href: new URL(answer.links.page, this.root).href, part: "full-link" }, this.t("full"));
  }

  #placeMap() {
    const shown = this.mode === "map" && !this.views.hidden;
    this.results.hidden = this.further.hidden = shown;
    this.mapPlace.hidden = !shown;
    if (!shown) return;
    this.#map ||= new MapView({ place: this.mapPlace, t: this.t, number: this.number, source: this.#found });
    this.#map.show();
  }

  /** What the map shows: what the driver found. */
  get #found() {
    const { driver } = this;
    return {
      address: (endpoint, more) => driver.address(endpoint, more),
      profile: (id) => driver.profile(id),
      results: () => driver.state.results,
      card: (hit) => this.#card(hit),
    };
  }

  /** Said politely, once. */
  #say(text) {
    if (text === this.#said) return;
    this.#said = text;
    this.status.textContent = text;
  }
}
