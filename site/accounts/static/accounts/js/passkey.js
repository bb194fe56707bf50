// Passkeys: asks the device for one and sends what it answers in the form. Without this script, or
// on a device without passkeys, the button stays hidden; the code of an app works everywhere.
(function () {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) { return; }

  function toBytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
  }

  function toText(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function known(list) {
    return (list || []).map(function (one) { return Object.assign({}, one, { id: toBytes(one.id) }); });
  }

  function make(options) {
    var asked = Object.assign({}, options.publicKey);
    asked.challenge = toBytes(asked.challenge);
    asked.user = Object.assign({}, asked.user, { id: toBytes(asked.user.id) });
    asked.excludeCredentials = known(asked.excludeCredentials);
    // A key kept by the device itself opens without a password; older keys are taken, too.
    asked.authenticatorSelection = Object.assign({}, asked.authenticatorSelection,
      { residentKey: "preferred", requireResidentKey: false });
    return navigator.credentials.create({ publicKey: asked });
  }

  function find(options) {
    var asked = Object.assign({}, options.publicKey);
    asked.challenge = toBytes(asked.challenge);
    asked.allowCredentials = known(asked.allowCredentials);
    return navigator.credentials.get({ publicKey: asked });
  }

  function written(credential) {
    var answer = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (credential.response[name]) { answer[name] = toText(credential.response[name]); }
    });
    return JSON.stringify({
      id: credential.id, rawId: toText(credential.rawId), type: credential.type, response: answer,
      clientExtensionResults: credential.getClientExtensionResults()
    });
  }

  function options(form) {
    var here = document.getElementById("passkey-options");
    if (here) { return Promise.resolve(JSON.parse(here.textContent)); }
    return fetch(form.action, { headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then(function (answer) { return answer.json(); });
  }

  Array.prototype.forEach.call(document.querySelectorAll("form[data-passkey]"), function (form) {
    var button = form.querySelector("[type=submit]"), failed = form.querySelector("[data-passkey-failed]");
    form.hidden = false;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      failed.hidden = true;
      button.disabled = true;
      options(form)
        .then(function (given) {
          return given.creation_options ? make(given.creation_options) : find(given.request_options);
        })
        .then(function (credential) {
          form.querySelector("[name=credential]").value = written(credential);
          HTMLFormElement.prototype.submit.call(form);
        })
        .catch(function () {
          button.disabled = false;
          failed.hidden = false;
        });
    });
  });
})();
