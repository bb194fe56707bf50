// Services below a search box while one types (WAI-ARIA combobox, list autocomplete).
// Loaded when a box is entered for the first time; the button searches without it.
(function () {
  "use strict";
  var PAUSE = 200, FEWEST = 2;

  function add(parent, tag, attributes, text) {
    var node = document.createElement(tag);
    Object.keys(attributes).forEach(function (name) { node.setAttribute(name, attributes[name]); });
    node.textContent = text || "";
    return parent.appendChild(node);
  }

  function equip(input) {
    var data = input.dataset, form = input.form, known = {}, timer, asked, chosen;
    var list = add(form, "ul", {
      id: input.id + "-list", class: "suggest", role: "listbox", "aria-label": data.label, hidden: ""
    });
    var status = add(form, "p", { class: "visually-hidden", role: "status" });
    data.suggesting = "";

    function say(name, value) { input.setAttribute("aria-" + name, value); }

    function choose(n) {
      var items = list.children;
      if (items[chosen]) items[chosen].setAttribute("aria-selected", "false");
      // One place more than there are items: the box itself.
      chosen = (n + items.length + 1) % (items.length + 1);
      if (items[chosen]) {
        items[chosen].setAttribute("aria-selected", "true");
        items[chosen].scrollIntoView({ block: "nearest" });
        say("activedescendant", items[chosen].id);
      } else input.removeAttribute("aria-activedescendant");
    }

    function show(results) {
      list.textContent = "";
      results.forEach(function (result, n) {
        var item = add(list, "li", {
          id: list.id + n, role: "option", "aria-selected": "false", lang: result.lang
        }, result.title);
        // A path of this site, whatever the answer says.
        item.dataset.path = new URL(result.url, location.origin).pathname;
        if (result.agency) add(item, "small", { lang: document.documentElement.lang }, result.agency);
      });
      list.hidden = !results.length;
      say("expanded", String(!list.hidden));
      choose(-1);
      status.textContent = results.length ? data.found + " " + results.length : "";
    }

    function ask() {
      var text = input.value.trim().slice(0, 200);
      if (asked) asked.abort();
      if (text.length < FEWEST || !navigator.onLine) return show([]);
      if (known[text]) return show(known[text]);
      asked = new AbortController();
      fetch(data.suggest + "?limit=7&lang=" + data.language + "&q=" + encodeURIComponent(text), {
        signal: asked.signal
      }).then(function (answer) { return answer.json(); }).then(function (found) {
        known[text] = found.results;
        if (document.activeElement === input && input.value.trim() === text) show(found.results);
      }).catch(function () { /* Late, refused or without a line: nothing to show. */ });
    }

    function plan() {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    }

    say("autocomplete", "list");
    say("controls", list.id);
    input.setAttribute("role", "combobox");
    show([]);
    input.addEventListener("input", plan);
    input.addEventListener("keydown", function (event) {
      var open = !list.hidden, step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.isComposing || event.altKey) return;
      if (step && open) choose(chosen + step);
      else if (step > 0) ask();
      else if (event.key === "Escape" && open) show([]);
      else if (event.key === "Enter" && list.children[chosen]) {
        location.href = list.children[chosen].dataset.path;
      } else return;
      event.preventDefault();
    });
    input.addEventListener("blur", function () {
      clearTimeout(timer);
      show([]);
    });
    // The box keeps its focus.
    list.addEventListener("mousedown", function (event) { event.preventDefault(); });
    list.addEventListener("click", function (event) {
      var item = event.target.closest("li");
      if (item) location.href = item.dataset.path;
    });
    window.addEventListener("offline", function () { show([]); });
    if (document.activeElement === input && input.value !== input.defaultValue) plan();
  }

  function enter(event) {
    var box = event.target;
    if (box.dataset && box.dataset.suggest && !("suggesting" in box.dataset)) equip(box);
  }
  document.addEventListener("focusin", enter);
  enter({ target: document.activeElement });
})();
