import { html } from "htm/preact";
import { signal } from "@preact/signals";

const SHOWN_MS = 7000;

const shown = signal([]);
let count = 0;

/** Say something in passing, at the edge of the screen. The same sentence is not shown twice at a time. */
export function toast(sentence) {
  if (!sentence || shown.value.some((each) => each.sentence === sentence)) return;
  const id = (count += 1);
  shown.value = [...shown.value.slice(-2), { id, sentence }];
  setTimeout(() => drop(id), SHOWN_MS);
}

const drop = (id) => (shown.value = shown.value.filter((each) => each.id !== id));

export function Toasts() {
  return html`<div class="toasts" role="status" aria-live="polite" aria-atomic="false">
    ${shown.value.map(
      ({ id, sentence }) => html`<p key=${id} class="toast" onClick=${() => drop(id)}>${sentence}</p>`,
    )}
  </div>`;
}
