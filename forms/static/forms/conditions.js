// Improves a form page; without it everything works, since the server decides.
// Shows and hides questions at once by the rules of forms/engine/conditions.py, and takes the
// reader to the list of mistakes. A hidden question lives in a <template>: it is not sent.
(function () {
  "use strict";

  function filled(value) {
    return value !== null && value !== undefined && value !== "" && value !== false &&
      !(Array.isArray(value) && !value.length);
  }

  function decimal(value) {
    var text = String(value).replace(/[\s\u00a0\u202f']/g, "").replace(",", ".").replace("\u2212", "-");
    return /^[+-]?\d{1,18}(\.\d{1,6})?$/.test(text) ? Number(text) : null;
  }

  function same(answer, value, type) {
    if (type === "number" || type === "money") {
      var left = decimal(answer), right = decimal(value);
      return left !== null && left === right;
    }
    return answer === value;
  }

  // -1, 0, 1 or null where the two have no order.
  function order(answer, value, type) {
    var left = answer, right = value;
    if (type === "number" || type === "money") {
      left = decimal(answer);
      right = decimal(value);
      if (left === null || right === null) { return null; }
    } else if (type !== "date" || typeof answer !== "string" || typeof value !== "string") {
      return null;
    }
    return (left > right) - (left < right);
  }

  // `asked`: {type, value} of the question that the condition looks at; undefined if hidden.
  function holds(condition, asked) {
    if (!condition) { return true; }
    if (!asked) { return false; }
    var answer = asked.value, value = condition.value, type = asked.type;
    if (condition.operator === "empty") { return !filled(answer); }
    if (!filled(answer)) { return false; }
    switch (condition.operator) {
      case "filled": return true;
      case "equals": return same(answer, value, type);
      case "not_equals": return !same(answer, value, type);
      case "in": return [].concat(value).some(function (one) { return same(answer, one, type); });
      case "contains": return Array.isArray(answer) && answer.indexOf(value) >= 0;
      case "gt": return order(answer, value, type) === 1;
      case "lt": return order(answer, value, type) === -1;
    }
    return false;
  }

  function date(parts) {
    var numbers = parts.map(function (text) { return /^\d{1,4}$/.test(text) ? Number(text) : 0; });
    var day = new Date(0);
    day.setUTCFullYear(numbers[2], numbers[1] - 1, numbers[0]);
    var fits = numbers[2] > 0 && day.getUTCMonth() === numbers[1] - 1 && day.getUTCDate() === numbers[0];
    return fits ? ("000" + numbers[2]).slice(-4) + day.toISOString().slice(-20, -14) : null;
  }

  function read(box, key, type) {
    var inputs = Array.prototype.slice.call(box.querySelectorAll("[name]"));
    var own = inputs.filter(function (input) { return input.name === key; });
    var ticked = own.filter(function (input) { return input.checked; });
    if (type === "date") {
      return date(["day", "month", "year"].map(function (part) {
        var found = inputs.filter(function (input) { return input.name === key + "-" + part; })[0];
        return found ? found.value.trim() : "";
      }));
    }
    if (type === "file") { return box.querySelector(".files li") ? ["file"] : null; }
    if (type === "checkbox") { return ticked.length ? true : null; }
    if (type === "multi_choice") { return ticked.map(function (input) { return input.value; }); }
    if (own[0] && own[0].type === "radio") { return ticked.length ? ticked[0].value : null; }
    var text = own[0] ? own[0].value.trim() : "";
    if (type === "pinfl" || type === "stir") { return text.replace(/[\s\-]/g, "") || null; }
    return (type === "textarea" ? text : text.replace(/\s+/g, " ")) || null;
  }

  function swap(box, name) {
    var other = document.createElement(name);
    ["data-question", "data-type", "data-condition"].forEach(function (attribute) {
      if (box.hasAttribute(attribute)) { other.setAttribute(attribute, box.getAttribute(attribute)); }
    });
    var from = box.content || box, to = other.content || other;
    while (from.firstChild) { to.appendChild(from.firstChild); }
    box.parentNode.replaceChild(other, box);
    return other;
  }

  function update(form) {
    var asked = JSON.parse(form.getAttribute("data-known") || "{}");
    form.querySelectorAll("[data-question]").forEach(function (box) {
      var key = box.getAttribute("data-question"), type = box.getAttribute("data-type");
      var condition = JSON.parse(box.getAttribute("data-condition") || "null");
      var show = holds(condition, condition ? asked[condition.question] : undefined);
      var hidden = box.nodeName === "TEMPLATE";
      if (show && hidden) { box = swap(box, "div"); }
      if (!show && !hidden) { box = swap(box, "template"); }
      if (show) { asked[key] = { type: type, value: read(box, key, type) }; }
    });
  }

  window.portalConditions = { holds: holds };
  var form = document.querySelector("form[data-conditions]");
  if (form) {
    form.addEventListener("change", function () { update(form); });
    update(form);
  }
  var summary = document.querySelector(".error-summary");
  if (summary) { summary.focus(); }
})();
