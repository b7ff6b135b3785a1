import { html } from "htm/preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { signal } from "@preact/signals";
import { _ } from "room/i18n.js";
import { Icon } from "room/views/icons.js";
import { Toasts } from "room/views/toast.js";

const questions = signal([]);
let count = 0;

/** Ask before something that matters; resolves to true only for `yes`. A second Enter says no. */
export function confirm({ title, text = "", yes = _("Yes"), no = _("Cancel"), danger = false }) {
  return new Promise((resolve) => {
    const id = (count += 1);
    const answer = (value) => {
      questions.value = questions.value.filter((each) => each.id !== id);
      resolve(value);
    };
    questions.value = [...questions.value, { id, title, text, yes, no, danger, answer }];
  });
}

/** Placed once in the page: shows what `confirm` asks. */
export function Questions() {
  return questions.value.map(
    ({ id, title, text, yes, no, danger, answer }) => html`<${Dialog} key=${id} title=${title}
        onClose=${() => answer(false)} small>
      ${text && html`<p>${text}</p>`}
      <div class="row dialog-buttons">
        <button type="button" class="button" autofocus onClick=${() => answer(false)}>${no}</button>
        <button type="button" class=${`button is-primary ${danger ? "is-danger" : ""}`} onClick=${() => answer(true)}>${yes}</button>
      </div>
    <//>`,
  );
}

/**
 * A modal window. Escape and a press beside it close it; the focus goes back. It lies above the page's toasts, so it has
 * them once more. `sheet`: from the bottom edge on phones.
 */
export function Dialog({ title, onClose, sheet = false, small = false, children }) {
  const element = useRef(null);
  const heading = useId();
  useLayoutEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    dialog.showModal();
    return () => {
      dialog.close(); // nothing behind it takes the focus before that
      (before?.isConnected ? before : document.getElementById("main"))?.focus();
    };
  }, []);
  const kind = sheet ? "is-sheet" : small ? "is-small" : "";
  return html`<dialog
    ref=${element}
    class=${`dialog ${kind}`}
    aria-labelledby=${heading}
    onCancel=${(event) => {
      event.preventDefault();
      onClose();
    }}
    onClick=${(event) => event.target === element.current && onClose()}
  >
    <div class="dialog-body">
      <header class="dialog-head">
        <h2 id=${heading}>${title}</h2>
        <button type="button" class="button is-quiet is-icon" aria-label=${_("Close")} onClick=${onClose}>
          <${Icon} name="close" />
        </button>
      </header>
      ${children}
    </div>
    <${Toasts} />
  </dialog>`;
}
