// A text that is longer than a phrase may be is said to be, as soon as it is pasted; the form has a button for it.

export function startLongTexts() {
  document.addEventListener("input", ({ target }) => {
    if (target.dataset?.longest) document.getElementById("too-long").hidden = [...target.value].length <= Number(target.dataset.longest);
  });
}
