// The page itself: the switch between light and dark, the contents, and the sections with their samples.

import { html } from "htm/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Questions } from "room/views/dialog.js";
import { Choice } from "room/views/field.js";
import { Toasts } from "room/views/toast.js";
import { SCHEMES, scheme, show } from "styleguide/scheme.js";

/** `sections`: [{id, title, words, samples: [{title, wide, box, body}]}] or, instead of samples, a view as `body`. */
export function Guide({ sections }) {
  return html`
    <div class="guide">
      <header class="guide-head stack">
        <h1>Style guide</h1>
        <p class="purpose">
          Every token and every component in all its states, drawn by the style sheets and the views that the app itself uses. What is
          shown once for each state is a still: it looks and feels as in the room, and does nothing.
        </p>
        <${Choice} label="Colours" labelled options=${SCHEMES} value=${scheme.value} onChoose=${show} />
      </header>
      <nav class="guide-nav" aria-label="Contents">
        <ul class="guide-contents">
          ${sections.map(({ id, title }) => html`<li key=${id}><a href=${`#${id}`}>${title}</a></li>`)}
        </ul>
      </nav>
      <div class="guide-sections">${sections.map((each) => html`<${Section} key=${each.id} ...${each} />`)}</div>
    </div>
    <${Questions} />
    <${Toasts} />
  `;
}

function Section({ id, title, words, samples = [], body }) {
  return html`<section class="guide-section stack">
    <h2 id=${id} tabindex="-1">${title}</h2>
    ${words && html`<p class="hint guide-words">${words}</p>`}
    ${body && html`<${body} />`}
    ${samples.length > 0 && html`<div class="samples">${samples.map((each) => html`<${Sample} key=${each.title} ...${each} />`)}</div>`}
  </section>`;
}

/** One state. `body` is a view, the nodes of a still, or the id of a template that the server filled; `box`: classes around it. */
function Sample({ title, wide = false, box = "", body }) {
  return html`<figure class=${`sample ${wide ? "is-wide" : ""}`}>
    <figcaption class="hint">${title}</figcaption>
    <div class="sample-body">
      ${typeof body === "function" ? html`<div class=${box}><${body} /></div>` : html`<${Nodes} nodes=${body} box=${box} />`}
    </div>
  </figure>`;
}

function Nodes({ nodes, box }) {
  const place = useRef(null);
  useLayoutEffect(() => {
    const found = typeof nodes === "string" ? document.getElementById(nodes).content.cloneNode(true).childNodes : nodes;
    place.current.replaceChildren(...found);
  }, [nodes]);
  return html`<div ref=${place} class=${box}></div>`;
}
