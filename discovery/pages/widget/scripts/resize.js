// Gives each frame of the search the height of what it shows. For pages that may run scripts but not load modules.
(() => {
  const { origin } = new URL(document.currentScript.src);
  addEventListener("message", ({ data, origin: from, source }) => {
    const height = from === origin && Number(data?.["supplier-search:height"]);
    if (!height) return;
    const frame = [...document.querySelectorAll("iframe")].find((one) => one.contentWindow === source);
    if (frame) frame.height = Math.ceil(height);
  });
})();
