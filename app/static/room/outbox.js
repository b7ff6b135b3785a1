// Written text on its way to the server, in order, one at a time. It is kept in the tab until its final answer.

import { effect, signal } from "@preact/signals";
import { giveBack, draft as draftOf, clear, recall, remember, settle } from "room/drafts.js";
import { asItIs, isOvertaken } from "room/edits.js";
import { _ } from "room/i18n.js";
import { connection } from "room/store.js";
import { toast } from "room/views/toast.js";

/** [{id, name, base, data, state: "sending" | "unsaved", message, draft, value, empties, before}]; `before`: edits.js */
export const outbox = signal([]);

/** The answer to a text that its writer, or this page, does not want to send any more. */
const GIVEN_UP = { ok: false, code: "given_up", message: "" };

const waiting = new Map();
/** Of what is under way, what is given up unless the server has it already. */
const unwanted = new Set();
let flying = null;
let isReloading = false;
let busy = false;
let pause = null;
let tries = 0;

/** Take in what an earlier life of this page left behind. */
export function reopen() {
  const kept = (recall("outbox") ?? []).filter((row) => !outbox.value.some(({ id }) => id === row.id));
  if (kept.length) outbox.value = [...kept, ...outbox.value];
  setAsideOlder();
}

/** What was changed on another device meanwhile is not changed back by words that waited here: they become a draft. */
function setAsideOlder() {
  const older = outbox.value.filter((row) => row.id !== flying && isOvertaken(row));
  for (const { id, draft, value, empties } of older) {
    if (draft !== null) {
      const half = empties ? value : { ...value, ...draftOf(draft).peek() };
      if (!empties) clear(draft);
      giveBack(`older:${draft}`, half);
    }
    settleRow(id, GIVEN_UP);
  }
  if (older.length) toast(_("You have changed this on another device since, so what waited here was not sent. It is among your drafts."));
}

/** Nothing of this is to be sent any more, or kept. */
export function forgetRows() {
  outbox.value = [];
}

/** Ask whoever closes the page while there is something that the server does not have. */
export function startHolding() {
  const hold = (event) => isReloading || event.preventDefault();
  effect(() => {
    if (outbox.value.length) window.addEventListener("beforeunload", hold);
    else window.removeEventListener("beforeunload", hold);
  });
}

/** Load the page anew, unasked: what waits is kept in the tab. */
export function loadAnew() {
  isReloading = true;
  location.reload();
}

/** `draft` is where the text came from; with `empties` that is free for the next one at once. */
export function post(command, { draft, empties }, emit) {
  const value = draft === null ? null : draftOf(draft).peek();
  if (draft !== null && empties) clear(draft);
  const state = connection.value === "live" ? "sending" : "unsaved";
  store([...outbox.value, { ...command, state, message: "", draft, value, empties, before: asItIs(command) }]);
  const answer = new Promise((resolve) => waiting.set(command.id, resolve));
  flush(emit);
  return answer;
}

/** Send what waits, the oldest first; stop at the first that gets no final answer, and try it again a little later. */
export async function flush(emit) {
  if (busy) return;
  busy = true;
  clearTimeout(pause);
  while (outbox.value.length && connection.value === "live") {
    const [{ id, name, base, data }] = outbox.value;
    flying = id;
    const answer = await emit({ id, name, base, data });
    flying = null;
    const isUnwanted = unwanted.delete(id);
    if (answer === null || answer.retryable) {
      if (isUnwanted) {
        finish(id, GIVEN_UP);
        continue;
      }
      mark(answer?.message ?? "");
      pause = setTimeout(() => flush(emit), delay());
      break;
    }
    tries = 0;
    finish(id, answer);
  }
  busy = false;
}

/** Do not send what waits of this draft. */
export const drop = (draft) => giveUp((row) => row.draft === draft);

/** Do not send this; its words go back to their field. */
export const takeBack = (id) => giveUp((row) => row.id === id);

function giveUp(which) {
  for (const { id } of outbox.value.filter(which)) {
    if (id === flying) unwanted.add(id);
    else finish(id, GIVEN_UP);
  }
}

function finish(id, answer) {
  const row = outbox.value.find((each) => each.id === id);
  if (!row) return;
  if (row.draft !== null && !answer.ok && row.empties) giveBack(row.draft, row.value);
  if (row.draft !== null && answer.ok && !row.empties) settle(row.draft, row.value);
  settleRow(id, answer);
}

/** This row is done: whoever waits for its answer gets it. */
function settleRow(id, answer) {
  const { name, data } = outbox.value.find((each) => each.id === id);
  const isNext = (each) => each.name === name && each.data.item === data.item && each.data.parent === data.parent;
  // What changes the same item next was written on top of this.
  const rest = outbox.value.filter((each) => each.id !== id);
  store(answer.ok ? rest.map((each) => (isNext(each) ? { ...each, before: undefined } : each)) : rest);
  const resolve = waiting.get(id);
  waiting.delete(id);
  if (resolve) resolve(answer);
  else if (!answer.ok) toast(answer.message);
}

function mark(message) {
  store(outbox.value.map((row) => ({ ...row, state: "unsaved", message })));
}

function delay() {
  tries = Math.min(tries + 1, 5);
  return tries * 1000 + Math.random() * 2000;
}

function store(rows) {
  outbox.value = rows;
  remember("outbox", rows.length ? rows : null);
}
