// Half-written text, kept in the tab per session and seat. It survives phase changes, reloads and lost connections.
// A draft holds the fields of a form by their names; an empty one has none.

import { effect, signal } from "@preact/signals";
import { personInWords } from "room/deal.js";
import { code, me } from "room/store.js";

const PREFIX = "draft:";
const drafts = new Map();

/** The fields that hold words, in the order in which they are read; in the others something is chosen. */
const WORDS = [
  "title", "text", "situation", "tried", "stakes", "issue", "customer", "offer", "size", "key_date", "decide", "nothing", "first_step", "trigger",
  "sign", "reason", "not_needed",
];

/** The keys of the forms that stand on the page, each as often as it does. */
const shown = signal([]);
let forgotten = false;

/** The signal that holds what is half written under `key`. */
export function draft(key) {
  if (!drafts.has(key)) {
    const half = signal(recall(PREFIX + key) ?? {});
    effect(() => remember(PREFIX + key, isEmpty(half.value) ? null : half.value));
    drafts.set(key, half);
  }
  return drafts.get(key);
}

export function clear(key) {
  draft(key).value = {};
}

/** Give refused words back to their fields, before anything that was written there since; not to what is for somebody else. */
export function giveBack(key, refused) {
  if (isForAnother(draft(key).peek(), refused)) return giveBack(`${key}:${refused.for}`, refused);
  const half = draft(key);
  const since = half.peek();
  const both = WORDS.filter((name) => refused[name] && since[name] && refused[name] !== since[name]);
  const joined = both.map((name) => [name, `${refused[name]}${name === "text" ? "\n" : " "}${since[name]}`]);
  half.value = { ...refused, ...since, ...Object.fromEntries(joined) };
  shown.value = [...shown.peek()]; // whoever lists what is left over may not know this key yet
}

const isForAnother = (since, refused) => Boolean(since.for && refused.for && since.for !== refused.for);

/** `value` has been said: unless there is more in the draft by now, it is empty for what comes next. */
export function spend(key, value) {
  if (JSON.stringify(draft(key).peek()) === JSON.stringify(value)) clear(key);
}

/** A form for this draft stands on the page now; returns what to call when it goes. */
export function show(key) {
  shown.value = [...shown.peek(), key];
  return () => {
    const last = shown.peek().lastIndexOf(key);
    shown.value = shown.peek().filter((_key, place) => place !== last);
  };
}

/** `value` has been saved: unless a form has the draft in its hands, or there is more in it by now, it has done its work. */
export function settle(key, value) {
  if (!isShown(key)) spend(key, value);
}

/** Does a form on the page have this draft in its hands? */
export const isShown = (key) => shown.value.includes(key);

/** What is half written and stands in no form now: [{key, text}]. */
export function leftovers() {
  const keys = new Set([...drafts.keys(), ...keptKeys()]);
  return [...keys]
    .filter((key) => !isShown(key))
    .map((key) => ({ key, text: wordsOf(draft(key).value) }))
    .filter(({ text }) => text);
}

/** All that somebody typed into a form, a line for each field and for each person of the deal. */
export const wordsOf = (half) =>
  [...[...WORDS, "who"].map((name) => half[name]?.trim()), ...(half.people ?? []).map(personInWords)].filter(Boolean).join("\n");

const isEmpty = (half) => Object.keys(half).length === 0;

/** Read what this seat keeps in the tab under `name`. */
export function recall(name) {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey(name)));
  } catch {
    return null; // a browser without storage: the text lives as long as the page
  }
}

/** Keep something in the tab for this seat; null forgets it. */
export function remember(name, value) {
  try {
    if (forgotten) return; // what is under way at that moment must not come back
    if (value === null) sessionStorage.removeItem(storageKey(name));
    else sessionStorage.setItem(storageKey(name), JSON.stringify(value));
  } catch {
    // no storage, or no room in it: as above
  }
}

/** Erased words stay nowhere, half-written ones neither. */
export function forgetAll() {
  for (const key of kept()) sessionStorage.removeItem(key);
  forgotten = true;
}

const keptKeys = () => kept(PREFIX).map((key) => key.slice(storageKey(PREFIX).length));

/** The names under which this seat keeps something in the tab. */
function kept(prefix = "") {
  try {
    const all = Array.from({ length: sessionStorage.length }, (_none, index) => sessionStorage.key(index));
    return all.filter((key) => key.startsWith(storageKey(prefix)));
  } catch {
    return []; // no storage, and so nothing in it
  }
}

function storageKey(name) {
  return `intervise:${code}:${me.peek().seat}:${name}`;
}
