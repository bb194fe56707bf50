// wagtail-localize's editor says "More actions" to screen readers in English, past its own catalogue.
(() => {
  "use strict";

  const said = document.currentScript.dataset.moreActions;
  const editor = document.querySelector(".js-translation-editor");
  if (!editor) return;

  const translate = () => {
    editor.querySelectorAll(".w-dropdown__toggle .w-sr-only").forEach((label) => {
      if (label.textContent === "More actions" && said !== "More actions") label.textContent = said;
    });
  };
  new MutationObserver(translate).observe(editor, { childList: true, subtree: true });
  translate();
})();
