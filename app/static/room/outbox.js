// Written text on its way to the server, in order, one at a time. It is kept in the tab until its final answer.

import { signal } from "@preact/signals";
import { giveBack, draft as draftOf, clear, recall, remember, settle } from "room/drafts.js";
import { connection } from "room/store.js";
import { toast } from "room/views/toast.js";

/** [{id, name, base, data, state: "sending" | "unsaved", message, draft, value, empties}] */
export const outbox = signal([]);

const waiting = new Map();
let busy = false;
let pause = null;
let tries = 0;

/** Take in what an earlier life of this page left behind. */
export function reopen() {
  const kept = (recall("outbox") ?? []).filter((row) => !outbox.value.some(({ id }) => id === row.id));
  if (kept.length) outbox.value = [...kept, ...outbox.value];
}

/** `draft` is where the text came from; with `empties` that is free for the next one at once. */
export function post(command, { draft, empties }, emit) {
  const value = draft === null ? null : draftOf(draft).peek();
  if (draft !== null && empties) clear(draft);
  const state = connection.value === "live" ? "sending" : "unsaved";
  store([...outbox.value, { ...command, state, message: "", draft, value, empties }]);
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
    const answer = await emit({ id, name, base, data });
    if (answer === null || answer.retryable) {
      mark(answer?.message ?? "");
      pause = setTimeout(() => flush(emit), delay());
      break;
    }
    tries = 0;
    finish(id, answer);
  }
  busy = false;
}

function finish(id, answer) {
  const row = outbox.value.find((each) => each.id === id);
  store(outbox.value.filter((each) => each.id !== id));
  if (row.draft !== null && !answer.ok && row.empties) giveBack(row.draft, row.value);
  if (row.draft !== null && answer.ok && !row.empties) settle(row.draft, row.value);
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
