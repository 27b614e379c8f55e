// A text that is longer than a phrase may be is said to be, as soon as it is pasted, and goes where such texts are read.

export function startLongTexts() {
  document.addEventListener("input", ({ target }) => {
    if (target.dataset?.longest) document.getElementById("too-long").hidden = [...target.value].length <= Number(target.dataset.longest);
  });
  document.addEventListener("submit", (event) => {
    const note = document.getElementById("too-long");
    if (!note || note.hidden || event.target.id !== "search" || event.submitter?.formMethod === "post") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    setTimeout(() => event.target.requestSubmit(note.querySelector("button"))); // not while it is being sent
  }, true);
}
