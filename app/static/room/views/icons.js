// A picture from the page's sprite; their names stand in app/libraries.py. It stands beside words, or the button that
// holds it has a name.

import { html } from "htm/preact";

const SPRITE = document.querySelector('meta[name="icons"]').content;

export function Icon({ name }) {
  return html`<svg class="icon" aria-hidden="true" focusable="false"><use href=${`${SPRITE}#${name}`} /></svg>`;
}
