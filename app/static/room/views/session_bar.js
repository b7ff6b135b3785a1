import { html } from "htm/preact";
import { driftSeconds, leftSeconds, tick } from "room/clock.js";
import { _, ngettext } from "room/i18n.js";
import { session } from "room/store.js";
import { timeOfDay } from "room/views/clock.js";

/** All steps in proportion to their time, how far the session is, and whether that is ahead or behind, in words. */
export function SessionBar() {
  const { steps, step: current } = session.value;
  const index = steps.findIndex((each) => each.name === current);
  return html`<div class="session-bar">
    <div class="session-steps" aria-hidden="true">
      ${steps.map(
        (row, position) => html`<span
          key=${row.name}
          class=${position < index || index < 0 ? stateOutside(current) : position === index ? "is-current" : ""}
          style=${{ flexGrow: Math.max(row.allotted_s, 1) }}
        >
          ${position === index && html`<span style=${{ transform: `scaleX(${partDone(row)})` }}></span>`}
        </span>`,
      )}
    </div>
    <p class="session-state">
      ${index < 0 ? outside() : html`${drift()}${" "}<span class="hint">${ending(steps, index)}</span>`}
    </p>
  </div>`;
}

const stateOutside = (current) => (current === "planned" ? "" : "is-done");

const partDone = (row) => Math.min(1, Math.max(0, 1 - (leftSeconds() ?? 0) / Math.max(row.allotted_s, 1)));

/** Before the session its length, after it how long it took. */
function outside() {
  const { started_at, closed_at, length } = session.value;
  const count = started_at && closed_at ? Math.max(1, Math.round((closed_at - started_at) / 60_000)) : length;
  return closed_at
    ? ngettext("It took %(count)s minute", "It took %(count)s minutes", { count })
    : ngettext("%(count)s minute planned", "%(count)s minutes planned", { count });
}

function drift() {
  const minutes = Math.round(driftSeconds() / 60);
  if (minutes === 0) return _("On time");
  if (minutes > 0) return ngettext("%(count)s minute behind", "%(count)s minutes behind", { count: minutes });
  return ngettext("%(count)s minute ahead", "%(count)s minutes ahead", { count: -minutes });
}

function ending(steps, index) {
  const rest = steps.slice(index + 1).reduce((sum, row) => sum + row.allotted_s, Math.max(leftSeconds() ?? 0, 0));
  const nearest = Math.round((tick.peek() / 1000 + rest) / 60) * 60_000;
  return _("ends at about %(time)s", { time: timeOfDay(nearest) });
}
