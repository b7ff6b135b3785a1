// Which saved words a text changes, and whether they are still those that its writer had before them.

import { items, me } from "room/store.js";

/** command -> the kind of which everybody has one, or one on each parent (`single` in app/sessions/phases.py). */
const SINGLE = {
  offer_case: "case", statement: "statement", answer: "answer", ask: "ask", fact: "fact", sort: "verdict", reaction: "reaction", process: "process",
};

/** What the command changes, as it is now: null where there is nothing yet, undefined where the command adds something. */
export function asItIs(command) {
  if (!command.data.item && !(command.name in SINGLE)) return undefined;
  const found = changedBy(command);
  return found ? plain([found.text, found.data]) : null;
}

/**
 * Has the same person changed it since, on another device? `before`: as it was. What somebody else has noted for them gives
 * way to their own words, and of what is gone the server tells.
 */
export function isOvertaken({ before, ...command }) {
  const now = before === undefined ? null : changedBy(command);
  return Boolean(now?.mine) && !now.noted && before !== plain([now.text, now.data]) && !says(now, command.data);
}

function changedBy({ name, data: { item, parent, for: author = me.peek().seat } }) {
  if (item) return items.peek()[item];
  const isIt = (each) => each.kind === SINGLE[name] && (parent ? each.parent === parent : each.seat === author);
  return Object.values(items.peek()).find(isIt);
}

/** It may have arrived already, and only its answer was lost. */
function says({ text, data }, words) {
  const now = { ...data, text, issue: text };
  return Object.entries(words).every(([name, value]) => !(name in now) || plain(now[name]) === plain(value));
}

/** Alike for the same words, however the spaces and the names stand in it. */
function plain(value) {
  return JSON.stringify(value, (_name, each) => {
    if (typeof each === "string") return each.split(/\s+/).filter(Boolean).join(" ");
    return each?.constructor === Object ? Object.fromEntries(Object.entries(each).sort()) : each;
  });
}
