// The workbench works without this file, a page at a time. With it, sliders say their value, unmoved numbers stay out of
// the address, and what the judged queries make of a change is shown as it is made.
"use strict";
(() => {
  const form = document.querySelector("form.bench");
  const sliders = [...form.querySelectorAll("input[type=range]")];
  const shown = document.getElementById("judged");
  let latest = 0;
  let timer;

  const moved = (slider) => Math.abs(slider.value - slider.dataset.file) > 1e-9;

  function query() {
    const held = new FormData(form);
    for (const slider of sliders) if (!moved(slider)) held.delete(slider.name);
    return new URLSearchParams(held);
  }

  async function measure() {
    const turn = ++latest;
    shown.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${form.dataset.judged}?${query()}`);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (turn === latest) shown.replaceChildren(...page.body.children);
    } finally {
      if (turn === latest) shown.removeAttribute("aria-busy");
    }
  }

  for (const slider of sliders) {
    slider.addEventListener("input", () => {
      slider.parentElement.querySelector("output").value = Number(slider.value).toLocaleString(document.documentElement.lang);
      slider.parentElement.classList.toggle("moved", moved(slider));
      clearTimeout(timer);
      timer = setTimeout(measure, 250);
    });
  }
  document.getElementById("measure").addEventListener("click", (event) => {
    event.preventDefault();
    measure();
  });
  form.addEventListener("submit", () => {
    for (const slider of sliders) slider.disabled = !moved(slider);
    setTimeout(() => { for (const slider of sliders) slider.disabled = false; });
  });
})();
