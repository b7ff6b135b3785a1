// What a screen reader is told, in one place: phase, turn, time, connection, and news in bundles.

import { html } from "htm/preact";
import { effect, signal, untracked } from "@preact/signals";
import { onPassing } from "room/clock.js";
import { _, ngettext } from "room/i18n.js";
import { connection, everyone, isNew, items, me, method, session, step } from "room/store.js";
import { toast } from "room/views/toast.js";

const GAP_MS = 1500;
const NEWS_MS = 15_000;

const spoken = signal("");
const queue = [];
let speaking = false;
let known = new Set();
let news = 0;

export function say(sentence) {
  if (queue.includes(sentence)) return;
  queue.push(sentence);
  if (!speaking) next();
}

function next() {
  speaking = queue.length > 0;
  if (!speaking) return;
  spoken.value = queue.shift();
  setTimeout(next, GAP_MS);
}

export function startAnnouncer() {
  onPassing((mark) => say(mark === "zero" ? _("The time for this step is up.") : _("One minute left.")));
  onChange(() => session.value.step, sayStep);
  onChange(() => session.value.turn?.seat, sayTurn);
  onChange(() => connection.value === "offline", sayConnection);
  onChange(() => everyone.value.filter((each) => each.status === "waiting").length, sayWaiting);
  effect(countNews);
  setInterval(sayNews, NEWS_MS);
}

export function Announcer() {
  return html`<div class="visually-hidden" role="log" aria-live="polite" aria-atomic="true">${spoken}</div>`;
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
  if (seat === me.value.seat) say(_("It is your turn."));
}

/** Only moderators see who waits; before the room opens everybody does. */
function sayWaiting(count, before) {
  if (count > before && session.value.step !== "planned") toast(_("Somebody waits to be let in."));
}

function sayConnection(isOffline) {
  say(isOffline ? _("You are offline. What you write is kept.") : _("You are connected again."));
}

function countNews() {
  const ids = Object.keys(items.value);
  news += ids.filter((id) => !known.has(id) && isNew(id) && !items.value[id].mine).length;
  known = new Set(ids);
}

function sayNews() {
  if (news) say(ngettext("%(count)s new contribution.", "%(count)s new contributions.", { count: news }));
  news = 0;
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
