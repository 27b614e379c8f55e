// What went wrong between here and there, said over the page, which stays: nothing that was typed is lost.

const trouble = document.getElementById("trouble");
const troubles = JSON.parse(trouble.dataset.texts);
const [again, dismiss] = trouble.querySelectorAll("button");
let retry;

/** `name`: of a text; `retry`: what to do again, when asked or when the connection is back; nothing: only said. */
export function showTrouble(name, whenAsked) {
  retry = whenAsked;
  again.hidden = !whenAsked;
  trouble.hidden = false;
  trouble.querySelector("p").textContent = troubles[name];
}

export function hideTrouble() {
  retry = undefined;
  trouble.hidden = true;
}

function tryAgain() {
  const asked = retry;
  hideTrouble();
  asked?.();
}

export function startTroubles() {
  again.addEventListener("click", tryAgain);
  dismiss.addEventListener("click", hideTrouble);
  addEventListener("online", () => { if (retry) tryAgain(); });
}
