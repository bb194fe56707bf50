// Makes filling in easier where the browser can: saves while one types, sends each file by itself
// with its progress, makes photographs smaller first, says when the line is gone. Without it every
// page works: the server takes whole pages.
(function () {
  "use strict";
  var LONGEST = 2000, IDLE = 4000;
  var form = document.querySelector("form[data-conditions]");

  function once(sent) {
    sent.addEventListener("submit", function (event) {
      // A second click while the first is on its way; the server would take it for the same.
      if (sent.hasAttribute("data-sent") && !(event.submitter && event.submitter.name)) { event.preventDefault(); }
      sent.setAttribute("data-sent", "");
    });
    window.addEventListener("pageshow", function () { sent.removeAttribute("data-sent"); });
  }
  document.querySelectorAll("form[data-once]").forEach(once);
  var alert = document.querySelector("[role=alert][tabindex]");
  if (alert) { alert.focus(); }
  if (!form) { return; }
  once(form);

  var status = form.querySelector("[data-saved]");
  function say(text) { if (status && text) { status.textContent = text; } }
  function hidden(name, value) {
    var input = form.querySelector("input[name=" + name + "]");
    if (input && value !== undefined) { input.value = value; }
  }
  function fresh(answer) { hidden("_revision", answer.revision); hidden("_mark", answer.mark); }

  function send(url, data, done, progress) {
    var request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("X-Requested-With", "portal");
    request.setRequestHeader("X-CSRFToken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    request.onload = function () {
      var answer = {};
      try { answer = JSON.parse(request.responseText); } catch (error) { answer = null; }
      done(request.status, answer);
    };
    request.onerror = request.ontimeout = function () { done(0, null); };
    request.timeout = 120000;
    if (progress && request.upload) { request.upload.onprogress = progress; }
    request.send(data);
    return request;
  }

  // -- saved while one types --------------------------------------------------------------------
  var timer = null, saving = false, dirty = false, stale = false, leaving = false, waiting = null;
  function save() {
    timer = null;
    if (saving || stale || leaving || !dirty || !navigator.onLine) { return; }
    var data = new FormData(form);
    form.querySelectorAll("input[type=file]").forEach(function (input) { data.delete(input.name); });
    saving = true;
    dirty = false;
    send(window.location.pathname, data, function (code, answer) {
      saving = false;
      if (answer) { say(answer.message); }
      if (code === 200 && answer) { fresh(answer); check(answer.errors || {}); }
      if (code === 409 || code === 410 || code === 401) { stale = true; }
      if (code === 0) { dirty = true; }
      if (waiting) { go(); } else if (dirty) { plan(); }
    });
  }
  // Who presses a button while a save is under way waits for it: else the two would look like two tabs.
  function go() {
    var button = waiting;
    waiting = null;
    saving = false;
    form.removeAttribute("data-sent");
    if (form.requestSubmit) { form.requestSubmit(button === true ? undefined : button); } else { form.submit(); }
  }
  form.addEventListener("submit", function (event) {
    if (!saving || !navigator.onLine) { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!waiting) {
      waiting = event.submitter || true;
      setTimeout(function () { if (waiting) { go(); } }, 5000);
    }
  });
  function plan() {
    clearTimeout(timer);
    timer = setTimeout(save, IDLE);
  }
  form.addEventListener("input", function (event) {
    if (event.target.type !== "file") { dirty = true; plan(); }
  });

  // -- a mistake is told as one leaves the question, by the server's own rules ---------------------
  var changed = new Set(), left = new Set();
  function box_of(node) { return node && node.closest && node.closest("[data-question]"); }
  function is_answered(box) {
    return Array.prototype.some.call(box.querySelectorAll("input, select, textarea"), function (input) {
      if (input.type === "hidden" || input.type === "search") { return false; }
      return /^(checkbox|radio)$/.test(input.type) ? input.checked : input.value.trim() !== "";
    });
  }
  function check(errors) {
    left.forEach(function (box) {
      var key = box.getAttribute("data-question");
      if (box.isConnected && !changed.has(box)) { tell(box, "q-" + key, is_answered(box) ? errors[key] : ""); }
    });
  }
  function tell(box, id, text) {
    var old = document.getElementById(id + "-error"), group = document.getElementById(id + "-group");
    var told = group || document.getElementById(id), first = box.querySelector(".field");
    if (!told || !first || (!text && !old)) { return; }
    var boxes = box.querySelectorAll("input:not([type=radio]):not([type=checkbox]):not([type=hidden]), select, textarea");
    function described(node, add) {
      var ids = (node.getAttribute("aria-describedby") || "").split(" ").filter(function (one) {
        return one && one !== id + "-error";
      }).concat(add ? [id + "-error"] : []);
      if (ids.length) { node.setAttribute("aria-describedby", ids.join(" ")); } else { node.removeAttribute("aria-describedby"); }
    }
    boxes.forEach(function (input) {
      described(input, false);
      if (text) { input.setAttribute("aria-invalid", "true"); } else { input.removeAttribute("aria-invalid"); }
    });
    described(told, Boolean(text));
    if (old) { old.remove(); }
    first.classList.toggle("field--error", Boolean(text));
    if (text) {
      var line = document.createElement("p"), word = document.createElement("span");
      line.className = "field__error";
      line.id = id + "-error";
      word.className = "visually-hidden";
      word.textContent = form.getAttribute("data-error") + " ";
      line.appendChild(word);
      line.appendChild(document.createTextNode(text));
      var before = first.firstElementChild;
      while (before && /^(LEGEND|LABEL)$|field__hint/.test(before.tagName + before.className)) {
        before = before.nextElementSibling;
      }
      first.insertBefore(line, before && first.contains(told) && !group ? told : before);
      say(text);
    }
  }
  form.addEventListener("input", function (event) {
    var box = box_of(event.target);
    if (box && event.target.type !== "file") { changed.add(box); }
  });
  form.addEventListener("focusout", function (event) {
    var box = box_of(event.target);
    if (!box || !changed.has(box) || box.contains(event.relatedTarget)) { return; }
    changed.delete(box);
    left.add(box);
    if (dirty) { clearTimeout(timer); save(); }
  });

  form.addEventListener("submit", function () { leaving = true; clearTimeout(timer); });
  window.addEventListener("pageshow", function () { leaving = false; });

  // -- offline for a moment ----------------------------------------------------------------------
  var notice = null;
  function line() {
    if (navigator.onLine) {
      if (notice) { notice.remove(); notice = null; }
      if (dirty) { plan(); }
      return;
    }
    if (!notice) {
      notice = document.createElement("div");
      notice.className = "notice notice--important";
      notice.setAttribute("role", "alert");
      notice.appendChild(document.createElement("p")).textContent = form.getAttribute("data-offline");
      form.parentNode.insertBefore(notice, form);
    }
  }
  window.addEventListener("online", line);
  window.addEventListener("offline", line);
  form.addEventListener("submit", function (event) {
    if (navigator.onLine) { return; }
    event.preventDefault();
    form.removeAttribute("data-sent");
    leaving = false;
    line();
    notice.setAttribute("tabindex", "-1");
    notice.focus();
  });
  line();

  // -- files, one by one -------------------------------------------------------------------------
  function smaller(file, input, done) {
    var picture = /^image\/jpeg$/.test(file.type) && !input.hasAttribute("data-original");
    if (!picture || !window.createImageBitmap || !HTMLCanvasElement.prototype.toBlob) { done(file); return; }
    createImageBitmap(file, { imageOrientation: "from-image" }).then(function (bitmap) {
      var longest = Math.max(bitmap.width, bitmap.height), part = LONGEST / longest;
      if (part >= 1) { done(file); return; }
      var canvas = document.createElement("canvas");
      canvas.width = Math.round(bitmap.width * part);
      canvas.height = Math.round(bitmap.height * part);
      canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(function (blob) {
        done(blob && blob.size < file.size ? new File([blob], file.name, { type: "image/jpeg" }) : file);
      }, "image/jpeg", 0.85);
    }).catch(function () { done(file); });
  }

  function upload(box, input, files) {
    var file = files.shift(), key = input.name;
    if (!file) { return; }
    var bar = document.createElement("p"), meter = document.createElement("progress");
    bar.setAttribute("role", "status");
    bar.textContent = form.getAttribute("data-sending") + ": " + file.name + " ";
    meter.max = 100;
    meter.setAttribute("aria-label", file.name);
    bar.appendChild(meter);
    input.parentNode.insertBefore(bar, input.nextSibling);
    smaller(file, input, function (ready) {
      var data = new FormData();
      data.append(key, ready, file.name);
      send(form.getAttribute("data-upload").replace("QUESTION", key), data, function (code, answer) {
        bar.remove();
        if (!answer || !answer.html) {
          input.value = "";
          say(answer && answer.message || form.getAttribute("data-failed"));
          return;
        }
        fresh(answer);
        box.innerHTML = answer.html;
        ready_files(box);
        var next = box.querySelector("input[type=file]");
        if (answer.error) {
          var group = box.querySelector("fieldset");
          if (group) { group.focus(); }
        } else if (next && files.length) { upload(box, next, files); return; }
        form.dispatchEvent(new Event("change"));
      }, function (event) {
        if (event.lengthComputable) { meter.value = Math.round(100 * event.loaded / event.total); }
      });
    });
  }

  function ready_files(box) {
    box.querySelectorAll("input[type=file]").forEach(function (input) {
      var button = box.querySelector("button[name=_upload]");
      if (button) { button.parentNode.hidden = true; }
      input.addEventListener("change", function () {
        var files = Array.prototype.slice.call(input.files);
        if (files.length && navigator.onLine) { upload(box, input, files); }
      });
    });
  }
  form.querySelectorAll("div[data-question]").forEach(ready_files);

  // -- long lists, the place ---------------------------------------------------------------------
  function fold(text) {
    return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f\u02bb\u02bc'’‘`]/g, "");
  }
  form.querySelectorAll("select[data-search]").forEach(function (select) {
    var input = document.createElement("input"), label = document.createElement("label");
    input.className = "input";
    input.id = select.id + "-search";
    input.type = "search";
    input.autocomplete = "off";
    label.className = "field__hint";
    label.htmlFor = input.id;
    label.textContent = select.getAttribute("data-search");
    select.parentNode.insertBefore(label, select);
    select.parentNode.insertBefore(input, select);
    var options = Array.prototype.slice.call(select.options);
    input.addEventListener("input", function () {
      var wanted = fold(input.value.trim());
      options.forEach(function (option) {
        option.hidden = Boolean(option.value) && fold(option.textContent).indexOf(wanted) < 0 && !option.selected;
      });
      var left = options.filter(function (option) { return option.value && !option.hidden; });
      if (wanted && left.length === 1) { select.value = left[0].value; select.dispatchEvent(new Event("change", { bubbles: true })); }
    });
  });
  form.querySelectorAll("[data-locate]").forEach(function (line) {
    if (!navigator.geolocation) { return; }
    line.hidden = false;
    line.querySelector("button").addEventListener("click", function () {
      navigator.geolocation.getCurrentPosition(function (found) {
        ["latitude", "longitude"].forEach(function (name) {
          var input = document.getElementById(line.getAttribute("data-locate") + "-" + name);
          input.value = found.coords[name].toFixed(6);
          input.dispatchEvent(new Event("input", { bubbles: true }));
        });
      });
    });
  });
})();
