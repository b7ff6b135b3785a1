// Sample states of a room, in the form in which the server sends them (docs/protocol.md).

import { batch } from "@preact/signals";
import { tick } from "room/clock.js";
import { outbox } from "room/outbox.js";
import { connection, merge, method, page, presence, replace } from "room/store.js";

const NOW = tick.peek();

/** Mia moderates, Otto owns, Cara and Carl consult; Stan waits to be let in. */
export const CAST = {
  mia: who("mia", 1, "moderator"),
  otto: who("otto", 2, "owner"),
  cara: who("cara", 3, "consultant"),
  carl: who("carl", 4, "consultant"),
  stan: who("stan", 5, "consultant", { status: "waiting", accepted: false }),
};
const GROUP = [CAST.mia, CAST.otto, CAST.cara, CAST.carl];

function who(id, number, role, more = {}) {
  const name = id[0].toUpperCase() + id.slice(1);
  return { id, name, number, role, status: "in", accepted: true, consults: false, ...more };
}

/** A contribution. `more`: mine, noted, aloud, data, seat (for the kinds that show it). */
export function item(id, kind, text, { parent = null, place = 1, data = {}, ...more } = {}) {
  return { id, kind, text, parent, place, data, ...more };
}

/**
 * Bring the room into a state. `left`: seconds on the clock (null: no clock), `paused` or running; `late`: seconds behind the plan;
 * `turn`: [seat, seconds of it used]; `as`: who is looking; `arriving`: items that come while they look.
 */
export function enter(state) {
  const { people = GROUP, items = [], arriving = [], online = ["mia", "otto", "cara"], typing = [] } = state;
  batch(() => {
    replace({
      version: 0,
      session: session(state),
      me: me(CAST[state.as ?? "cara"], state),
      can: Object.fromEntries((state.can ?? []).map((act) => [act, true])),
      people: byId(people),
      items: byId(items),
    });
    merge({ version: 1, items: byId(arriving) });
    presence.value = { online, typing, typing_count: typing.length };
    connection.value = state.connection ?? "live";
    outbox.value = (state.unsent ?? []).map((text, id) => unsent(text, id));
  });
}

const byId = (rows) => Object.fromEntries(rows.map((row) => [row.id, row]));

function me({ id, ...person }, { pulsed = false }) {
  return { ...person, seat: id, pulsed, account: false };
}

function session({ step = "brainstorm", left = null, paused = false, late = 0, turn = null, spoken = [] }) {
  const all = rows(step);
  const row = all.find(({ name }) => name === step);
  const elapsed = row && left !== null ? row.allotted_s - left : 0;
  const due = all.filter(({ used_s }) => used_s !== null).reduce((sum, { planned_s }) => sum + planned_s, 0);
  const started = NOW - (due + Math.min(elapsed, row?.planned_s ?? 0) + late) * 1000;
  return {
    code: page.code,
    title: "Everyone likes it, nobody decides",
    team: "Team Health",
    language: "en",
    call_url: "https://call.invalid/",
    length: 60,
    starts_at: NOW,
    step,
    started_at: step === "planned" ? null : started,
    closed_at: step === "closed" ? NOW : null,
    stopped: false,
    move_on: false,
    transcript: true,
    names: true,
    readable_days: 7,
    visibility: "room",
    themes: ["Hand-overs"],
    clock: { ends_at: left === null || paused ? null : NOW + left * 1000, left_s: paused ? left : null },
    steps: all,
    turn: turn && { seat: turn[0], item: null, began_s: elapsed - turn[1], seconds: 75 },
    spoken,
  };
}

/** All steps that have a time; those before `current` have used theirs. */
function rows(current) {
  const names = method.steps.map(({ name }) => name);
  return names
    .filter((name) => name in page.seconds)
    .map((name) => {
      const seconds = page.seconds[name];
      const used_s = names.indexOf(name) < names.indexOf(current) ? seconds : null;
      return { name, planned_s: seconds, allotted_s: seconds, used_s };
    });
}

function unsent(text, id) {
  return { id: `unsent-${id}`, name: "idea", base: "brainstorm", data: { text }, state: "unsaved", message: "", draft: "sample-unsent", value: { text } };
}
