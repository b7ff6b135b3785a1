// The tokens, read from tokens.css: what is in there is here.

import { html } from "htm/preact";
import { signal } from "@preact/signals";
import { nameColours, pairs } from "styleguide/contrast.js";

const sheet = [...document.styleSheets].find(({ href }) => href?.includes("/css/tokens.css"));
const DAY = declared([...sheet.cssRules]);
const NIGHT = declared(inside("prefers-color-scheme: dark"));

function inside(condition) {
  return [...sheet.cssRules].filter((rule) => rule.media?.mediaText.includes(condition)).flatMap((rule) => [...rule.cssRules]);
}

/** [name, value] of every custom property that these rules give to the root. */
function declared(rules) {
  return rules
    .filter((rule) => rule.selectorText === ":root")
    .flatMap(({ style }) => [...style].filter((name) => name.startsWith("--")).map((name) => [name, style.getPropertyValue(name).trim()]));
}

const night = new Map(NIGHT);
// A value with var() in it passes for one of any property.
const is = (property) => (_name, value) => !value.includes("var(") && CSS.supports(property, value);
const starts = (...beginnings) => (name) => beginnings.some((beginning) => name.startsWith(beginning));

const KINDS = [
  { id: "colour", title: "Colour", has: is("color"), body: Colours, words: "By day and by night. Under each name its contrast with what it is used on in the samples below, measured on this page: light, then dark." },
  { id: "type", title: "Type", has: starts("--font", "--text", "--line"), body: Types },
  { id: "space", title: "Space", has: starts("--space", "--target", "--edge", "--measure"), body: Spaces },
  { id: "radius", title: "Radius", has: starts("--radius"), body: Radii },
  { id: "shadow", title: "Shadow", has: is("box-shadow"), body: Shadows },
  { id: "motion", title: "Motion", has: (...row) => is("transition-duration")(...row) || is("transition-timing-function")(...row), body: Motions, words: "Quick for an answer to a touch, calm for something that arrives, slow for a moment of its own. Nothing moves under reduced motion." },
  { id: "others", title: "Other tokens", has: () => true, body: Others },
];

function kindOf([name, value]) {
  return KINDS.find(({ has }) => has(name, value));
}

/** Each kind of token that there is, as a section of the guide. */
export const TOKENS = KINDS.map((kind) => ({ kind, rows: DAY.filter((row) => kindOf(row) === kind) }))
  .filter(({ rows }) => rows.length)
  .map(({ kind: { id, title, words, body }, rows }) => ({ id, title, words, body: () => html`<${body} rows=${rows} />` }));

nameColours(DAY.filter((row) => kindOf(row).id === "colour").map(([name]) => name));

function Rows({ rows, show }) {
  return html`<ul class="tokens">
    ${rows.map(([name, value]) => html`<li key=${name} class="token"><${Name} name=${name} value=${value} />${show?.(name, value)}</li>`)}
  </ul>`;
}

function Name({ name, value }) {
  return html`<p class="token-name"><code>${name}</code> <span class="hint">${value}</span></p>`;
}

function Types({ rows }) {
  return Rows({ rows, show: (name) => html`<p class="token-words" style=${typed(name)}>Whoever listens, thinks along. 12:45</p>` });
}

function typed(name) {
  if (name.startsWith("--font")) return { fontFamily: `var(${name})` };
  return name.startsWith("--text") ? { fontSize: `var(${name})`, lineHeight: "var(--line-tight)" } : { lineHeight: `var(${name})` };
}

function Spaces({ rows }) {
  return Rows({ rows, show: (name) => html`<span class="token-space" style=${{ inlineSize: `var(${name})` }}></span>` });
}

function Radii({ rows }) {
  return Rows({ rows, show: (name) => html`<span class="token-box" style=${{ borderRadius: `var(${name})` }}></span>` });
}

function Shadows({ rows }) {
  return Rows({ rows, show: (name) => html`<span class="token-box is-lifted" style=${{ boxShadow: `var(${name})` }}></span>` });
}

function Others({ rows }) {
  return Rows({ rows });
}

const there = signal(false);

function Motions({ rows }) {
  return html`
    <div><button type="button" class="button" onClick=${() => (there.value = !there.value)}>Move the dots</button></div>
    <${Rows} rows=${rows} show=${(name, value) => html`<span class=${`token-track ${there.value ? "is-there" : ""}`}><span class="token-dot" style=${moved(name, value)}></span></span>`} />
  `;
}

const moved = (name, value) => (CSS.supports("transition-duration", value) ? { transitionDuration: `var(${name})` } : { transitionTimingFunction: `var(${name})` });

function Colours({ rows }) {
  return html`<ul class="tokens is-colours">
    ${rows.map(([name, value]) => html`<${Colour} key=${name} name=${name} day=${value} night=${night.get(name) ?? value} />`)}
  </ul>`;
}

function Colour({ name, day, night }) {
  return html`<li class="token">
    <span class="token-swatch" aria-hidden="true"><span style=${{ background: day }}></span><span style=${{ background: night }}></span></span>
    <${Name} name=${name} value=${day === night ? day : `${day} · ${night}`} />
    <${Pairs} name=${name} />
  </li>`;
}

function Pairs({ name }) {
  const own = pairs.value.filter(({ over, under }) => over === name || under === name);
  if (!own.length) return null;
  return html`<ul class="pairs">
    ${own
      .sort((a, b) => (b.over === name) - (a.over === name) || Math.min(a.light, a.dark) - Math.min(b.light, b.dark))
      .map((pair) => html`<${Pair} key=${`${pair.sort} ${pair.over} ${pair.under}`} pair=${pair} isOver=${pair.over === name} />`)}
  </ul>`;
}

function Pair({ pair, isOver }) {
  const { sort, least, light, dark } = pair;
  const other = (isOver ? pair.under : pair.over).replace("--", "");
  return html`<li>
    <span>${sort === "edge" ? (isOver ? "edge on" : "under the edge") : isOver ? "on" : "under"} ${other}</span>
    <${Ratio} value=${light} least=${least} /><${Ratio} value=${dark} least=${least} />
  </li>`;
}

/** Rounded down, so that 4.49 is no 4.5. */
function Ratio({ value, least }) {
  const words = (Math.floor(value * 10) / 10).toFixed(1);
  return html`<span class=${`pair-ratio ${value < least ? "is-low" : ""}`}>${words}${value < least && " too low"}</span>`;
}
