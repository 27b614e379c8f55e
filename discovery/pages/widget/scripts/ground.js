// What a map is drawn on: land, waters, departments; from near, communes too, a tile at a time. Names by their size, as
// far as they leave each other room.

const PER_DEGREE = 1000;
/** Degrees of a tile. */
const TILE = 0.5;
/** Zoom from which communes are drawn, in place of departments, and of rivers, which are too coarse then. */
const NEAR = 11;
/** Pixels between pins that stand together. */
const CLOSE = 4;
/** A name for so many pixels of the map, at most. */
const ROOM = 16_000;
const RIVER = "#9dc3d8";
const CSS = `
.town, .town-name { position: absolute; }
.town:not(.bare)::before { content: ""; position: absolute; inset: -2px auto auto -2px; width: 4px; height: 4px; border-radius: 4px; background: var(--quiet); }
.town-name { font-family: system-ui, sans-serif; line-height: 1; color: var(--quiet); white-space: nowrap; text-shadow: 0 0 3px var(--paper), 0 0 3px var(--paper), 0 0 2px var(--paper); }
`;

/**
 * `base`: the file of that name; `tile(name)` promises one of communes; `colour(name)` is a custom property's value; no `names`
 * where something else, drawn over it, has its own. Returns `avoid(elements)`: what stands on the map. */
export function drawGround(leaflet, map, { base, tile, colour, names: named }) {
  const pane = (name, level) => { map.createPane(name).style.zIndex = level; };
  dress(map.getContainer().getRootNode());
  pane("ground", 150); // below tiles, should there be some
  pane("names", 300);
  const renderer = leaflet.canvas({ padding: 0.5, pane: "ground" });
  const shared = { interactive: false, renderer };
  const line = (lines, style) => leaflet.polyline(lines.map(points), { ...shared, ...style });
  const area = (rings, style) => leaflet.polygon(rings.map((ring) => [points(ring)]), { ...shared, stroke: false, fillOpacity: 1, ...style });
  const [paper, sea, edge] = ["--paper", "--sea", "--edge"].map(colour);
  const [river, border] = [colour("--river") || RIVER, colour("--border") || colour("--line")];
  area(base.land, { fillColor: paper, fillOpacity: 0.5, stroke: true, color: edge, weight: 0.5 }).addTo(map);
  area(base.country, { fillColor: paper, stroke: true, color: edge, weight: 0.9 }).addTo(map);
  area(base.lakes, { fillColor: sea }).addTo(map);
  const far = leaflet.layerGroup([line(base.rivers, { color: river, weight: 1.1 }), line(base.borders, { color: edge, weight: 0.5 })]).addTo(map);
  const near = leaflet.layerGroup();
  const held = new Map();
  const names = leaflet.layerGroup().addTo(map);
  const there = new Set(base.tiles);
  let taken = [];

  /** Tiles in sight that are there already; the others are on their way, and drawn when they come. */
  const seen = () => {
    const found = [];
    for (const name of inSight(map.getBounds()).filter((one) => there.has(one))) {
      if (!held.has(name)) {
        held.set(name, undefined);
        tile(name).then((one) => {
          const drawn = [line(one.communes, { color: border, weight: 0.6 }), line(one.edges, { color: edge, weight: 1.1 })];
          held.set(name, one.names);
          for (const layer of drawn) near.addLayer(layer);
          draw();
        }, () => held.delete(name)); // a move asks again
      }
      found.push(...held.get(name) || []);
    }
    return found;
  };
  const draw = () => {
    const close = map.getZoom() >= NEAR;
    (close ? near : far).addTo(map);
    (close ? far : near).remove();
    const known = close ? [...seen(), ...base.towns] : base.towns;
    if (!named) return;
    names.clearLayers();
    for (const one of roomy(placed(map, known), map.getSize(), taken)) names.addLayer(nameAt(leaflet, one));
  };
  map.on("movestart", () => { taken = []; });
  map.on("moveend", draw);
  return (elements) => {
    const { left, top } = map.getContainer().getBoundingClientRect();
    taken = elements.map((one) => one.getBoundingClientRect()).map((box) => ({ left: box.left - left, right: box.right - left, top: box.top - top, bottom: box.bottom - top }));
    draw();
  };
}

function dress(root) {
  const style = new CSSStyleSheet();
  style.replaceSync(CSS);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, style];
}

/** Numbers as the base writes them → [latitude, longitude]. */
export function points(numbers) {
  let [x, y] = [0, 0];
  const found = [];
  for (let at = 0; at < numbers.length; at += 2) {
    [x, y] = [x + numbers[at], y + numbers[at + 1]];
    found.push([y / PER_DEGREE, x / PER_DEGREE]);
  }
  return found;
}

function inSight(bounds) {
  const found = [];
  const last = (degrees) => Math.floor(degrees / TILE);
  for (let x = last(bounds.getWest()); x <= last(bounds.getEast()); x += 1) {
    for (let y = last(bounds.getSouth()); y <= last(bounds.getNorth()); y += 1) found.push(`${x}_${y}`);
  }
  return found;
}

/** Names in sight, each once, the most populous first, with their pixels. */
function placed(map, known) {
  const bounds = map.getBounds();
  const found = new Map(known.map((one) => [one.slice(0, 3).join(), one]));
  return [...found.values()].sort((one, other) => other[3] - one[3])
    .map(([name, lon, lat, people]) => ({ name, at: [lat / PER_DEGREE, lon / PER_DEGREE], people }))
    .filter(({ at }) => bounds.contains(at))
    .map((one) => ({ ...one, ...map.latLngToContainerPoint(one.at), size: sizeOf(one.people) }));
}

const sizeOf = (people) => (people >= 150_000 ? 14 : people >= 20_000 ? 12.5 : 11.5);

let ruler;

/** Pixels that a name is wide. */
function widthOf({ name, size }) {
  ruler ||= document.createElement("canvas").getContext("2d");
  ruler.font = `600 ${size}px system-ui, sans-serif`;
  return ruler.measureText(name).width;
}

/**
 * {name, x, y, size}, most wanted first → those that write over none before them, over nothing that is `taken`, and over
 * no edge, with the `box` of their text: beside their dot, or beside what covers it, or all that stands close to that,
 * then without one (`bare`).
 */
export function roomy(wanted, { x: wide, y: high }, taken = [], measure = widthOf) {
  const most = Math.max(6, Math.round(wide * high / ROOM));
  const [shown, boxes, covers] = [[], [...taken], [...taken]];
  const free = (box) => box.left >= 0 && box.right <= wide && box.top >= 0 && box.bottom <= high && !boxes.some((other) => meet(box, other));
  for (const one of wanted) {
    if (shown.length === most) break;
    const cover = covers.find((box) => holds(box, one));
    const hidden = !cover && taken.some((box) => holds(box, one));
    const width = measure(one);
    const box = hidden ? undefined : beside(one, cover, width).find(free) || cover && beside(one, around(cover, taken), width).find(free);
    if (!box) continue;
    if (cover) covers.splice(covers.indexOf(cover), 1); // a second name beside it would stand for the first
    boxes.push(box, { left: one.x - 3, right: one.x + 3, top: one.y - 3, bottom: one.y + 3 });
    shown.push({ ...one, box, bare: Boolean(cover) });
  }
  return shown;
}

/** Places for a name, best first: on the right of its dot or of what covers it, on the left, below, above. */
function beside({ x, y, size }, cover, width) {
  const half = size * 0.7;
  const at = (left, middle) => ({ left, right: left + width, top: middle - half, bottom: middle + half });
  const { left, right, top, bottom } = cover || { left: x - 4, right: x + 4, top: y - 4, bottom: y + 4 };
  const centre = (left + right - width) / 2;
  return [at(right + 2, y), at(left - 2 - width, y), at(centre, bottom + half), at(centre, top - half)];
}

/** The box of a pin and of those that stand by it, one after the other. */
function around(cover, taken) {
  let [whole, size] = [cover, 0];
  for (let close = [cover]; close.length > size;) {
    size = close.length;
    const { left, right, top, bottom } = whole;
    const reach = { left: left - CLOSE, right: right + CLOSE, top: top - CLOSE, bottom: bottom + CLOSE };
    close = taken.filter((one) => meet(one, reach));
    whole = { left: Math.min(...close.map((one) => one.left)), right: Math.max(...close.map((one) => one.right)), top: Math.min(...close.map((one) => one.top)), bottom: Math.max(...close.map((one) => one.bottom)) };
  }
  return whole;
}

const holds = ({ left, right, top, bottom }, { x, y }) => left < x && x < right && top < y && y < bottom;
const meet = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

function nameAt(leaflet, { name, at, x, y, box, bare, size }) {
  const [html, text] = ["town", "town-name"].map((one) => Object.assign(document.createElement("span"), { className: one }));
  if (bare) html.className = "town bare";
  Object.assign(text.style, { fontSize: `${size}px`, fontWeight: size > 12 ? 600 : 400, translate: `${box.left - x}px calc(-50% + ${(box.top + box.bottom) / 2 - y}px)` });
  text.textContent = name;
  html.append(text);
  html.ariaHidden = "true";
  return leaflet.marker(at, { icon: leaflet.divIcon({ html, className: "", iconSize: [0, 0] }), pane: "names", keyboard: false, interactive: false });
}
