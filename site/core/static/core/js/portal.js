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

  // A text box with a list of services below it (WAI-ARIA combobox, list autocomplete).
  document.querySelectorAll("input[data-suggest]").forEach(function (input) {
    if (!window.fetch || !window.AbortController) return;
    var list = document.createElement("ul");
    var timer, asked, chosen = -1;
    list.id = input.id + "-suggest";
    list.className = "suggest";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", (input.labels[0] || input).textContent || "");
    input.closest("form").appendChild(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);

    function close() {
      list.hidden = true;
      chosen = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function choose(n) {
      var items = list.children;
      if (chosen >= 0) items[chosen].setAttribute("aria-selected", "false");
      chosen = (n + items.length) % items.length;
      items[chosen].setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", items[chosen].id);
    }

    function show(results) {
      list.textContent = "";
      results.slice(0, 7).forEach(function (result, n) {
        // Only addresses of this site may be followed.
        var url = new URL(result.url, window.location.href);
        if (url.origin !== window.location.origin) return;
        var item = document.createElement("li");
        item.id = list.id + "-" + n;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        if (result.lang) item.lang = result.lang;
        item.textContent = result.title;
        item.dataset.url = url.href;
        if (result.agency) {
          var agency = document.createElement("small");
          agency.lang = document.documentElement.lang;
          agency.textContent = result.agency;
          item.appendChild(agency);
        }
        list.appendChild(item);
      });
      chosen = -1;
      list.hidden = !list.children.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      input.removeAttribute("aria-activedescendant");
    }

    function ask() {
      var text = input.value.trim();
      if (asked) asked.abort();
      if (text.length < 2) { close(); return; }
      asked = new AbortController();
      fetch(input.dataset.suggest + "?limit=7&lang=" + encodeURIComponent(input.dataset.language) +
        "&q=" + encodeURIComponent(text.slice(0, 200)), { signal: asked.signal })
        .then(function (answer) { return answer.ok ? answer.json() : { results: [] }; })
        .then(function (found) {
          if (document.activeElement === input) show(found.results || []);
        })
        .catch(function () { /* The line is slow or gone: the button still searches. */ });
    }

    input.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(ask, 180);
    });
    input.addEventListener("keydown", function (event) {
      if (list.hidden) return;
      if (event.key === "ArrowDown") choose(chosen + 1);
      else if (event.key === "ArrowUp") choose(chosen < 0 ? -1 : chosen - 1);
      else if (event.key === "Escape") { close(); }
      else if (event.key === "Enter" && chosen >= 0) {
        window.location.href = list.children[chosen].dataset.url;
      } else return;
      event.preventDefault();
    });
    input.addEventListener("blur", function () { setTimeout(close, 150); });
    list.addEventListener("mousedown", function (event) {
      var item = event.target.closest("li");
      event.preventDefault();
      if (item) window.location.href = item.dataset.url;
    });
  });
})();
