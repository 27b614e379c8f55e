// The page is complete without this file: it only spares the "apply" button.
"use strict";
const form = document.getElementById("search");
const drawer = document.querySelector(".drawer");
if (form) {
  document.documentElement.classList.add("enhanced");
  // Empty fields say nothing: leave them out of the address that people share.
  form.addEventListener("submit", () => {
    for (const field of form.elements) {
      const defaults = { sort: "relevance", coverage: "", national: "include" };
      if (field.name && (field.value === "" || field.value === defaults[field.name])) field.disabled = true;
    }
  });
  window.addEventListener("pageshow", () => {
    for (const field of form.elements) field.disabled = false;
  });
  document.addEventListener("change", (event) => {
    if (event.target.form === form && event.target.matches("select, [type=checkbox], [type=radio]")) form.requestSubmit();
  });
}
if (drawer && window.matchMedia("(max-width: 50rem)").matches) drawer.open = false;
