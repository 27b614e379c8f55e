// <supplier-search>: one driver and its view, in a shadow root. Several may stand in one page.

import { ATTRIBUTES, read } from "./attributes.js";
import { h, sheet } from "./dom.js";
import { SearchDriver } from "./driver.js";
import { readAddress, writeAddress } from "./query.js";
import { CSS } from "./styles.js";
import { SuggestDriver } from "./suggest-driver.js";
import { TEXTS } from "./texts.js";
import { View } from "./view.js";

/** Where the service is: this file lies two folders below it. */
const ROOT = new URL("../../", import.meta.url).href;
const API = `${ROOT}api/v1/`;
let style;

export class SupplierSearch extends HTMLElement {
  static observedAttributes = ATTRIBUTES;
  #given;
  #driver;
  #suggest;
  #view;
  #ends = [];
  #changed = false;

  /** For a page that asks by itself: `element.driver.search("nettoyage")`. */
  get driver() { return this.#driver; }

  connectedCallback() {
    this.#given = read(this, keyOfScript());
    const { base, facets } = this.#given;
    this.#driver = new SearchDriver({ api: API, base, facets, asked: this.#fromAddress() });
    this.#suggest = new SuggestDriver({ api: API, base, show: (found, q) => this.#view.box.show(found, q) });
    this.#draw();
    this.#ends = [this.#driver.subscribe((state) => this.#show(state))];
    this.#listen("online", () => { if (this.#driver.state.status === "failed") this.#driver.retry(); });
    this.#listen("popstate", () => { if (this.#given.sync !== null) this.#driver.ask(this.#fromAddress()); });
    this.#driver.retry();
  }

  disconnectedCallback() {
    for (const end of this.#ends) end();
    this.#driver.stop();
    this.#suggest.stop();
    this.#view.remove();
  }

  /** Several attributes may change at once: they are read once, a moment later. */
  attributeChangedCallback() {
    if (!this.#driver || this.#changed) return;
    this.#changed = true;
    queueMicrotask(() => {
      this.#changed = false;
      if (this.isConnected) this.#reread();
    });
  }

  #reread() {
    this.#given = read(this, keyOfScript());
    const { base, facets } = this.#given;
    this.#suggest.base = base;
    this.#draw();
    this.#driver.rebase(base, facets);
  }

  #draw() {
    const shadow = this.shadowRoot || this.attachShadow({ mode: "open" });
    style ||= sheet(CSS);
    shadow.adoptedStyleSheets = [style];
    const { lang } = this.#given.base;
    const t = (code, args = {}) => TEXTS[lang][code].replace(/\{(\w+)\}/g, (_, name) => args[name]);
    this.#view?.remove();
    this.#view = new View({
      t, root: ROOT, given: this.#given, driver: this.#driver, suggest: this.#suggest,
      number: (value) => new Intl.NumberFormat(lang).format(value),
      name: this.#given.label || this.#numbered(t("landmark")),
      dir: this.getAttribute("dir") || "ltr",
      onSelect: (hit, event) => this.#select(hit, event),
      onOpen: (one) => this.#open(one),
    });
    shadow.replaceChildren(this.#view.element);
  }

  #show(state) {
    this.#view.show(state);
    if (state.status !== "ready") return;
    const { asked, answer } = state;
    this.#tell("results", { total: answer.total.value, q: asked.q, chosen: asked.chosen, page: asked.page });
    const { sync, base } = this.#given;
    const href = sync === null ? location.href : writeAddress(location.href, sync, base, asked);
    if (href !== location.href) history.pushState(history.state, "", href);
  }

  /** A listener that prevents the event's default keeps its visitors on its own page. */
  #select(hit, event) {
    const position = this.#driver.state.results.indexOf(hit) + 1 || null;
    const going = this.#tell("select", { id: hit.id, url: this.#view.address(hit.url), position, result: hit }, true);
    if (!going) event.preventDefault();
  }

  /** A suggested supplier: its page, as a link would open it. */
  #open({ value, label, url }) {
    const href = this.#view.address(url);
    if (!this.#tell("select", { id: value, url: href, position: null, result: { id: value, display_name: label } }, true)) return;
    const link = h("a", { href, hidden: true });
    this.shadowRoot.append(link);
    link.click();
    link.remove();
  }

  #tell(name, detail, cancelable = false) {
    return this.dispatchEvent(new CustomEvent(`supplier-search:${name}`, { bubbles: true, composed: true, cancelable, detail }));
  }

  /** What the host's address asks for, when the host wants it to follow; null otherwise. */
  #fromAddress() {
    const { sync, base } = this.#given;
    return sync === null ? null : readAddress(location.search, sync, base);
  }

  #listen(name, run) {
    addEventListener(name, run);
    this.#ends.push(() => removeEventListener(name, run));
  }

  /** Landmarks of one page need names of their own. */
  #numbered(label) {
    const at = [...document.querySelectorAll(this.localName)].indexOf(this);
    return at > 0 ? `${label} (${at + 1})` : label;
  }
}

/** The key of the script that brought this module: the module's own, pinned, or the loader's beside it. */
function keyOfScript() {
  const ours = [import.meta.url, `${ROOT}widget/v1.js`];
  return [...document.scripts].find((one) => one.dataset.key && ours.includes(one.src.split("?")[0]))?.dataset.key || "";
}
