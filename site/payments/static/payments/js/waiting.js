// Looks from time to time whether the payment was confirmed, and goes on when it was. Without it
// the button on the page does the same.
(function () {
  "use strict";
  var box = document.querySelector("[data-waits]");
  var PAUSE = 5000, TIMES = 60;
  if (!box || !window.fetch) return;

  function look(left) {
    if (!left) return;
    window.setTimeout(function () {
      fetch(box.dataset.waits, { redirect: "manual", credentials: "same-origin", cache: "no-store" })
        .then(function (answer) {
          if (answer.type === "opaqueredirect") window.location.replace(box.dataset.waits);
          else look(left - 1);
        })
        .catch(function () { look(left - 1); });
    }, PAUSE);
  }

  look(TIMES);
})();
