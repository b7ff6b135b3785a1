import { html } from "htm/preact";
import { _ } from "room/i18n.js";
import { method, session, step } from "room/store.js";
import { SessionBar } from "room/views/header.js";
import { Icon } from "room/views/icons.js";

/** The six phases: which are done, which one this is. Folded into one line on a phone. */
export function Rail({ isWide }) {
  const inside = html`<${Phases} /><${SessionBar} />`;
  if (isWide) return html`<nav class="rail" aria-label=${_("Phases")}>${inside}</nav>`;
  return html`<nav class="rail-fold" aria-label=${_("Phases")}>
    <details>
      <summary><span>${inOneLine()}</span><${Icon} name="down" /></summary>
      <div class="rail">${inside}</div>
    </details>
  </nav>`;
}

function Phases() {
  const now = place();
  return html`<ol class="phases">
    ${Object.entries(method.phases).map(([number, title]) => {
      const state = Number(number) < now ? "is-done" : Number(number) === now ? "is-current" : "";
      return html`<li key=${number} class=${`phase ${state}`}
          aria-current=${state === "is-current" ? "step" : undefined}>
        <span class="phase-number">${state === "is-done" ? html`<${Icon} name="check" />` : number}</span>
        <span class="phase-title">${title}</span>
        ${state === "is-done" && html`<span class="visually-hidden">${_("done")}</span>`}
      </li>`;
    })}
  </ol>`;
}

/** The current phase's number; 0 before the first, 7 after the last. */
function place() {
  if (session.value.step === "closed") return 7;
  return step().phase ?? 0;
}

function inOneLine() {
  const { phase, title } = step();
  if (phase === null) return title;
  return _("%(number)s of %(count)s · %(title)s", { number: phase, count: Object.keys(method.phases).length, title });
}
