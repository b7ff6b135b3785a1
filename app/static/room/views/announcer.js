// What a screen reader is told, in one place: phase, turn, time, connection, and news in bundles.

import { html } from "htm/preact";
import { effect, signal } from "@preact/signals";
import { onPassing } from "room/clock.js";
import { _, ngettext } from "room/i18n.js";
import { connection, isNew, items, me, method, session, step } from "room/store.js";

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
  onChange(() => session.value?.step, sayStep);
  onChange(() => session.value?.turn?.seat, (seat) => seat && seat === me.peek().seat && say(_("It is your turn.")));
  onChange(() => connection.value === "live", sayConnection);
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
  if (session.peek()) say(`${phaseInWords()}. ${step().purpose[me.peek().role]}`);
}

function sayConnection(isLive) {
  if (session.peek()) say(isLive ? _("You are connected again.") : _("You are offline. What you write is kept."));
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
  let first = true;
  effect(() => {
    const now = read();
    if (!first && before !== undefined && now !== before) tell(now);
    if (now !== undefined) first = false;
    before = now;
  });
}
