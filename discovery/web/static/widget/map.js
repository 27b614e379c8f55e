// The map: clusters of all that was found, counted by the service as the map moves. Leaflet comes when it is asked for.

import { fill, h, sheet } from "./dom.js";
import { Sequencer, debounced } from "./pace.js";
import { request } from "./request.js";

/** Milliseconds after the last move before the pins are asked for. */
const PAUSE = 120;
const FIRST_ZOOM = 5;
const CLOSEST = 15;
const FRANCE = [[41.3, -5.2], [51.1, 9.6]];
let loaded;

/** Leaflet, its style, and the departments that the map is drawn on: once for all maps of a page. */
function load() {
  const file = (name) => new URL(name, import.meta.url).href;
  loaded ||= Promise.all([
    import(file("leaflet.js")).then((module) => module.default),
    fetch(file("leaflet.css")).then((answer) => answer.text()).then(sheet),
    fetch(file("departments.json")).then((answer) => answer.json()),
  ]);
  loaded.catch(() => { loaded = undefined; }); // the next one tries again
  return loaded;
}

export class MapView {
  #turns = new Sequencer();
  #draw = debounced(() => this.#ask(), PAUSE);
  #pins = new Map();
  #map;
  #leaflet;
  #shown = "";
  #starting;

  /** `place`: where to stand. `card(hit)`: how one supplier is shown. */
  constructor({ place, driver, card, t, number }) {
    Object.assign(this, { place, driver, card, t, number });
    const zoom = (name, text, by) => h("button", { type: "button", "aria-label": t(name), title: t(name), onclick: () => this.#map?.zoomIn(by) }, text);
    this.canvas = h("div", { class: "canvas", role: "region", "aria-label": t("map_label"), "aria-describedby": "s-map-hint" });
    this.note = h("p", { class: "note", role: "status" }, t("map_loading"));
    this.detail = h("ul", { class: "detail", "aria-live": "polite" });
    place.append(
      h("div", { class: "map", part: "map" }, this.canvas, h("div", { class: "zoom" }, zoom("zoom_in", "+", 1), zoom("zoom_out", "−", -1))),
      h("p", { class: "small", id: "s-map-hint" }, t("map_hint")), this.note, this.detail);
  }

  /** Show what the driver found; the frame of the map follows a new question. */
  async show() {
    try {
      await (this.#starting ||= this.#start());
    } catch {
      this.#starting = undefined;
      this.#say(this.t("map_failed"));
      return;
    }
    this.#map?.invalidateSize();
    const asked = this.driver.address("map");
    if (asked === this.#shown) return;
    this.#shown = asked;
    fill(this.detail);
    await this.#ask({ fit: true });
  }

  remove() {
    this.#draw.cancel();
    this.#turns.cancel();
    this.#map?.remove();
    this.#map = undefined;
  }

  async #start() {
    const [leaflet, style, departments] = await load();
    const root = this.place.getRootNode();
    if (!root.adoptedStyleSheets.includes(style)) root.adoptedStyleSheets = [style, ...root.adoptedStyleSheets];
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    // What Leaflet would write as HTML (its controls) is ours; the wheel belongs to the page around.
    this.#map = leaflet.map(this.canvas, {
      zoomControl: false, attributionControl: false, scrollWheelZoom: false, minZoom: 3, maxZoom: CLOSEST,
      zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, inertia: !still,
    });
    this.#leaflet = leaflet;
    const colour = (name) => getComputedStyle(this.place).getPropertyValue(name).trim();
    leaflet.geoJSON(departments, {
      interactive: false, renderer: leaflet.canvas({ padding: 0.5 }),
      style: { color: colour("--edge"), weight: 1, opacity: 0.6, fillColor: colour("--paper"), fillOpacity: 1 },
    }).addTo(this.#map);
    this.#map.fitBounds(FRANCE);
    this.#map.on("moveend", () => this.#draw());
  }

  /** `fit`: of everything found, then moved to it; otherwise of what the map shows. */
  async #ask({ fit = false } = {}) {
    if (!this.#map) return;
    const turn = this.#turns.next();
    const bounds = this.#map.getBounds().pad(0.1);
    const edge = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((one) => one.toFixed(4));
    const frame = fit ? { zoom: FIRST_ZOOM } : { zoom: Math.round(this.#map.getZoom()), bbox: clamped(edge) };
    try {
      const found = await request(this.driver.address("map", frame), { signal: turn.signal });
      if (turn.late()) return;
      if (fit && found.features.length) this.#fit(found.features);
      else this.#place(found.features);
      this.#say("");
    } catch (problem) {
      if (!turn.late()) this.#say(this.t("map_failed"));
    }
  }

  #fit(features) {
    const bounds = this.#leaflet.latLngBounds(features.map(point));
    this.#place(features);
    this.#map.fitBounds(bounds.pad(0.08), { maxZoom: 11, animate: false });
    this.#draw();
  }

  /** Pins that stay are left alone: the focus may be on one. */
  #place(features) {
    const next = new Map(features.map((feature) => [keyOf(feature), feature]));
    for (const [key, pin] of this.#pins) {
      if (next.has(key)) next.delete(key);
      else { pin.remove(); this.#pins.delete(key); }
    }
    for (const [key, feature] of next) this.#pins.set(key, this.#pin(feature));
  }

  #pin(feature) {
    const { count } = feature.properties;
    const button = count > 1 ? this.#cluster(feature, count) : this.#supplier(feature);
    this.#leaflet.DomEvent.disableClickPropagation(button);
    const icon = this.#leaflet.divIcon({ html: button, className: "", iconSize: [0, 0] });
    return this.#leaflet.marker(point(feature), { icon, keyboard: false, interactive: false }).addTo(this.#map);
  }

  #cluster(feature, count) {
    const size = 2 + Math.min(1.5, Math.log10(count) * 0.6);
    const label = this.t("cluster", { count: this.number(count) });
    const pin = h("button", { type: "button", class: "pin", part: "cluster", "aria-label": label, title: label, onclick: () => {
      this.#map.setView(point(feature), Math.min(CLOSEST, this.#map.getZoom() + 2));
      this.canvas.focus({ preventScroll: true }); // the pin is about to be another one
    } }, this.number(count));
    pin.style.width = pin.style.height = `${size}em`;
    return pin;
  }

  #supplier({ properties }) {
    const pin = h("button", { type: "button", class: "pin one", part: "pin", "aria-label": properties.name, title: properties.name, "aria-pressed": "false", onclick: () => this.#open(properties, pin) });
    return pin;
  }

  /** One supplier below the map: as in the list when it is there, else as its profile tells. */
  async #open(properties, pin) {
    for (const one of this.canvas.querySelectorAll(".pin.one")) one.setAttribute("aria-pressed", String(one === pin));
    const listed = this.driver.state.results.find((one) => one.id === properties.id);
    const turn = this.#turns.next();
    try {
      const hit = listed || profileAsHit(await request(this.driver.profile(properties.id), { signal: turn.signal }));
      if (turn.late()) return;
      fill(this.detail, this.card(hit));
      this.detail.querySelector("a").focus({ preventScroll: true });
      this.detail.scrollIntoView({ block: "nearest" });
    } catch {
      if (!turn.late()) this.#say(this.t("map_failed"));
    }
  }

  #say(text) {
    this.note.textContent = text;
    this.note.hidden = !text;
  }
}

const point = ({ geometry: { coordinates: [lon, lat] } }) => [lat, lon];

/** The same pin at the same place is the same. */
const keyOf = ({ id, properties, geometry }) => [id ?? properties.id ?? "", properties.count ?? 1, ...geometry.coordinates].join(" ");

/** Edges within the world: a map seen from far shows more than it. */
function clamped([west, south, east, north]) {
  return [Math.max(west, -180), Math.max(south, -90), Math.min(east, 180), Math.min(north, 90)].join(",");
}

/** A profile with what only a search knows left open. */
function profileAsHit(profile) {
  const sectors = profile.activities.map((one) => ({ slug: one.sector, label: one.label, matched: false }));
  return { ...profile, sectors, distance_km: null, why: [], highlights: {} };
}
