// A form whose answer takes seconds says so meanwhile, and is sent once. Without scripts the browser's own sign is there.

const waits = () => document.querySelectorAll("form [data-waiting]");

export function startWaiting() {
  document.addEventListener("submit", (event) => {
    const said = event.target.querySelector("[data-waiting]");
    if (!said || event.submitter?.value !== "answer") return;
    if (said.firstChild) return event.preventDefault();
    const label = document.createElement("label");
    label.append(said.dataset.waiting, document.createElement("progress"));
    said.append(label);
  });
  // Back from the answer. A page that still loads shows itself too, maybe after it was sent.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) for (const said of waits()) said.replaceChildren();
  });
}
