// Improves pages that are whole without it: print, copy a link, suggestions while one types.
(function () {
  "use strict";

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  document.querySelectorAll("[data-copy]").forEach(function (link) {
    if (!navigator.clipboard) return;
    link.addEventListener("click", function (event) {
      event.preventDefault();
      navigator.clipboard.writeText(link.href).then(function () {
        var word = link.querySelector("span") || link;
        word.setAttribute("role", "status");
        word.textContent = link.dataset.copy;
      }, function () { window.location.href = link.href; });
    });
  });

  // Suggestions: their script comes when a search box is first entered, never where data is saved.
  function suggest(event) {
    var box = event.target, line = navigator.connection;
    if (!box.dataset || !box.dataset.script || !window.fetch || !window.AbortController) return;
    document.removeEventListener("focusin", suggest);
    if ((line && line.saveData) || matchMedia("(prefers-reduced-data: reduce)").matches) return;
    var script = document.createElement("script");
    script.src = box.dataset.script;
    document.head.appendChild(script);
  }
  document.addEventListener("focusin", suggest);
  suggest({ target: document.activeElement });

  // Which place of the results was opened: the query and a number, nothing of the reader.
  document.querySelectorAll("[data-chosen]").forEach(function (list) {
    list.addEventListener("click", function (event) {
      var item = event.target.closest("a") && event.target.closest("li"), data = list.dataset;
      if (!item || !navigator.sendBeacon) return;
      var rank = +data.before + 1 + Array.prototype.indexOf.call(list.children, item);
      navigator.sendBeacon(data.chosen, new URLSearchParams({ q: data.query, rank: rank }));
    });
  });
})();
