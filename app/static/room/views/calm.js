// What a person sees when there is nothing to do for them now: said out loud, so that nobody looks for a button.

import { html } from "htm/preact";

export function Calm({ title, children }) {
  return html`<div class="empty calm">
    ${title && html`<p class="calm-title">${title}</p>`}
    ${children && html`<p>${children}</p>`}
  </div>`;
}
