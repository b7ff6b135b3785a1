// The server never moves a session by itself: a browser that sees the clock at zero says so; the first is enough.

import { effect, signal } from "@preact/signals";
import { isRunning, leftSeconds } from "room/clock.js";
import { send } from "room/socket.js";
import { can, connection, isRole, method, session, step } from "room/store.js";

const AGAIN_MS = 4000;

const planned = signal(false);

export function startTimeUp() {
  effect(() => {
    if (planned.value || !isDue()) return;
    planned.value = true;
    setTimeout(tell, delay(), session.value.step);
  });
}

function isDue() {
  if (leftSeconds() === null || leftSeconds() > 0 || !isRunning()) return false;
  // Out of the lobby and to the end it is always the moderator who moves on.
  const movesOn = step().ends_itself || (session.value.move_on && !["lobby", method.steps.at(-2).name].includes(step().name));
  return movesOn && Boolean(can.value.time_up) && connection.value === "live";
}

async function tell(name) {
  if (isDue() && session.value.step === name) await send("time_up");
  setTimeout(() => (planned.value = false), AGAIN_MS);
}

/** Moderators first, the others only if nobody has: otherwise twelve browsers say the same thing at once. */
const delay = () => (isRole("moderator") ? 100 + Math.random() * 300 : 1500 + Math.random() * 2500);
