import { html } from "htm/preact";
import { effect } from "@preact/signals";
import { allottedSeconds, format, isRunning, leftSeconds, turnElapsed } from "room/clock.js";
import { _, ngettext } from "room/i18n.js";
import { outbox, restarting } from "room/socket.js";
import { connection, me, nameOf, page, session, step } from "room/store.js";
import { Icon } from "room/views/icons.js";

/** The heart of the room: how much time is left in this step, and beside it whose turn it is. */
export function Clock() {
  const left = leftSeconds();
  return html`<section class=${`clock ${mood(left)} ${session.value.turn ? "has-turn" : ""}`} aria-label=${_("Clock")}>
    ${left === null ? html`<${NoClock} />` : html`<${Face} left=${left} />`}
    <${Turn} />
    <${Line} />
  </section>`;
}

function Face({ left }) {
  const allotted = allottedSeconds();
  const part = left <= 0 ? 1 : Math.min(1, left / Math.max(allotted, 1));
  return html`<div class="clock-face">
      <${Ring} part=${part} />
      <span class="clock-time" role="timer" aria-live="off" data-length=${format(left).length}>${format(left)}</span>
      <span class="clock-words">${words(left, allotted)}</span>
    </div>
    <div class="clock-bar" aria-hidden="true"><span style=${{ transform: `scaleX(${part})` }}></span></div>`;
}

function Ring({ part }) {
  return html`<svg class="clock-ring" viewBox="0 0 100 100" aria-hidden="true">
    <circle class="clock-track" cx="50" cy="50" r="46" />
    <circle class="clock-hand" cx="50" cy="50" r="46" pathLength="100" stroke-dasharray="100"
        stroke-dashoffset=${100 - 100 * part} />
  </svg>`;
}

function mood(left) {
  if (left === null) return "is-off";
  if (left <= 0) return "is-over";
  if (left <= 60) return "is-short";
  return isRunning() ? "is-running" : "is-paused";
}

function words(left, allotted) {
  if (!isRunning()) {
    const untouched = Math.abs(left - allotted) < 1;
    return html`<${Icon} name="pause" /> ${untouched ? _("Not started") : _("Paused")}`;
  }
  if (left <= 0) return html`<${Icon} name="hourglass" /> ${_("over time")}`;
  if (left <= 60) return html`<${Icon} name="hourglass" /> ${_("last minute")}`;
  const minutes = Math.round(allotted / 60);
  return ngettext("of %(count)s minute", "of %(count)s minutes", { count: minutes });
}

function NoClock() {
  const { step: name, starts_at, closed_at } = session.value;
  const isClosed = name === "closed";
  const at = isClosed ? closed_at : starts_at;
  return html`<p class="clock-none">
    <span>${isClosed ? _("Closed at") : _("Starts at")}</span>
    <strong>${at ? timeOfDay(at) : "–"}</strong>
  </p>`;
}

/**
 * Times and dates as the reader writes them: their own region's habit, if it speaks the page's language. Some systems name a locale
 * that is no language tag ("en-US@posix"), which Intl would throw at.
 */
const tags = [...navigator.languages, page.locale.replace("_", "-")].filter((tag) => /^[a-z0-9-]+$/i.test(tag));
export const region = tags.find((tag) => tag.split("-")[0] === page.locale.split(/[-_]/)[0]) ?? "en";

export const timeOfDay = (ms) => new Intl.DateTimeFormat(region, { hour: "numeric", minute: "2-digit" }).format(ms);

function Turn() {
  const { turn } = session.value;
  if (!turn) return null;
  const isMine = turn.seat === me.value.seat;
  const over = turnElapsed() - turn.seconds;
  const part = Math.min(1, turnElapsed() / Math.max(turn.seconds, 1));
  return html`<div class=${`turn ${isMine ? "is-mine" : ""} ${over > 0 ? "is-over" : ""}`}>
    <${Icon} name="speak" />
    <span class="turn-name">${isMine ? _("Your turn") : nameOf(turn.seat)}</span>
    <span class="turn-time">${format(turnElapsed())}</span>
    <span class="turn-bar" aria-hidden="true"><span style=${{ transform: `scaleX(${part})` }}></span></span>
  </div>`;
}

export const RESTARTING = _("A moment: Intervise restarts. Your text is kept.");

/** The state of the connection, when it matters. */
function Line() {
  if (connection.value === "live") return null;
  if (restarting.value) {
    return html`<p class="line"><${Icon} name="hourglass" /><span>${RESTARTING}</span></p>`;
  }
  const sentence = outbox.value.length
    ? _("You are offline. What you wrote is sent when the connection is back.")
    : _("You are offline. What you write is kept.");
  return html`<p class="line"><${Icon} name="offline" /><span>${sentence}</span></p>`;
}

/** The tab's title says the time too, for whoever has the call in front. */
export function startTitle(title) {
  effect(() => {
    if (!session.value) return;
    const left = leftSeconds();
    const isMine = session.value.turn?.seat === me.value.seat;
    const parts = [
      connection.value === "offline" && _("Offline"),
      isMine && _("Your turn"),
      left !== null && format(left),
      step().title,
      title,
    ];
    document.title = parts.filter(Boolean).join(" · ");
  });
}
