// What frames the room: clock, rail, people, desk.

import { html } from "htm/preact";
import { Clock } from "room/views/clock.js";
import { Desk, DeskFoot } from "room/views/desk.js";
import { Header } from "room/views/header.js";
import { People } from "room/views/people.js";
import { Rail } from "room/views/rail.js";
import { still } from "styleguide/still.js";
import { CAST } from "styleguide/state.js";

const WIDE = "room is-wide only-wide";
const NARROW = "room is-narrow";
const FROM_62 = "It is there in windows that are at least 62 rem wide, and so are its samples.";

const CLOCKS = [
  ["Running", { step: "questions", left: 412 }],
  ["Last minute", { step: "questions", left: 48 }],
  ["Over time", { step: "questions", left: -72 }],
  ["Not started", { step: "statement", left: 360, paused: true }],
  ["Paused", { step: "questions", left: 301, paused: true }],
  ["More than an hour", { step: "questions", left: 4000 }],
  ["No clock: not open yet", { step: "planned" }],
  ["No clock: closed", { step: "closed" }],
  ["Somebody’s turn", { step: "questions", left: 412, turn: ["carl", 31] }],
  ["My turn", { step: "questions", left: 412, turn: ["cara", 31] }],
  ["A turn over its time", { step: "questions", left: 412, turn: ["carl", 96] }],
  ["Last minute, my turn over its time", { step: "questions", left: 31, turn: ["cara", 96] }],
  ["Offline", { step: "questions", left: 412, connection: "offline" }],
];

const clocks = (kind, box) =>
  CLOCKS.map(([title, state]) => ({ title, box, body: still(`${title}, ${kind}`, state, html`<${Clock} />`) }));

const RAILS = [
  ["Before the first phase", { step: "lobby", left: 200 }],
  ["Phase 1, on time", { step: "statement", left: 200 }],
  ["Phase 3, behind", { step: "brainstorm", left: 200, late: 190 }],
  ["Phase 5, ahead", { step: "feedback", left: 200, late: -130 }],
  ["Closed", { step: "closed" }],
];

const COUNTED = [{ ...CAST.cara, accepted: false }, CAST.mia, CAST.otto, { ...CAST.carl, consults: true }];
const MODERATES = ["admit", "remove", "set_role", "rename"];
const GROUPS = [
  ["The moderator’s list in the lobby: accepted, not yet, away, waiting", { step: "lobby", as: "mia", people: [...COUNTED, CAST.stan], can: MODERATES, online: ["mia", "otto", "stan"] }],
  ["Has the turn, and somebody writes", { step: "questions", as: "cara", turn: ["carl", 10], online: ["mia", "otto", "cara", "carl"], typing: ["mia"] }],
  ["The owner listens: no sign of them", { step: "brainstorm", as: "cara", typing: ["carl"] }],
];

const MAY = ["advance", "pause", "back", "stop", "give_turn", "skip_turn"];
const DESKS = [
  ["A step with turns", { step: "questions", as: "mia", left: 412, turn: ["cara", 20], spoken: ["carl"], can: MAY }],
  ["Paused", { step: "ask", as: "mia", left: 100, paused: true, can: MAY }],
  ["Offline: nothing can be pressed", { step: "questions", as: "mia", left: 412, connection: "offline", can: MAY }],
];

export const ROOM = [
  { id: "clock-wide", title: "Clock, on wide screens", words: `A ring that reads at a glance. Calm until the last minute, never a threat. ${FROM_62}`, samples: clocks("wide", WIDE) },
  { id: "clock-narrow", title: "Clock, on phones", words: "It stays in view at the top edge.", samples: clocks("narrow", NARROW) },
  {
    id: "rail",
    title: "Rail and the session’s bar",
    words: `The six phases, and how the session keeps its time. ${FROM_62}`,
    samples: RAILS.map(([title, state]) => ({ title, box: WIDE, body: still(title, state, html`<${Rail} />`) })),
  },
  {
    id: "top",
    title: "Top of the room",
    samples: [
      { title: "Wide", wide: true, box: WIDE, body: still("Top, wide", { step: "brainstorm", left: 200 }, html`<${Header} />`) },
      ...RAILS.map(([title, state]) => ({ title: `Narrow: ${title}`, wide: true, box: NARROW, body: still(`Top: ${title}`, state, html`<${Header} onPeople=${() => {}} />`) })),
    ],
  },
  { id: "people", title: "Person", samples: GROUPS.map(([title, state]) => ({ title, box: "card", body: still(title, state, html`<${People} />`) })) },
  { id: "desk", title: "Desk", samples: DESKS.map(([title, state]) => ({ title, box: "card stack", body: still(title, state, html`<${Desk} /><${DeskFoot} />`) })) },
];
