// Small panels over the page, each a `<details class="change">`: Escape, a click elsewhere or another panel closes them.

export function startPopovers() {
  const opened = () => [...document.querySelectorAll("details.change[open]")];
  document.addEventListener("click", (event) => {
    for (const panel of opened()) if (!panel.contains(event.target)) panel.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    for (const panel of opened()) {
      panel.open = false;
      if (panel.contains(document.activeElement)) panel.querySelector("summary").focus();
    }
  });
}
