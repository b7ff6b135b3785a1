// A press that moves the whole group counts once: what comes under the finger next must not be hit by the same tap.

import { computed, effect, signal } from "@preact/signals";
import { connection, session } from "room/store.js";

const REST_MS = 500;

/** Has the group just been moved on? Then the buttons that do so wait a moment. */
const resting = signal(false);
let timer = null;

/** The properties of a button that moves the group: `<button ...${once(work)}>`. */
export const once = (work) => ({
  disabled: connection.value !== "live",
  "aria-disabled": resting.value,
  onClick() {
    if (resting.peek()) return;
    rest();
    work();
  },
});

export function startResting() {
  // The turn moves on by itself as well: who has just got it is not skipped by the press that was meant for the one before.
  const place = computed(() => session.value && `${session.value.step} ${session.value.turn?.seat ?? ""}`);
  effect(() => place.value && rest());
  // A key that is held down presses a button again and again.
  document.addEventListener("keydown", (event) => event.repeat && event.key === "Enter" && event.target.closest("button") && event.preventDefault());
}

function rest() {
  resting.value = true;
  clearTimeout(timer);
  timer = setTimeout(() => (resting.value = false), REST_MS);
}
