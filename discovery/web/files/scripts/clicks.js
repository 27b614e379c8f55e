// What is opened in a list, told to the service that asks for it, by the names of UBI (ubisearch.dev): which supplier,
// at which place, of which search. Nothing of who does it.

export function startClicks() {
  for (const type of ["click", "auxclick"]) {
    document.addEventListener(type, (event) => {
      const card = event.target.closest("a[href]:not(.popover a)")?.closest("[data-query] > .card");
      if (!card || event.button > 1) return;
      const list = card.parentElement;
      const ordinal = list.start + [...list.children].indexOf(card);
      const body = {
        action_name: "click",
        query_id: list.dataset.query,
        event_attributes: { object: { object_id: card.dataset.id }, position: { ordinal } },
      };
      navigator.sendBeacon("/api/v1/events", new Blob([JSON.stringify(body)], { type: "application/json" }));
    });
  }
}
