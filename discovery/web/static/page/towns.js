// Names to know one's way by on the bare outlines: the most populous towns in sight, as far as they leave each other room.

/** Pixels of width and height that a name takes for itself. */
const ROOM = [130, 44];
const MOST_NAMES = 24;

/** `url`: of [name, latitude, longitude] of towns, most populous first. A map without names is a map still. */
export async function nameTowns(leaflet, map, url) {
  const towns = await fetch(url).then((answer) => answer.json()).catch(() => []);
  map.createPane("names").style.zIndex = 300;
  const names = leaflet.layerGroup().addTo(map);
  const draw = () => {
    names.clearLayers();
    for (const town of roomy(seen(map, towns))) names.addLayer(nameAt(leaflet, town));
  };
  map.on("moveend", draw);
  draw();
}

function seen(map, towns) {
  const [bounds, { x: wide }] = [map.getBounds(), map.getSize()];
  return towns.filter(([, lat, lon]) => bounds.contains([lat, lon]))
    .map(([name, lat, lon]) => ({ name, at: [lat, lon], ...map.latLngToContainerPoint([lat, lon]) }))
    .map((town) => ({ ...town, leftwards: town.x > wide - ROOM[0] }));
}

/** {name, x, y}, most wanted first → those that write over none before them. */
export function roomy(towns) {
  const shown = [];
  for (const town of towns) {
    if (shown.length === MOST_NAMES) break;
    if (shown.every((one) => Math.abs(one.x - town.x) > ROOM[0] || Math.abs(one.y - town.y) > ROOM[1])) shown.push(town);
  }
  return shown;
}

/** Near the right edge a name stands on the left of its dot: the largest towns of the east have one too. */
function nameAt(leaflet, { name, at, leftwards }) {
  const html = document.createElement("span");
  html.className = leftwards ? "town-name leftwards" : "town-name";
  html.textContent = name;
  html.ariaHidden = "true";
  return leaflet.marker(at, { icon: leaflet.divIcon({ html, className: "", iconSize: [0, 0] }), pane: "names", keyboard: false, interactive: false });
}
