// The state of the room as this person may see it. Only snapshots and patches of the server change it.

import { batch, computed, signal } from "@preact/signals";
import { page } from "room/page.js";

export { page };
export const { code, method, urls, csrf } = page;

export const session = signal(null);
export const me = signal(null);
export const can = signal({});
/** id -> person, id -> item */
export const people = signal({});
export const items = signal({});
export const presence = signal({ online: [], typing: [], typing_count: 0 });
/** "connecting" | "live" | "offline" | "gone" */
export const connection = signal("connecting");
export const version = signal(-1);

/** Ids that came by a patch while this page looked on: those may arrive with a small movement. */
const arrived = new Set();

export function replace(snapshot) {
  batch(() => {
    arrived.clear();
    session.value = snapshot.session;
    me.value = snapshot.me;
    can.value = snapshot.can;
    people.value = snapshot.people;
    items.value = snapshot.items;
    version.value = snapshot.version;
  });
}

/** Take in a patch. False: it does not fit on what is here, ask for a snapshot. */
export function merge(patch) {
  if (patch.version <= version.value) return true;
  if (patch.version !== version.value + 1) return false;
  batch(() => {
    for (const [name, whole] of Object.entries({ session, me, can })) {
      if (patch[name] !== undefined) whole.value = patch[name];
    }
    if (patch.people) people.value = merged(people.value, patch.people);
    if (patch.items) {
      for (const id of Object.keys(patch.items)) if (!(id in items.value)) arrived.add(id);
      items.value = merged(items.value, patch.items);
    }
    version.value = patch.version;
  });
  return true;
}

function merged(rows, changes) {
  const result = { ...rows };
  for (const [id, row] of Object.entries(changes)) {
    if (row === null) delete result[id];
    else result[id] = row;
  }
  return result;
}

const NONE = [];
const same = (a, b) => a.length === b.length && a.every((row, at) => row === b[at]);

/** Rows by their kind, and by their kind on their parent, in order. Rows of which none has changed stay the same list. */
let grouped = {};
const groups = computed(() => {
  const found = {};
  for (const row of Object.values(items.value)) {
    (found[row.kind] ??= []).push(row);
    if (row.parent) (found[`${row.kind} ${row.parent}`] ??= []).push(row);
  }
  for (const [name, rows] of Object.entries(found)) {
    rows.sort((a, b) => a.place - b.place || (a.id < b.id ? -1 : 1));
    if (same(rows, grouped[name] ?? NONE)) found[name] = grouped[name];
  }
  return (grouped = found);
});

const listed = new Map();

/**
 * The items of a kind in order; with `parent`, those that hang on it. Whoever shows them is drawn anew when one of these
 * changes, and not with every item of the session: with a thousand of them that took a seventh of a second.
 */
export function itemsOf(kind, parent) {
  const name = parent === undefined ? kind : `${kind} ${parent}`;
  if (!listed.has(name)) listed.set(name, computed(() => groups.value[name] ?? NONE));
  return listed.get(name).value;
}

export const item = (id) => items.value[id];

export const person = (id) => people.value[id];

export const nameOf = (id) => people.value[id]?.name ?? "";

/** Everybody this person sees, in the order in which they came. */
export const everyone = computed(() => Object.values(people.value).sort((a, b) => a.number - b.number));

const stepsByName = Object.fromEntries(method.steps.map((row) => [row.name, row]));

/** The method's row of a step: of the one that the session is in, unless another is named. */
export const step = (name = session.value.step) => stepsByName[name];

export const isRole = (role) => me.value?.role === role;

export const isNew = (id) => arrived.has(id);
