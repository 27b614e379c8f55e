// Small services of forms and buttons.

export function startForms() {
  const print = document.getElementById("print");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
  // A choice that applies at once; without scripts a button does.
  document.addEventListener("change", ({ target }) => { if (target.matches("select[data-at-once]")) target.form.requestSubmit(); });
  // Empty fields say nothing: they stay out of the address that people share.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "get") return;
    for (const field of event.target.elements) if (field.name && !field.value.trim()) field.disabled = true;
  });
  addEventListener("pageshow", () => { for (const field of document.getElementById("search")?.elements || []) field.disabled = false; });
}
