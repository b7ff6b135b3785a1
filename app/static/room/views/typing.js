// "Is typing": said to the others while somebody writes for everybody, and never by a person who is muted in this step.

import { sendTyping } from "room/socket.js";
import { me, step } from "room/store.js";

const AGAIN_MS = 3000;
const QUIET_MS = 5000;

let told = -Infinity;
let quiet = null;

/** Call it on every input of a composer whose text the group will see. */
export function typing() {
  if (isMuted()) return;
  clearTimeout(quiet);
  quiet = setTimeout(stopTyping, QUIET_MS);
  if (performance.now() - told < AGAIN_MS) return;
  told = performance.now();
  sendTyping(true);
}

/** Call it when the text was sent or cleared. */
export function stopTyping() {
  clearTimeout(quiet);
  if (told === -Infinity) return;
  told = -Infinity;
  if (!isMuted()) sendTyping(false);
}

/** Whether this person's part is to show the group no sign of themselves now. */
export const isMuted = () => step().muted.includes(me.value.role);
