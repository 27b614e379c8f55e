// The map: clusters of all that was found, counted by the service as the map moves. Leaflet comes when it is asked for.

import { fill, h, sheet } from "./dom.js";
import { Sequencer, debounced } from "./pace.js";
import { request } from "./request.js";

/** Milliseconds after the last move before the pins are asked for. */
const PAUSE = 120;
const FIRST_ZOOM = 5;
const CLOSEST = 15;
const FRANCE = [[41.3, -5.2], [51.1, 9.6]];
/** Moves to try, nearest first: none, then twelve directions at each distance. */
const AROUND = [{ x: 0, y: 0 }, ...Array.from({ length: 120 }, (_, index) => {
  const [angle, distance] = [(index % 12) * Math.PI / 6, 8 * (1 + Math.floor(index / 12))];
  return { x: Math.round(distance * Math.cos(angle)), y: Math.round(distance * Math.sin(angle)) };
})];
let loaded;

const file = (name) => new URL(name, import.meta.url).href;
const json = async (name) => (await fetch(file(name))).json();

/** Leaflet, its style, and what the map is drawn on: once for all maps of a page. */
function load() {
  loaded ||= Promise.all([
    import(file("leaflet.js")).then((module) => module.default),
    fetch(file("leaflet.css")).then((answer) => answer.text()).then(sheet),
    json("base.json"),
    import(file("ground.js")),
  ]);
  loaded.catch(() => { loaded = undefined; }); // the next one tries again
  return loaded;
}

export class MapView {
  #turns = new Sequencer();
  #draw = debounced(() => this.#ask(), PAUSE);
  #pins = new Map();
  #asked = "";
  #fitting = false;
  #frame = "";
  #starting;
  #avoid;
  /** Leaflet and its map, once they are there. */
  leaflet;
  map;

  /**
   * `place`: where to stand. `source`: the search: `address(endpoint, more)` and `profile(id)` are addresses of the API,
   * `results()` the hits at hand, `card(hit)` how one is shown, `frame()` what to show first, [[south, west], [north,
   * east]], or nothing: all that was found; `moved(byHand)` is told, if it wants to be; so are `placed()` of new pins,
   * `opened()` of a card.
   */
  constructor({ place, source, t, number }) {
    Object.assign(this, { place, source, t, number });
    const zoom = (name, text, by) => h("button", { type: "button", "aria-label": t(name), title: t(name), onclick: () => this.map?.zoomIn(by) }, text);
    this.canvas = h("div", { class: "canvas", role: "region", "aria-label": t("map_label"), "aria-describedby": "s-map-hint" });
    this.note = h("p", { class: "note", role: "status" }, t("map_loading"));
    this.detail = h("ul", { class: "detail", "aria-live": "polite" });
    place.append(
      h("div", { class: "map", part: "map" }, this.canvas, h("div", { class: "zoom" }, zoom("zoom_in", "+", 1), zoom("zoom_out", "−", -1))),
      h("p", { class: "small", id: "s-map-hint" }, t("map_hint")), this.note, this.detail);
  }

  /** Show what was found. The map moves with a new question, or a new frame, unless it is to `stay`. */
  async show({ stay = false } = {}) {
    try {
      await (this.#starting ||= this.#start());
    } catch {
      this.#starting = undefined;
      this.#say(this.t("map_failed"));
      return;
    }
    this.map?.invalidateSize();
    const [asked, frame] = [this.source.address("map"), this.source.frame?.()];
    if (asked === this.#asked && String(frame) === this.#frame) return;
    if (asked !== this.#asked) fill(this.detail);
    [this.#asked, this.#frame] = [asked, String(frame)];
    if (frame && !stay) this.#move(frame); // having moved, it asks
    else await this.#ask({ fit: !stay });
  }

  remove() {
    this.#draw.cancel();
    this.#turns.cancel();
    this.map?.remove();
    this.map = undefined;
  }

  async #start() {
    const [leaflet, style, base, { drawGround }] = await load();
    const root = this.place.getRootNode();
    if (!root.adoptedStyleSheets.includes(style)) root.adoptedStyleSheets = [style, ...root.adoptedStyleSheets];
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    // What Leaflet would write as HTML (its controls) is ours; the wheel belongs to the page around.
    this.map = leaflet.map(this.canvas, {
      zoomControl: false, attributionControl: false, scrollWheelZoom: false, minZoom: 3, maxZoom: CLOSEST,
      zoomSnap: 0.25, zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, inertia: !still,
    });
    this.leaflet = leaflet;
    const colour = (name) => getComputedStyle(this.place).getPropertyValue(name).trim();
    this.#avoid = drawGround(leaflet, this.map, { base, tile: (name) => json(`communes-${name}.json`), colour, names: !this.source.tiled?.() });
    this.map.fitBounds(FRANCE);
    this.map.on("moveend", () => { this.#draw(); this.source.moved?.(!this.#fitting); });
  }

  /** `fit`: of everything found, then moved to it; otherwise of what the map shows. */
  async #ask({ fit = false } = {}) {
    if (!this.map) return;
    const turn = this.#turns.next();
    const frame = fit ? { zoom: FIRST_ZOOM } : { zoom: Math.floor(this.map.getZoom()), bbox: frameOf(this.map.getBounds().pad(0.1)) };
    try {
      const found = await request(this.source.address("map", frame), { signal: turn.signal });
      if (turn.late()) return;
      this.#place(found.features);
      if (fit && found.features.length) this.#fit(found.features);
      this.#say(this.#counted(found));
    } catch (problem) {
      if (!turn.late()) this.#say(this.t("map_failed"));
    }
  }

  /** Around everything; around the mainland when something is there, or the Indian Ocean would make it tiny. */
  #fit(features) {
    const mainland = this.leaflet.latLngBounds(FRANCE);
    const all = features.flatMap(corners);
    const near = all.filter((one) => mainland.contains(one));
    this.#move(this.leaflet.latLngBounds(near.length ? near : all));
    this.#draw();
  }

  #move(bounds) {
    this.#fitting = true;
    this.map?.fitBounds(bounds, { maxZoom: 11, animate: false, padding: [28, 28] }); // a pin's own size, and a little
    this.#fitting = false;
  }

  /** Those in view, and those that it can't show: nobody is lost between the list and the map. */
  #counted({ features, total, unlocated }) {
    const view = this.map.getBounds();
    const seen = features.filter((one) => view.contains(point(one))).reduce((sum, { properties }) => sum + (properties.count || 1), 0);
    if (!total.value) return this.t("empty"); // the nearest may be shown: not "none on this map"
    const counted = [[seen > 1 ? "on_map_many" : seen ? "on_map_one" : "on_map_none", seen], ["outside", total.value - unlocated - seen], ["unlocated", unlocated]];
    return counted.filter(([, count], at) => count || !at).map(([code, count]) => this.t(code, { count: this.number(count) })).join(" · ");
  }

  /** Pins that stay are left alone: the focus may be on one. */
  #place(features) {
    const next = new Map(features.map((feature) => [keyOf(feature), feature]));
    for (const [key, pin] of this.#pins) {
      if (next.has(key)) next.delete(key);
      else { pin.remove(); this.#pins.delete(key); }
    }
    for (const [key, feature] of next) this.#pins.set(key, this.#pin(feature));
    this.source.placed?.();
    this.#spread();
  }

  /** Pins that would cover each other stand side by side: each can be seen, and touched. */
  #spread() {
    const buttons = [...this.#pins.values()].map((pin) => pin.getElement().firstElementChild);
    const places = [...this.#pins.values()].map((pin, at) => ({ ...xy(this.map.latLngToLayerPoint(pin.getLatLng())), radius: (buttons[at].offsetWidth + 1) / 2 }));
    for (const [at, { x, y }] of spread(places).entries()) buttons[at].style.translate = `calc(-50% + ${x}px) calc(-50% + ${y}px)`;
    this.#avoid(buttons);
  }

  #pin(feature) {
    const button = feature.properties.type === "cluster" ? this.#cluster(feature) : this.#supplier(feature);
    this.leaflet.DomEvent.disableClickPropagation(button);
    const icon = this.leaflet.divIcon({ html: button, className: "", iconSize: [0, 0] });
    return this.leaflet.marker(point(feature), { icon, keyboard: false, interactive: false }).addTo(this.map);
  }

  #cluster({ properties: { count, bounds: [west, south, east, north] } }) {
    const size = 2 + Math.min(1.5, Math.log10(count) * 0.6);
    const label = this.t("cluster", { count: this.number(count) });
    const pin = h("button", { type: "button", class: "pin", part: "cluster", "aria-label": label, title: label, onclick: () => {
      this.map.fitBounds([[south, west], [north, east]], { maxZoom: CLOSEST, padding: [24, 24] });
      this.canvas.focus({ preventScroll: true }); // the pin is about to be another one
    } }, this.number(count));
    pin.style.width = pin.style.height = `${size}em`;
    return pin;
  }

  #supplier({ id, properties: { display_name: name, kind, kind_group: group, city } }) {
    const label = [name, kind, city].filter(Boolean).join(", ");
    const pin = h("button", { type: "button", class: "pin one " + group, part: "pin", "aria-label": label, title: label, "aria-pressed": "false", "data-id": id, onclick: () => this.#open(id, pin) });
    return pin;
  }

  /** One supplier below the map: as in the list when it is there, else as its profile tells. */
  async #open(id, pin) {
    for (const one of this.canvas.querySelectorAll(".pin.one")) one.setAttribute("aria-pressed", String(one === pin));
    const listed = this.source.results().find((one) => one.id === id);
    const turn = this.#turns.next();
    try {
      const hit = listed || profileAsHit(await request(this.source.profile(id), { signal: turn.signal }));
      if (turn.late()) return;
      fill(this.detail, this.source.card(hit));
      this.source.opened?.();
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

/** Where a supplier is; south-west and north-east of a cluster's suppliers. */
const corners = (feature) => {
  const [west, south, east, north] = feature.properties.bounds || [];
  return north === undefined ? [point(feature)] : [[south, west], [north, east]];
};

const point = ({ geometry: { coordinates: [lon, lat] } }) => [lat, lon];

/** The same pin at the same place is the same. */
const keyOf = ({ id, properties, geometry }) => [id ?? properties.count, ...geometry.coordinates].join(" ");

const xy = ({ x, y }) => ({ x, y });

/**
 * Circles {x, y, radius} in pixels → how far to move each, {x, y}, so that none covers another: the largest stay, the
 * others take the nearest free place around, boxes and all, as fingers are no finer. Where there is none, they stay too.
 */
export function spread(circles) {
  const moved = circles.map(() => ({ x: 0, y: 0 }));
  const placed = [];
  const free = ({ x, y, radius }) => placed.every((one) => Math.max(Math.abs(one.x - x), Math.abs(one.y - y)) >= one.radius + radius);
  for (const at of circles.map((_, index) => index).sort((one, other) => circles[other].radius - circles[one].radius)) {
    const { x, y, radius } = circles[at];
    moved[at] = AROUND.find((move) => free({ x: x + move.x, y: y + move.y, radius })) || moved[at];
    placed.push({ x: x + moved[at].x, y: y + moved[at].y, radius });
  }
  return moved;
}

/** A view as the API takes it, "west,south,east,north": within the world, of which a map seen from far shows more. */
export function frameOf(bounds) {
  const [west, south, east, north] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((edge) => Number(edge.toFixed(4)));
  return [Math.max(west, -180), Math.max(south, -90), Math.min(east, 180), Math.min(north, 90)].join(",");
}

/** A profile with what only a search knows left open. */
function profileAsHit(profile) {
  const sectors = profile.activities.map((one) => ({ slug: one.sector, label: one.label, matched: false }));
  return { ...profile, sectors, distance_km: null, why: [], highlights: {} };
}
