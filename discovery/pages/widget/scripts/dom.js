// Elements without HTML strings: nothing to escape, nothing that a policy of Trusted Types would refuse.

const PROPERTIES = new Set(["checked", "value", "disabled", "hidden"]);
const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'" };

/** An element: `given` put on it, and its content, of which null and false are left out. */
export function h(tag, given = {}, ...children) {
  const made = put(document.createElement(tag), given);
  made.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== false && one !== ""));
  return made;
}

/** `onclick`… are listeners, null and false are left out, the rest are attributes. */
export function put(element, given) {
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (PROPERTIES.has(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  return element;
}

/** Another content, with the focus where it was: on the element of the same `data-at`. False when it was lost. */
export function fill(parent, ...children) {
  const focused = parent.getRootNode().activeElement;
  const at = focused && parent.contains(focused) ? focused.dataset.at || "?" : null;
  parent.replaceChildren(...children.flat().filter(Boolean));
  if (at === null) return true;
  const same = [...parent.querySelectorAll("[data-at]")].find((one) => one.dataset.at === at);
  same?.focus({ preventScroll: true });
  return Boolean(same);
}

/** The API's highlights (escaped but for <mark>) as text and <mark> elements. */
export function marked(text) {
  return text.split(/(<mark>.*?<\/mark>)/s).filter(Boolean).map((part) => {
    const found = /^<mark>(.*)<\/mark>$/s.exec(part);
    return found ? h("mark", {}, plain(found[1])) : plain(part);
  });
}

function plain(text) {
  return text.replace(/&(?:amp|lt|gt|quot|#x27);/g, (one) => ENTITIES[one]);
}

/** A style sheet for a shadow root: made by script, so that no policy on inline styles stands against it. */
export function sheet(css) {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}
