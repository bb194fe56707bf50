// Improves a form page; without it everything works, since the server decides.
// Shows and hides questions and answers at once by the rules of forms/engine/conditions.py, and
// computes by those of forms/engine/formulas.py. A hidden question lives in a <template>: it is
// not sent. Takes the reader to the list of mistakes.
(function () {
  "use strict";
  var NUMBERS = ["number", "money", "calculated", "repeat"], TIMES = ["date", "time", "reception_day"];

  function filled(value) {
    return value !== null && value !== undefined && value !== "" && value !== false &&
      !(Array.isArray(value) && !value.length) &&
      !(value.constructor === Object && !Object.keys(value).length);
  }

  function decimal(value) {
    var text = String(value).replace(/[\s\u00a0\u202f']/g, "").replace(",", ".").replace("\u2212", "-");
    return /^[+-]?\d{1,18}(\.\d{1,6})?$/.test(text) ? Number(text) : null;
  }

  // Half away from zero, as the server rounds.
  function rounded(number, places) {
    var scale = Math.pow(10, places), size = Math.abs(number) * scale;
    return Math.sign(number) * Math.round(size * (1 + Number.EPSILON)) / scale || 0;
  }

  // Sums are in soʻm here already; of a repeating group the number of entries counts.
  function comparable(asked) {
    return asked.type === "repeat" && Array.isArray(asked.value) ? asked.value.length : asked.value;
  }

  function same(asked, value) {
    if (NUMBERS.indexOf(asked.type) >= 0) {
      var left = decimal(comparable(asked)), right = decimal(value);
      return left !== null && left === right;
    }
    return asked.value === value;
  }

  // -1, 0, 1 or null where the two have no order.
  function order(asked, value) {
    var left = asked.value, right = value;
    if (NUMBERS.indexOf(asked.type) >= 0) {
      left = decimal(comparable(asked));
      right = decimal(value);
      if (left === null || right === null) { return null; }
    } else if (TIMES.indexOf(asked.type) < 0 || typeof left !== "string" || typeof right !== "string") {
      return null;
    }
    return (left > right) - (left < right);
  }

  // `asked`: {type, value} of the question that the condition looks at; undefined if hidden.
  function holds(condition, asked) {
    if (!condition) { return true; }
    if (!asked) { return false; }
    var answer = asked.value, value = condition.value;
    if (condition.operator === "empty") { return !filled(answer); }
    if (!filled(answer)) { return false; }
    switch (condition.operator) {
      case "filled": return true;
      case "equals": return same(asked, value);
      case "not_equals": return !same(asked, value);
      case "in": return [].concat(value).some(function (one) { return same(asked, one); });
      case "contains": return Array.isArray(answer) && answer.indexOf(value) >= 0;
      case "gt": return order(asked, value) === 1;
      case "lt": return order(asked, value) === -1;
    }
    return false;
  }

  // A condition or a group of them; `find(key)` gives {type, value} of a question that is asked.
  function decide(condition, find) {
    if (!condition) { return true; }
    var part = function (one) { return decide(one, find); };
    if (condition.all) { return condition.all.every(part); }
    if (condition.any) { return condition.any.some(part); }
    if (condition.value_question) {
      var other = find(condition.value_question);
      if (!other || !filled(other.value)) { return false; }
      condition = { operator: condition.operator, value: comparable(other) };
      return holds(condition, find(arguments[0].question));
    }
    return holds(condition, find(condition.question));
  }

  function age(day) {
    var now = new Date(), parts = day.split("-").map(Number);
    var before = now.getMonth() + 1 < parts[1] || (now.getMonth() + 1 === parts[1] && now.getDate() < parts[2]);
    return now.getFullYear() - parts[0] - (before ? 1 : 0);
  }

  function compute(program, find) {
    var stack = [];
    function answer(name) {
      var parts = name.split("."), asked = find(parts[0]);
      if (!asked || !filled(asked.value)) { return asked && asked.type === "repeat" ? [] : null; }
      if (asked.type === "repeat") {
        return parts[1] ? asked.value.map(function (item) { return decimal(item[parts[1]]); }) : asked.value;
      }
      return asked.type === "date" ? asked.value : decimal(asked.value);
    }
    function call(name, values) {
      var first = values[0];
      if (name === "count") { return (first || []).length; }
      if (name === "sum") { return (first || []).reduce(function (a, b) { return a + (b || 0); }, 0); }
      if (name === "age") { return typeof first === "string" ? age(first) : null; }
      if (values.some(function (value) { return typeof value !== "number"; })) { return null; }
      return name === "round" ? rounded(first, 0) : Math[name].apply(null, values);
    }
    program.forEach(function (step) {
      if (step.kind === "number") { stack.push(Number(step.name)); }
      if (step.kind === "answer") { stack.push(answer(step.name)); }
      if (step.kind === "function") { stack.push(call(step.name, stack.splice(-step.count))); }
      if (step.kind === "operator") {
        var right = stack.pop(), left = stack.pop();
        var both = typeof left === "number" && typeof right === "number";
        stack.push(!both ? null : { "+": left + right, "-": left - right, "*": left * right, "/": left / right }[step.name]);
      }
    });
    var result = stack.pop();
    return typeof result === "number" && isFinite(result) ? String(rounded(result, 2)) : null;
  }

  function date(parts) {
    var numbers = parts.map(function (text) { return /^\d{1,4}$/.test(text) ? Number(text) : 0; });
    var day = new Date(0);
    day.setUTCFullYear(numbers[2], numbers[1] - 1, numbers[0]);
    var fits = numbers[2] > 0 && day.getUTCMonth() === numbers[1] - 1 && day.getUTCDate() === numbers[0];
    return fits ? ("000" + numbers[2]).slice(-4) + day.toISOString().slice(-20, -14) : null;
  }

  // What the server would refuse as no number at all counts for nothing.
  function number(text, type, input) {
    var found = decimal(text), whole = type === "number" && input && input.inputMode === "numeric";
    var sum = /^\d{1,18}([.,]\d{1,2})?$/.test(text.replace(/[\s']/g, ""));
    return found === null || (whole && found % 1) || (type === "money" && !sum) ? null : text;
  }

  function list(nodes) { return Array.prototype.slice.call(nodes); }

  function read(box, key, type) {
    var inputs = list(box.querySelectorAll("[name]"));
    var own = inputs.filter(function (input) { return input.name === key; });
    var ticked = own.filter(function (input) { return input.checked && !input.disabled; });
    function part(name) {
      var found = inputs.filter(function (input) { return input.name === key + "-" + name; })[0];
      return found ? found.value.trim() : "";
    }
    function texts(names) {
      var found = {};
      names.forEach(function (name) { if (part(name)) { found[name] = part(name); } });
      return found;
    }
    switch (type) {
      case "date": return date(["day", "month", "year"].map(part));
      case "date_range": return texts(["from-day", "to-day"]);
      case "time":
        if (!/^\d{1,2}$/.test(part("hour")) || !/^\d{1,2}$/.test(part("minute"))) { return null; }
        return ("0" + part("hour")).slice(-2) + ":" + ("0" + part("minute")).slice(-2);
      case "postal_address": return texts(["district", "mahalla", "street"]);
      case "coordinates": return texts(["latitude", "longitude"]);
      case "bank_account": return texts(["account", "mfo"]);
      case "file": case "image": return box.querySelector(".files li") ? ["file"] : null;
      case "checkbox": case "declaration": return ticked.length ? true : null;
      case "multi_choice": return ticked.map(function (input) { return input.value; });
      case "repeat": return list(box.querySelectorAll("[data-item]")).map(entry);
    }
    if (own[0] && own[0].type === "radio") { return ticked.length ? ticked[0].value : null; }
    var text = own[0] ? own[0].value.trim() : "";
    if (type === "number" || type === "money") { return number(text, type, own[0]); }
    if (type === "pinfl" || type === "stir") { return text.replace(/[\s\-]/g, "") || null; }
    if (type === "passport" || type === "plate") { return text.replace(/[\s\-]/g, "").toUpperCase() || null; }
    return (type === "textarea" ? text : text.replace(/\s+/g, " ")) || null;
  }

  function entry(box) {
    var found = {};
    box.querySelectorAll("[data-question]").forEach(function (inner) {
      var name = inner.getAttribute("data-question"), scope = inner.getAttribute("data-scope") || "";
      if (inner.nodeName !== "TEMPLATE") {
        found[name.slice(scope.length)] = read(inner, name, inner.getAttribute("data-type"));
      }
    });
    return found;
  }

  function swap(box, name) {
    var other = document.createElement(name);
    ["data-question", "data-type", "data-condition", "data-scope"].forEach(function (attribute) {
      if (box.hasAttribute(attribute)) { other.setAttribute(attribute, box.getAttribute(attribute)); }
    });
    var from = box.content || box, to = other.content || other;
    while (from.firstChild) { to.appendChild(from.firstChild); }
    box.parentNode.replaceChild(other, box);
    return other;
  }

  // An answer that is not offered cannot stay chosen.
  function offer(box, find) {
    box.querySelectorAll("[data-option]").forEach(function (option) {
      var open = decide(JSON.parse(option.getAttribute("data-option")), find);
      var input = option.querySelector("input") || option;
      option.hidden = !open;
      input.disabled = !open;
      if (!open) {
        input.checked = false;
        if (input.selected) { input.parentNode.value = ""; }
      }
    });
  }

  function update(form) {
    var asked = JSON.parse(form.getAttribute("data-known") || "{}");
    function visit(box) {
      var key = box.getAttribute("data-question"), type = box.getAttribute("data-type");
      var scope = box.getAttribute("data-scope") || "";
      var find = function (name) { return asked[scope + name] || asked[name]; };
      var show = decide(JSON.parse(box.getAttribute("data-condition") || "null"), find);
      var hidden = box.nodeName === "TEMPLATE";
      if (show && hidden) { box = swap(box, "div"); }
      if (!show && !hidden) { box = swap(box, "template"); }
      if (!show) { return; }
      // Each question in an entry looks after its own answers.
      if (type !== "repeat") { offer(box, find); }
      // What is asked in the entries of a group decides what the group says.
      list(box.querySelectorAll("[data-question]")).forEach(visit);
      var computed = type === "calculated" && box.querySelector("[data-formula]");
      var value = computed ? compute(JSON.parse(computed.getAttribute("data-formula")), find) : read(box, key, type);
      if (computed) { write(computed, value); }
      asked[key] = { type: type, value: value };
    }
    list(form.querySelectorAll("[data-question]:not([data-scope])")).forEach(visit);
  }

  function write(output, value) {
    var unit = output.getAttribute("data-unit") === "money" ? " soʻm" : "";
    output.textContent = value === null ? output.getAttribute("data-empty") : spaced(value) + unit;
  }

  function spaced(number) {
    var parts = number.split(".");
    return parts[0].replace(/\B(?=(\d{3})+$)/g, "\u00a0") + (parts[1] ? "," + parts[1] : "");
  }

  window.portalConditions = { holds: holds, decide: decide, compute: compute, update: update };
  var form = document.querySelector("form[data-conditions]");
  if (form) {
    form.addEventListener("change", function () { update(form); });
    update(form);
  }
  var summary = document.querySelector(".error-summary");
  if (summary) { summary.focus(); }
})();
