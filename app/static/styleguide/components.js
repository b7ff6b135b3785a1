// The components that are classes of components.css: a button is a button everywhere.

import { html } from "htm/preact";
import { page } from "room/page.js";
import { Calm } from "room/views/calm.js";
import { Icon } from "room/views/icons.js";

const BUTTONS = [
  ["Normal", ""],
  ["Primary", "is-primary"],
  ["Quiet", "is-quiet"],
  ["Danger", "is-danger"],
  ["Danger, primary", "is-danger is-primary"],
  ["Danger, quiet", "is-quiet is-danger"],
];

/** A row of one sort: as it is, with an icon, small, off. */
const buttons = ([words, sort]) => ({
  title: words,
  body: () => html`<div class="row">
    <button type="button" class=${`button ${sort}`}>${words}</button>
    <button type="button" class=${`button ${sort}`}><${Icon} name="next" />With an icon</button>
    <button type="button" class=${`button is-small ${sort}`}>Small</button>
    <button type="button" class=${`button is-icon ${sort}`} aria-label=${`${words}, icon`}><${Icon} name="more" /></button>
    <button type="button" class=${`button ${sort}`} disabled>Disabled</button>
  </div>`,
});

const BANNERS = [
  ["Note", ""],
  ["Warm: needs attention", "is-warm"],
  ["Alert: did not work", "is-alert"],
  ["Listening", "is-listening"],
];

const BADGES = [["Usual", ""], ["Lead", "is-lead"], ["Warm", "is-warm"], ["Quiet", "is-quiet"], ["Helps", "is-helps"], ["Maybe", "is-maybe"], ["Not now", "is-not_now"]];

const chip = (title, words, props = {}) => ({
  title,
  body: () => html`<button type="button" class="chip" ...${props}>${words}</button>`,
});

export const COMPONENTS = [
  {
    id: "icons",
    title: "Icons",
    words: "They stand beside words, or the button that holds them has a name.",
    body: () => html`<ul class="icons">${page.icons.map((name) => html`<li key=${name}><${Icon} name=${name} /><code>${name}</code></li>`)}</ul>`,
  },
  {
    id: "buttons",
    title: "Button",
    words: "One primary button in sight: the next thing to do.",
    samples: [
      ...BUTTONS.map(buttons),
      { title: "Wide", body: () => html`<button type="button" class="button is-wide">As wide as its place</button>` },
      { title: "A link", body: () => html`<a class="button" href="#buttons">Goes somewhere</a>` },
    ],
  },
  {
    id: "fields",
    title: "Field",
    words: "From the pages’ own macros and a form that was checked on the server.",
    samples: [{ title: "All sorts and states", wide: true, box: "guide-fields", body: "served-fields" }],
  },
  {
    id: "cards",
    title: "Card",
    samples: [
      { title: "With a heading", body: () => html`<section class="card stack"><h3>A plan with a first step</h3><p>What belongs together, on paper of its own.</p></section>` },
      { title: "To check", body: () => html`<label class="check card"><input type="checkbox" /><span>A card that is one choice<span class="hint block">With what it means under it.</span></span></label>` },
    ],
  },
  {
    id: "chips",
    title: "Chip",
    words: "Small choices and beginnings of a sentence.",
    samples: [
      chip("Off", "What happened when…"),
      chip("On", html`<${Icon} name="check" />I would like to help with this`, { "aria-pressed": "true" }),
      chip("Disabled", "Cara", { disabled: true }),
    ],
  },
  {
    id: "badges",
    title: "Badge",
    samples: [{ title: "All sorts", body: () => html`<p class="row">${BADGES.map(([words, sort]) => html`<span class=${`badge ${sort}`}>${words}</span>`)}</p>` }],
  },
  {
    id: "banners",
    title: "Banner",
    samples: [
      ...BANNERS.map(([title, sort]) => ({ title, body: () => html`<p class=${`banner ${sort}`}>What happened, and what to do next.</p>` })),
      { title: "With an icon", body: () => html`<p class="banner"><${Icon} name="check" /><span>Thank you. Your two answers are counted.</span></p>` },
      {
        title: "With a button",
        body: () => html`<div class="banner"><p>You have presented your plan.</p><button type="button" class="button is-quiet is-small">I am not done yet</button></div>`,
      },
    ],
  },
  {
    id: "empty",
    title: "Empty state",
    words: "Says what will be here, and what to do.",
    samples: [
      { title: "Nothing here yet", body: () => html`<p class="empty">No ideas yet. The first one may be a wild one.</p>` },
      { title: "Nothing to do now", body: () => html`<${Calm} title="Everybody is writing for themselves.">Keep the silence until the time is up.<//>` },
    ],
  },
  {
    id: "table",
    title: "Table",
    samples: [{ title: "Figures stand under each other", body: Table }],
  },
  {
    id: "found",
    title: "Search result",
    samples: [{ title: "A past session with its hits", wide: true, body: "served-found" }],
  },
  {
    id: "skip",
    title: "Skip link",
    words: "The first thing that the Tab key finds on every page; to be seen only while it has the focus.",
    samples: [{ title: "Press the button", body: SkipLink }],
  },
];

function Table() {
  return html`<table class="table">
    <thead><tr><th scope="col">Phase</th><th scope="col">Minutes</th></tr></thead>
    <tbody>
      <tr><td>Issue statement</td><td>6</td></tr>
      <tr><td>Brainstorm</td><td>11</td></tr>
    </tbody>
  </table>`;
}

function SkipLink() {
  const show = () => document.querySelector(".skip-link").focus();
  return html`<button type="button" class="button" onClick=${show}>Show the skip link</button>`;
}
