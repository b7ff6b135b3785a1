// The server's time on this screen. The server keeps the clock; here it is only read.

import { computed, effect, signal } from "@preact/signals";
import { session } from "room/store.js";

const PROBES = 5;
const TICK_MS = 250;
const SURE_MS = 500;
const LATE_MS = 1000;

// The server's time minus performance.now() lies between these two. Every answer and all news draw them closer, however
// late they come: nothing is told before its time, and no answer is given before its question.
let least = -Infinity;
let most = Infinity;
let learning = false;
let timer = null;

/** Server time in ms, moved on at most four times a second. */
export const tick = signal(Date.now());

export const serverNow = () => (least === -Infinity ? Date.now() : performance.now() + offset());

const offset = () => (most === Infinity ? least : (least + most) / 2);

/** Learn the server's time. `probe` asks for it once: ms, or null. */
export async function learnTime(probe) {
  if (learning) return; // with every piece of news on a slow line there would soon be too many questions
  learning = true;
  for (let count = 0; count < PROBES; count += 1) {
    const sent = performance.now();
    const now = await probe();
    if (now !== null) narrow(now - performance.now(), now - sent);
  }
  learning = false;
  schedule();
}

/** A time that came with other news. True: the clock may be wrong by more than anybody should see, so probe. */
export function hearTime(now) {
  const isFirst = least === -Infinity;
  narrow(now - performance.now(), Infinity);
  if (isFirst) tick.value = serverNow(); // until now it was the device's own, which may be hours off
  return most - least > SURE_MS || serverNow() - now > LATE_MS;
}

/** Where the old and the new cannot both be true, the device has slept or a clock was set: the new is. */
function narrow(low, high) {
  const isElsewhere = low > most || high < least;
  least = isElsewhere ? low : Math.max(least, low);
  most = isElsewhere ? high : Math.min(most, high);
}

export function startTicking() {
  session.subscribe(schedule);
}

/** Tick at the very moments at which the seconds left change, so that all screens change together. */
function schedule() {
  clearTimeout(timer);
  const now = serverNow();
  tick.value = now;
  const beat = session.peek()?.clock.ends_at ?? 0;
  const since = (((now - beat) % TICK_MS) + TICK_MS) % TICK_MS;
  timer = setTimeout(schedule, TICK_MS - since + 1);
}

const left = computed(() => {
  const clock = session.value?.clock;
  if (!clock) return null;
  if (clock.ends_at !== null) return whole((clock.ends_at - tick.value) / 1000);
  return clock.left_s === null ? null : whole(clock.left_s);
});

const row = computed(() => session.value?.steps.find((each) => each.name === session.value.step));
const elapsed = computed(() => (left.value === null || !row.value ? 0 : row.value.allotted_s - left.value));
const turn = computed(() => {
  const began = session.value?.turn?.began_s;
  return began === undefined ? 0 : Math.max(0, Math.round(elapsed.value - began));
});
const drift = computed(driftNow);

/** Whole seconds left in this step, below zero in overtime; null in a step without a clock. */
export const leftSeconds = () => left.value;

/** The time that this step has been given, in seconds; null without a clock. */
export const allottedSeconds = () => row.value?.allotted_s ?? null;

export const stepElapsed = () => elapsed.value;

export const turnElapsed = () => turn.value;

/** How far the session is behind its plan, in seconds; below zero: ahead. */
export const driftSeconds = () => drift.value;

export const isRunning = () => session.value?.clock.ends_at != null;

/** Tell `listener` "minute" and "zero" when the running clock passes them. */
export function onPassing(listener) {
  let before = null;
  let where = null;
  effect(() => {
    const now = left.value;
    const here = session.value?.step;
    const passed = (mark) => here === where && before > mark && now !== null && now <= mark;
    if (isRunning() && passed(0)) listener("zero");
    else if (isRunning() && passed(60)) listener("minute");
    before = now;
    where = here;
  });
}

function driftNow() {
  const { started_at, closed_at, steps } = session.value ?? {};
  if (!started_at || !row.value) return 0;
  const before = steps.slice(0, steps.indexOf(row.value)).filter((each) => each.used_s !== null);
  const due = before.reduce((sum, each) => sum + each.planned_s, 0) + Math.min(elapsed.value, row.value.planned_s);
  return Math.round(((closed_at ?? tick.value) - started_at) / 1000 - due);
}

function whole(seconds) {
  return Math.ceil(seconds) || 0; // no -0
}

/** "4:05"; overtime, which is below zero, counts up: "+0:12". */
export function format(seconds) {
  const sign = seconds < 0 ? "+" : "";
  const size = Math.abs(seconds);
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(size / 3600);
  const minutes = Math.floor((size % 3600) / 60);
  return hours ? `${sign}${hours}:${two(minutes)}:${two(size % 60)}` : `${sign}${minutes}:${two(size % 60)}`;
}
