// "Around me": the browser is asked where it is, once, when somebody presses the button. About a kilometre is enough, and
// is all that the address tells those whom it is sent to.

import { hideTrouble, showTrouble } from "./trouble.js";

const DECIMALS = 2;
const PATIENCE = { timeout: 10_000, maximumAge: 300_000 };
/** The browser's code of "not allowed". */
const REFUSED = 1;

/** `go(url)`: where the search continues. */
export function startLocating(go) {
  const bind = () => bindLocate(go);
  document.addEventListener("page:swapped", bind);
  bind();
}

function bindLocate(go) {
  const button = document.getElementById("locate");
  if (!button || !navigator.geolocation) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    button.setAttribute("aria-busy", "true");
    const done = () => button.removeAttribute("aria-busy");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { done(); hideTrouble(); go(aroundHere(button.form, coords)); },
      ({ code }) => { done(); showTrouble(code === REFUSED ? "refused" : "nowhere"); },
      PATIENCE,
    );
  });
}

/** The form's address, with the point in the place of the town. */
function aroundHere(form, { latitude, longitude }) {
  const given = [...new FormData(form)].filter(([name, value]) => value.trim() && name !== "near");
  const point = [["lat", latitude.toFixed(DECIMALS)], ["lon", longitude.toFixed(DECIMALS)]];
  return `${form.action}?${new URLSearchParams([...given, ...point])}`;
}
