import { html } from "htm/preact";
import { driftSeconds, leftSeconds, tick } from "room/clock.js";
import { _, ngettext } from "room/i18n.js";
import { everyone, presence, session, urls } from "room/store.js";
import { Icon } from "room/views/icons.js";
import { timeOfDay } from "room/views/clock.js";
import { SoundSwitch } from "room/views/sound_switch.js";

/** The top of the room: which session this is, and the way into the call. `onPeople` shows who is here, on phones. */
export function Header({ onPeople }) {
  const { title, call_url } = session.value;
  return html`<header class="room-top">
    <a class="room-mark" href=${urls.home} aria-label=${_("Intervise, start page")}><${Mark} /></a>
    <p class="room-title">${title}</p>
    <div class="room-tools">
      ${onPeople && html`<${PeopleButton} onPress=${onPeople} />`}
      ${!onPeople && html`<${SoundSwitch} />`}
      ${call_url &&
      html`<a class="button is-small" href=${call_url} target="_blank" rel="noopener noreferrer">
        <${Icon} name="video" /><span class="label-wide">${_("Join the call")}</span><span
            class="label-narrow">${_("Call")}</span>
      </a>`}
    </div>
  </header>`;
}

function Mark() {
  return html`<svg class="mark" viewBox="0 0 64 64" aria-hidden="true">
    <path d="M32 8a24 24 0 0 1 21 12.5M56 32a24 24 0 0 1-12.5 21M32 56a24 24 0 0 1-21-12.5M8 32a24 24 0 0 1 12.5-21" />
    <circle cx="32" cy="32" r="9" />
  </svg>`;
}

function PeopleButton({ onPress }) {
  const waiting = everyone.value.filter((each) => each.status === "waiting").length;
  const waits = ngettext("%(count)s waits", "%(count)s wait", { count: waiting });
  const here = _("%(count)s here", { count: presence.value.online.length });
  return html`<button type="button" class="button is-quiet is-small" aria-haspopup="dialog" onClick=${onPress}>
    <${Icon} name="people" />${here}
    ${waiting > 0 && html`<span class="badge is-warm">${waits}</span>`}
  </button>`;
}

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
    <p class="session-words">
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
