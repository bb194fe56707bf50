// Uzbek typed or pasted in Cyrillic becomes Latin in the open form, before anything is saved.
//
// Beside each Uzbek field with Cyrillic in it stands a note with a button; one press turns the texts of
// the whole form. What was turned is shown with the doubtful words marked, and can be put back.
(() => {
  "use strict";

  const own = document.currentScript.dataset;
  const CYRILLIC = /[\u0400-\u04ff]/;
  const PAUSE = 400;
  /** Of a Draftail block: where a style or an entity begins or ends, its letters are other pieces. */
  const sameMark = (one, other) => one.getStyle().equals(other.getStyle()) && one.getEntity() === other.getEntity();

  const config = () => JSON.parse(document.getElementById("wagtail-config")?.textContent || "{}");

  /** Whether the form edits an Uzbek page or row; text maps say the language of each field themselves. */
  const isUzbekForm = () => config().ACTIVE_CONTENT_LOCALE === "uz";

  const isProse = (field) =>
    !field.readOnly && !field.disabled && !field.closest("[data-latin-skip], dialog, [role=search]") &&
    !/(^|[-_])slug$|^comments-|url$|email$/.test(field.name) && field.name !== "" &&
    (field.dataset.textLanguage ? field.dataset.textLanguage === "uz" : isUzbekForm());

  const plain = (field) => ({
    element: field,
    pieces: () => (CYRILLIC.test(field.value) ? [field.value] : []),
    write(texts) {
      const before = field.value;
      const put = (value) => {
        field.value = value;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.dispatchEvent(new Event("change", { bubbles: true }));
      };
      put(texts[0]);
      return () => put(before);
    },
  });

  /** The letters of a block, cut where styles and entities change: [text, metadata of its first letter]. */
  const cut = (block) => {
    const text = block.getText();
    const letters = block.getCharacterList();
    const pieces = [];
    for (let at = 0; at < text.length; at += 1) {
      const last = pieces[pieces.length - 1];
      if (last && sameMark(last[1], letters.get(at))) last[0] += text[at];
      else pieces.push([text[at], letters.get(at)]);
    }
    return pieces;
  };

  const rich = (input) => ({
    element: input,
    pieces() {
      const blocks = input.draftailEditor.getEditorState().getCurrentContent().getBlocksAsArray();
      const texts = blocks.flatMap((block) => cut(block).map(([text]) => text));
      return texts.some((text) => CYRILLIC.test(text)) ? texts : [];
    },
    write(texts) {
      const editor = input.draftailEditor;
      const before = editor.getEditorState();
      const fresh = [...texts];
      const content = before.getCurrentContent();
      const blocks = content.getBlockMap().map((block) => {
        const turned = cut(block).map(([, mark]) => [fresh.shift(), mark]);
        const marks = turned.flatMap(([text, mark]) => Array(text.length).fill(mark));
        return block.merge({
          text: turned.map(([text]) => text).join(""),
          characterList: block.getCharacterList().clear().concat(marks),
        });
      });
      const States = before.constructor;
      const put = (state) => editor.onChange(States.moveSelectionToEnd(state));
      put(States.push(before, content.merge({ blockMap: blocks }), "insert-characters"));
      return () => put(States.push(editor.getEditorState(), content, "undo"));
    },
  });

  const fields = () => {
    const written = [...document.querySelectorAll("main form input[type=text], main form textarea")];
    const drafts = [...document.querySelectorAll("main form input[type=hidden]")];
    return [
      ...written.filter(isProse).map(plain),
      ...drafts.filter((input) => input.draftailEditor && isProse(input)).map(rich),
    ];
  };

  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    element.append(...children);
    return element;
  };

  const button = (text, press) => {
    const made = make("button", { type: "button", class: "button button-small button-secondary" }, text);
    made.addEventListener("click", press);
    return made;
  };

  /** The place below a field where its note stands. */
  const below = (element) =>
    element.closest(".w-field__input") || element.closest("[data-contentpath]") || element.parentElement;

  const notes = new Map();

  const note = (element, ...children) => {
    notes.get(element)?.remove();
    notes.delete(element);
    if (!children.length) return;
    const made = make("div", { class: "latin-note" }, ...children);
    element.dataset.textLanguage ? element.after(made) : below(element).append(made);
    notes.set(element, made);
  };

  const region = make("div", { class: "latin-said", role: "status" });
  const say = (text) => {
    region.textContent = text;
  };

  /** Latin text with its doubtful words marked; what they were in Cyrillic is said too. */
  const marked = (answers) => {
    const whole = make("p", { lang: "uz-Latn" });
    const doubtful = [];
    answers.forEach(({ parts }) => {
      parts.forEach(({ text, was }) => {
        if (!was) {
          whole.append(text);
          return;
        }
        whole.append(make("mark", { title: was }, text));
        doubtful.push(`${was} → ${text}`);
      });
      whole.append(" ");
    });
    return { whole, doubtful: [...new Set(doubtful)] };
  };

  const show = (field, answers, putBack) => {
    const { whole, doubtful } = marked(answers);
    const undo = button(own.undo, () => {
      putBack();
      note(field.element);
      say(own.undone);
      scan();
    });
    const words = doubtful.length
      ? [make("p", {}, make("strong", {}, own.look), ` ${doubtful.join(", ")}`)]
      : [];
    note(field.element, make("p", { class: "latin-note__head" }, own.turned), whole, ...words, undo);
    return doubtful.length;
  };

  const press = async () => {
    const found = fields().map((field) => [field, field.pieces()]).filter(([, texts]) => texts.length);
    if (!found.length) {
      say(own.none);
      return;
    }
    const { CSRF_TOKEN: token, CSRF_HEADER_NAME: header } = config();
    const answer = await fetch(own.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", [header || "X-CSRFToken"]: token },
      body: JSON.stringify({ texts: found.flatMap(([, texts]) => texts) }),
    }).catch(() => null);
    if (!answer || !answer.ok) {
      say(own.failed);
      return;
    }
    const turned = (await answer.json()).texts;
    let doubtful = 0;
    found.forEach(([field, texts]) => {
      const answers = turned.splice(0, texts.length);
      doubtful += show(field, answers, field.write(answers.map(({ latin }) => latin)));
    });
    say(`${own.done}: ${found.length}. ${own.doubtful}: ${doubtful}.`);
  };

  const offer = (field) => {
    const there = notes.get(field.element);
    const isCyrillic = field.pieces().length > 0;
    if (isCyrillic && !there?.matches("[data-offer]")) {
      note(field.element, make("span", {}, own.cyrillic), " ", button(own.press, press));
      notes.get(field.element).dataset.offer = "";
    } else if (!isCyrillic && there?.matches("[data-offer]")) {
      note(field.element);
    }
  };

  let waiting;
  const scan = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => fields().forEach(offer), PAUSE);
  };

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("main form");
    if (!form) return;
    document.body.append(region);
    ["input", "paste", "focusout"].forEach((name) => document.addEventListener(name, (event) => {
      if (name === "input" && event.isTrusted) say("");
      scan();
    }));
    document.addEventListener("click", (event) => {
      if (!event.target.closest("[data-latin-press]")) return;
      event.preventDefault();
      press();
    });
    scan();
  });
})();
