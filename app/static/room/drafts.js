// Half-written text, kept in the tab per session and seat. It survives phase changes, reloads and lost connections.

import { effect, signal } from "@preact/signals";
import { code, me } from "room/store.js";

const drafts = new Map();

/** The signal that holds the half-written value of a field; `empty` ("" or an object) is what it is without one. */
export function draft(key, empty = "") {
  if (!drafts.has(key)) {
    const value = signal(recall(`draft:${key}`) ?? empty);
    effect(() => remember(`draft:${key}`, isEmpty(value.value) ? null : value.value));
    drafts.set(key, { value, empty });
  }
  return drafts.get(key).value;
}

export function clear(key) {
  const known = drafts.get(key);
  if (known) known.value.value = known.empty;
  else remember(`draft:${key}`, null);
}

/** Give a refused text back to its field, before anything that was written there since. */
export function giveBack(key, refused) {
  const field = draft(key, typeof refused === "string" ? "" : {});
  const since = field.peek();
  if (isEmpty(since)) field.value = refused;
  else if (typeof refused === "string") field.value = `${refused}\n${since}`;
  else field.value = { ...refused, ...since };
}

function isEmpty(value) {
  return typeof value === "string" ? value === "" : Object.keys(value).length === 0;
}

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
    if (value === null) sessionStorage.removeItem(storageKey(name));
    else sessionStorage.setItem(storageKey(name), JSON.stringify(value));
  } catch {
    // no storage, or no room in it: as above
  }
}

/** Erased words stay nowhere, half-written ones neither. */
export function forgetAll() {
  try {
    const mine = storageKey("");
    const kept = Array.from({ length: sessionStorage.length }, (_none, index) => sessionStorage.key(index));
    for (const key of kept) if (key.startsWith(mine)) sessionStorage.removeItem(key);
  } catch {
    // no storage, and so nothing in it
  }
}

function storageKey(name) {
  return `intervise:${code}:${me.peek().seat}:${name}`;
}
