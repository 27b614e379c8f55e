// The map comes with all that it needs when it is first opened: the list is there before it, and without it.

import { swap } from "./swap.js";

let panel;
let coming;

export function startMap() {
  document.addEventListener("page:swapped", showMap);
  showMap();
}

/** At once when the panel is there, so that what has the focus in the map keeps it. */
function showMap() {
  if (panel) panel.show();
  else if (document.getElementById("map")) coming ||= bringPanel();
}

async function bringPanel() {
  try {
    const { MapPanel } = await import(new URL("./map-panel.js", import.meta.url).href);
    panel = new MapPanel(swap);
    panel.show();
  } catch {
    coming = undefined; // the still map stays; another page tries again
  }
}
