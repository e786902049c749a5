"use strict";

(() => {
  const fromHash = () => {
    const found = /^#pair-(\d+)$/.exec(location.hash);
    if (found) Table.show(Number(found[1]));
  };
  Table.start();
  Lists.start();
  addEventListener("hashchange", fromHash);
  // A link to the pair that is shown already changes no hash, but is to be followed all the same.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#pair-']");
    if (link && link.hash === location.hash) fromHash();
  });
  fromHash();
  // The charts may take a moment: let the page be seen first.
  requestAnimationFrame(() => setTimeout(() => { Charts.start(); document.documentElement.dataset.ready = "yes"; }));
})();
