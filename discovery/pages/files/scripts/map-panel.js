// The map beside the list: everyone found, where the search looks, and a way to search where the map is. It lasts
// through the page's changes, each of which brings a new place for it, with what it is to show in `data-` attributes.

import { fill, h } from "./dom.js";
import { MapView, frameOf } from "./map.js";
import { debounced } from "./pace.js";
import { card } from "./parts.js";
import { TEXTS } from "./texts.js";

/** Milliseconds that the map has stood still before the list follows it. */
const SETTLED = 350;
const ROOT = new URL("../../", import.meta.url).href;
const { lang } = document.documentElement;
const text = (code, args = {}) => TEXTS[lang][code].replace(/\{(\w+)\}/g, (_, name) => args[name]);
const numbersOf = (given) => given.split(",").map(Number);

export class MapPanel {
  #swap;
  #place;
  #live = h("div", { class: "live" });
  #view;
  #controls;
  #looked;
  #spot;
  #dots;
  #lit;
  #sent = "";
  #step = "";
  #stood = "";
  #follow = debounced(() => this.#search({ following: true }), SETTLED);

  /** `swap(url, {remember})` changes the page in place. */
  constructor(swap) {
    this.#swap = swap;
    this.#view = new MapView({
      place: this.#live, t: text, number: (value) => new Intl.NumberFormat(lang).format(value),
      source: {
        address: (_, more = {}) => this.#address(this.#place.dataset.points, more),
        profile: (id) => this.#address(this.#place.dataset.profiles + encodeURIComponent(id), { lang }),
        results: () => [],
        card: (hit) => this.#card(hit),
        frame: () => this.#frame(),
        tiled: () => Boolean(this.#place.dataset.tiles),
        moved: (byHand) => this.#moved(byHand),
        placed: () => this.#number(),
        opened: () => document.dispatchEvent(new Event("page:opened")),
      },
    });
    for (const event of ["pointerover", "focusin"]) document.addEventListener(event, ({ target }) => this.#light(target.closest?.(".results > .card, .pin.one")?.dataset.id));
    this.#view.detail.addEventListener("keydown", (event) => { if (event.key === "Escape") this.#close(); });
  }

  /** The page came, or changed: the map stands in it again, and shows what was found. */
  async show() {
    this.#place = document.getElementById("map");
    if (!this.#place) return;
    const still = this.#stand();
    const { frame } = this.#place.dataset;
    const stay = Boolean(frame) && frame === this.#sent;
    if (stay) this.#controls.here.hidden = true;
    await this.#view.show({ stay });
    const there = this.#turn(still);
    this.#live.classList.remove("coming");
    this.#live.classList.toggle("failed", !there);
    if (!there) return;
    this.#look();
    this.#number();
  }

  /** The still map is there until the other one is. */
  #turn(still) {
    const there = Boolean(this.#view.map);
    still.hidden = there;
    return there;
  }

  /** Pins have the number of their card in the list, those of other pages none; a card within a cluster has a dot. */
  #number() {
    const list = document.querySelector(".results");
    if (!list) return;
    const ids = [...list.children].map((one) => one.dataset.id);
    for (const pin of this.#view.canvas.querySelectorAll(".pin.one")) {
      const at = ids.indexOf(pin.dataset.id);
      pin.textContent = at < 0 ? "" : at + list.start;
      if (at >= 0) ids[at] = "";
    }
    this.#dots?.remove();
    const alone = [...list.children].filter((one, at) => ids[at] && one.dataset.point);
    this.#dots = this.#view.leaflet.layerGroup(alone.map((one) => this.#mark("dot", numbersOf(one.dataset.point), 400))).addTo(this.#view.map);
  }

  /** By the still map, which is returned; the controls are those of the first page. */
  #stand() {
    const [still, controls] = [this.#place.querySelector(".still"), this.#place.querySelector(".ways-here")];
    if (!this.#controls) this.#take(controls);
    controls.remove();
    this.#live.classList.remove("failed"); // a map measures its place before it is seen
    this.#live.classList.toggle("coming", !this.#turn(still));
    still.after(this.#live);
    return still;
  }

  #take(controls) {
    const [follow, here, close, credit] = ["#map-follow", "#map-here", "#map-close", ".credit"].map((one) => controls.querySelector(one));
    this.#controls = { follow, here, close };
    here.addEventListener("click", () => { this.#view.canvas.focus({ preventScroll: true }); this.#search(); });
    close.addEventListener("click", () => this.#close());
    follow.addEventListener("change", () => { if (follow.checked && !here.hidden) this.#search(); });
    close.hidden = false;
    this.#view.canvas.after(here, this.#view.detail, ...[credit].filter(Boolean));
    this.#live.prepend(follow.parentElement);
  }

  #address(start, more) {
    const query = Object.entries(more).map(([name, value]) => `${name}=${value}`).join("&");
    return query ? `${start}${start.includes("?") ? "&" : "?"}${query}` : start;
  }

  /** What to see first: the map's own area, or the place asked for with those of the list. */
  #frame() {
    const { frame, fit } = this.#place.dataset;
    if (frame) {
      const [west, south, east, north] = numbersOf(frame);
      const [high, wide] = [(north - south) / 100, (east - west) / 100]; // a little less, for the same zoom again
      return [[south + high, west + wide], [north - high, east - wide]];
    }
    if (!fit) return null;
    const [west, south, east, north] = numbersOf(fit);
    return [[south, west], [north, east]];
  }

  #circles() {
    return this.#place.dataset.circles.split(" ").filter(Boolean).map(numbersOf);
  }

  /** Where the search looks, drawn. */
  #look() {
    const { leaflet, map } = this.#view;
    const { tiles, frame, centre } = this.#place.dataset;
    if (!this.#looked) {
      this.#looked = leaflet.layerGroup().addTo(map);
      if (tiles) leaflet.tileLayer(tiles).addTo(map);
    }
    const color = getComputedStyle(this.#place).getPropertyValue("--accent").trim();
    const drawn = { color, weight: 1.5, fillOpacity: 0.08, interactive: false };
    this.#looked.clearLayers();
    for (const [lat, lon, km] of this.#circles()) this.#looked.addLayer(leaflet.circle([lat, lon], { ...drawn, radius: km * 1000 }));
    if (centre) this.#looked.addLayer(this.#mark("centre", numbersOf(centre), -500)); // under pins
    if (frame) {
      const [west, south, east, north] = numbersOf(frame);
      this.#looked.addLayer(leaflet.rectangle([[south, west], [north, east]], { ...drawn, fill: false, dashArray: "6 5" }));
    }
  }

  #mark(name, at, zIndexOffset) {
    const { leaflet } = this.#view;
    const icon = leaflet.divIcon({ html: h("span", { class: name }), className: "", iconSize: [0, 0] });
    return leaflet.marker(at, { icon, keyboard: false, interactive: false, zIndexOffset });
  }

  /** Moved by hand, the map offers to search there, or does so. */
  #moved(byHand) {
    const { map } = this.#view;
    const { lat, lng } = map.getCenter();
    const stands = [lat.toFixed(3), lng.toFixed(3), map.getZoom()].join(" ");
    if (byHand && stands !== this.#stood && this.#controls.follow.checked) this.#follow();
    else if (!byHand) this.#controls.here.hidden = true;
    else if (stands !== this.#stood) this.#controls.here.hidden = false;
    this.#stood = stands;
  }

  /** The same search in what the map shows. Moves that follow each other are one step of the browser's history. */
  async #search({ following = false } = {}) {
    this.#sent = frameOf(this.#view.map.getBounds());
    const url = this.#place.dataset.here + this.#sent;
    const again = following && location.href === this.#step;
    if (again) history.replaceState(null, "", url);
    await this.#swap(url, { remember: !again });
    this.#step = following ? location.href : "";
  }

  /** A supplier and its place, each when it is pointed at on the other side; where it is, when it stands in a cluster. */
  #light(id) {
    if (id === this.#lit || !this.#view.map) return;
    this.#lit = id;
    this.#spot?.remove();
    for (const one of document.querySelectorAll(".lit")) one.classList.remove("lit");
    if (!id) return;
    const named = `[data-id="${CSS.escape(id)}"]`;
    const [listed, pin] = [document.querySelector(`.results > ${named}`), this.#view.canvas.querySelector(`.pin${named}`)];
    for (const one of [listed, pin]) one?.classList.add("lit");
    if (!pin && listed?.dataset.point) this.#spot = this.#mark("spot", numbersOf(listed.dataset.point), 500).addTo(this.#view.map);
  }

  #card(hit) {
    const href = new URL(hit.url, ROOT);
    if (lang === "en") href.searchParams.set("lang", lang);
    const made = card({ hit: this.#measured(hit), level: 3, t: text, href: href.href });
    made.append(h("button", { type: "button", class: "button quiet keep", "data-keep": hit.id, "data-name": hit.display_name, hidden: true }, h("span")), this.#controls.close);
    return made;
  }

  /** With its distance from where the search looks around, rounded as the list rounds it. */
  #measured(hit) {
    const { centre } = this.#place.dataset;
    if (!centre || !hit.location) return hit;
    const km = this.#view.map.distance(numbersOf(centre), [hit.location.lat, hit.location.lon]) / 1000;
    const shown = new Intl.NumberFormat(lang, { maximumFractionDigits: km < 10 ? 1 : 0 }).format(km);
    return { ...hit, distance_km: km, why: [text("away", { label: `${shown} km` })] };
  }

  /** The focus goes back to the pin. */
  #close() {
    const pin = this.#view.canvas.querySelector(".pin[aria-pressed=true]");
    fill(this.#view.detail);
    pin?.setAttribute("aria-pressed", "false");
    (pin || this.#view.canvas).focus({ preventScroll: true });
  }
}
