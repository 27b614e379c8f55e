// Small panels over the page, each a `<details>` with a `.popover` in it: Escape, a click elsewhere or another panel closes
// them; Escape closes the filters that cover a telephone too.

export function startPopovers() {
  const opened = () => [...document.querySelectorAll("details[open]:has(> .popover)")];
  document.addEventListener("click", (event) => {
    for (const panel of opened()) if (!panel.contains(event.target)) panel.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const drawer = document.getElementById("show-filters");
    if (drawer) drawer.checked = false;
    for (const panel of opened()) {
      panel.open = false;
      if (panel.contains(document.activeElement)) panel.querySelector("summary").focus();
    }
  });
}
