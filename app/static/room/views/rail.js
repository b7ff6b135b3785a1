import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { _ } from "room/i18n.js";
import { method, session, step } from "room/store.js";
import { Icon } from "room/views/icons.js";
import { SessionBar } from "room/views/session_bar.js";

/** The six phases: which are done, which one this is; and how the session keeps its time. */
export function Rail() {
  return html`<nav class="rail" aria-label=${_("Phases")}><${Phases} /><${SessionBar} /></nav>`;
}

/** The same on a small screen: one line with six marks, which opens over the page. */
export function RailFold() {
  const fold = useRef(null);
  useClosedFromOutside(fold);
  return html`<nav class="rail-fold" aria-label=${_("Phases")}>
    <details ref=${fold}>
      <summary>
        <span class="rail-now">${inOneLine()}</span><${Icon} name="down" />
        <span class="rail-marks" aria-hidden="true">
          ${Object.keys(method.phases).map((number) => html`<span key=${number} class=${stateOf(number)}></span>`)}
        </span>
      </summary>
      <div class="rail">
        <p class="rail-title">${session.value.title}</p>
        <${Phases} /><${SessionBar} />
      </div>
    </details>
  </nav>`;
}

/** What lies over the page goes away by a tap beside it, by Escape, and when the keyboard moves on. */
function useClosedFromOutside(fold) {
  useEffect(() => {
    const close = () => (fold.current.open = false);
    const leave = ({ target }) => fold.current.contains(target) || close();
    const escape = ({ key }) => key === "Escape" && close();
    document.addEventListener("pointerdown", leave);
    document.addEventListener("focusin", leave);
    document.addEventListener("keydown", escape);
    return () => {
      document.removeEventListener("pointerdown", leave);
      document.removeEventListener("focusin", leave);
      document.removeEventListener("keydown", escape);
    };
  }, []);
}

function Phases() {
  return html`<ol class="phases">
    ${Object.entries(method.phases).map(([number, title]) => {
      const state = stateOf(number);
      return html`<li key=${number} class=${`phase ${state}`}
          aria-current=${state === "is-current" ? "step" : undefined}>
        <span class="phase-number">${state === "is-done" ? html`<${Icon} name="check" />` : number}</span>
        <span class="phase-title">${title}</span>
        ${state === "is-done" && html`<span class="visually-hidden">${_("done")}</span>`}
      </li>`;
    })}
  </ol>`;
}

function stateOf(number) {
  if (Number(number) === place()) return "is-current";
  return Number(number) < place() ? "is-done" : "";
}

/** The current phase's number; 0 before the first, 7 after the last. */
function place() {
  if (session.value.step === "closed") return 7;
  return step().phase ?? 0;
}

function inOneLine() {
  const { phase, title } = step();
  if (phase === null) return title;
  // A step that is the phase itself goes by the phase's name, which is the shorter one.
  const name = title.startsWith(method.phases[phase]) ? method.phases[phase] : title;
  return _("%(number)s of %(count)s · %(title)s", { number: phase, count: Object.keys(method.phases).length, title: name });
}
