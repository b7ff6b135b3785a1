// What a screen reader is told, in one place: phase, turn, time, connection, and news in bundles.

import { html } from "htm/preact";
import { effect, signal, untracked } from "@preact/signals";
import { onPassing } from "room/clock.js";
import { _, ngettext } from "room/i18n.js";
import { restarting } from "room/socket.js";
import { connection, everyone, isNew, items, me, method, session, step } from "room/store.js";
import { RESTARTING } from "room/views/clock.js";
import { named } from "room/views/entry.js";
import { toast } from "room/views/toast.js";

const GAP_MS = 1500;
const GATHER_MS = 2500;
const NEWS_MS = 15_000;

/** What was said last; each has its own number, because only a new element is read out, even with the same words. */
const spoken = signal({ number: 0, sentence: "" });
const queue = [];
let speaking = false;
let known = new Set();
let news = 0;
let newsAt = null;
let toldAt = -Infinity;

export function say(sentence) {
  if (queue.includes(sentence)) return;
  queue.push(sentence);
  if (!speaking) next();
}

function next() {
  speaking = queue.length > 0;
  if (!speaking) return;
  spoken.value = { number: spoken.value.number + 1, sentence: queue.shift() };
  setTimeout(next, GAP_MS);
}

export function startAnnouncer() {
  onPassing((mark) => say(mark === "zero" ? _("The time for this step is up.") : _("One minute left.")));
  onChange(() => session.value.step, sayStep);
  onChange(() => session.value.turn?.seat, sayTurn);
  onChange(() => connection.value === "offline", sayConnection);
  onChange(() => everyone.value.filter((each) => each.status === "waiting").length, sayWaiting);
  effect(countNews);
}

export function Announcer() {
  return html`<div class="visually-hidden" role="log" aria-live="polite" aria-atomic="true">
    <p key=${spoken.value.number}>${spoken.value.sentence}</p>
  </div>`;
}

/** The phase in words: "Phase 2 of 6: Clarifying questions". */
export function phaseInWords(row = step()) {
  if (row.phase === null) return row.title;
  const values = { number: row.phase, count: Object.keys(method.phases).length, title: row.title };
  return _("Phase %(number)s of %(count)s: %(title)s", values);
}

function sayStep() {
  say(`${phaseInWords()}. ${step().purpose[me.value.role]}`);
}

function sayTurn(seat) {
  if (seat) say(seat === me.value.seat ? _("It is your turn.") : _("%(name)s has the turn.", named(seat)));
}

/** Only moderators see who waits; before the room opens everybody does. */
function sayWaiting(count, before) {
  if (count > before && session.value.step !== "planned") toast(_("Somebody waits to be let in."));
}

function sayConnection(isOffline) {
  const offline = restarting.value ? RESTARTING : _("You are offline. What you write is kept.");
  say(isOffline ? offline : _("You are connected again."));
}

/** What others wrote; a mark without words is no news. */
function countNews() {
  const ids = Object.keys(items.value);
  const isNews = (id) => !known.has(id) && isNew(id) && !items.value[id].mine && items.value[id].text;
  news += ids.filter(isNews).length;
  known = new Set(ids);
  if (news && newsAt === null) newsAt = setTimeout(sayNews, Math.max(GATHER_MS, toldAt + NEWS_MS - performance.now()));
}

/** In bundles: soon after the first, then at most four times a minute, however much arrives. */
function sayNews() {
  say(ngettext("%(count)s new contribution.", "%(count)s new contributions.", { count: news }));
  [news, newsAt, toldAt] = [0, null, performance.now()];
}

/** Call `tell` when the value changes, but not for the value that the page began with. */
function onChange(read, tell) {
  let before;
  let begun = false;
  effect(() => {
    if (!session.value) return;
    const now = read();
    const last = before;
    before = now;
    if (begun && now !== last) untracked(() => tell(now, last));
    begun = true;
  });
}
