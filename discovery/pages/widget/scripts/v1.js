// Loads the search of inclusive suppliers: <supplier-search>. This address stays; the module's changes with its content.
(() => {
  const { src } = document.currentScript;
  import(new URL("{{ module }}", src).href).catch((error) => console.error(`supplier-search: ${src} could not load its module.`, error));
})();
