// The connection: news in, commands out. What people write waits in the outbox until the server has it.

import { io } from "socket.io-client";
import { signal } from "@preact/signals";
import { hearTime, learnTime } from "room/clock.js";
import { forgetAll } from "room/drafts.js";
import { _ } from "room/i18n.js";
import { code, connection, me, merge, presence, replace, session, version } from "room/store.js";
import { flush, forgetRows, loadAnew, post, reopen } from "room/outbox.js";

export { outbox } from "room/outbox.js";

// What this page speaks; rises with docs/protocol.md, and in app/sessions/live.py.
const PROTOCOL = 1;
const ANSWER_MS = 10_000;
const SILENCE_MS = 12_000;
const PATCH_MS = 500;
// Whatever happened: five seconds after the server or the line is back, everybody is (devtools/chaos measures it).
const RETRY = { delay: 1000, jitter: 0.5, most: 4000 };
const RETRY_MIN_MS = 500;
// A restart takes some two seconds: whoever waits longer and longer for it misses its end.
const RESTART_MS = 1000;
// Whoever waits longer than this for the end of a restart is offline like anybody else.
const RESTARTS_MS = 30_000;
const CONNECT_MS = 5000;
const WRITING = new Set([
  "offer_case", "statement", "note", "park", "question", "answer", "ask", "idea", "fact", "recommend", "sort", "plan",
  "reaction", "lesson", "process",
]);

/** Reasons after which nothing of this session stays in the tab: words that are gone there are gone here. */
const FOR_GOOD = ["erased", "ended", "forgotten"];
/** What a connection is refused with, where more is known than that there is no seat. */
const REFUSALS = ["outdated", "removed", "elsewhere", ...FOR_GOOD];

/** Why the server ended the connection, when it said so: "removed", "refused", "outdated" … */
export const goodbye = signal(null);

/** Has the server said that it restarts? Then this is no fault, and the connection comes back in a moment. */
export const restarting = signal(false);

let socket = null;
let lapse = null;
let heard = 0;
/** Since when the line is there, and nobody has answered on it yet. */
let opened = 0;

export function connect() {
  socket = io({
    path: "/socket.io",
    query: { room: code },
    transports: ["websocket"],
    reconnectionDelayMax: RETRY.most,
    timeout: CONNECT_MS,
    auth,
  });
  socket.on("snapshot", take);
  socket.on("patch", (patch) => {
    listen(patch.now);
    if (!merge(patch)) sync();
  });
  socket.on("pulse", (pulse) => {
    listen(pulse.now);
    if (pulse.version > version.value) setTimeout(catchUp, PATCH_MS, pulse.version);
  });
  socket.on("presence", (news) => (presence.value = news));
  socket.on("goodbye", ({ reason }) => takeLeave(reason));
  socket.on("restarting", ({ in_ms: wait }) => {
    restarting.value = true;
    // The server has thrown the dice already.
    retryAfter({ delay: Math.max(wait, RETRY_MIN_MS), jitter: 0, most: Math.max(wait, RESTART_MS) });
    clearTimeout(lapse);
    lapse = setTimeout(() => (restarting.value = false), wait + RESTARTS_MS);
  });
  socket.on("disconnect", leave);
  socket.on("connect_error", (error) => {
    if (!socket.active) takeLeave(REFUSALS.includes(error.message) ? error.message : "refused");
    leave();
  });
  setInterval(watch, 1000);
  window.addEventListener("offline", cut);
  window.addEventListener("online", reconnect);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && socket.connected) {
      sync();
      learnTime(probe);
    }
  });
}

function takeLeave(reason) {
  goodbye.value = reason;
  if (!FOR_GOOD.includes(reason)) return;
  forgetAll();
  forgetRows();
}

/** A mark that something was said aloud has no words that could be lost, and may come too late: it moves the turn. */
const isKept = (name, { aloud, text }) => WRITING.has(name) && !(aloud && !text);

/**
 * Send a command; resolves to its answer and never rejects. What people write is kept and sent again until there is
 * an answer (`keep` says otherwise). `draft` names the field that the text came from: with `empties` it is emptied now,
 * and filled again if the text is refused.
 */
export function send(name, data = {}, { keep = isKept(name, data), draft = null, empties = true } = {}) {
  const command = { id: uuid(), name, base: session.value?.step, data };
  if (keep) return post(command, { draft, empties }, emit);
  if (connection.value !== "live") return Promise.resolve(OFFLINE);
  return emit(command).then((answer) => answer ?? OFFLINE);
}

/** Tell the others that this person writes, or has stopped. */
export function sendTyping(on) {
  if (connection.value === "live") socket.emit("typing", { on }, () => {});
}

const OFFLINE = {
  ok: false,
  code: "offline",
  message: _("You are offline. Try again when the connection is back."),
  retryable: true,
};

/** One attempt at a command: its answer, or null when none came. */
async function emit(command) {
  if (!socket || !(await isBack())) return null;
  try {
    return await socket.timeout(ANSWER_MS).emitWithAck("command", command);
  } catch {
    return isRenewed() ? emit(command) : null; // the same id: it counts once, wherever it was cut off
  }
}

/** At the end of a session the server makes every line new within a second: what is pressed around it waits for that. */
function isRenewed() {
  return !socket.connected && connection.value === "live";
}

function isBack() {
  if (!isRenewed()) return socket.connected;
  return new Promise((resolve) => {
    socket.once("connect", () => resolve(true));
    setTimeout(() => resolve(socket.connected), CONNECT_MS);
  });
}

async function probe() {
  try {
    return (await socket.timeout(2000).emitWithAck("probe", {})).now ?? null;
  } catch {
    return null;
  }
}

/** A pulse may overtake the patch of the same change: the whole state is asked for only when that does not come. */
function catchUp(newest) {
  if (newest > version.value) sync();
}

async function sync() {
  try {
    const answer = await socket.timeout(ANSWER_MS).emitWithAck("sync", { version: version.value });
    if (answer.ok) take(answer.snapshot);
  } catch {
    // no answer: the silence is noticed by watch(), and the reconnect brings a snapshot
  }
}

/** Told with every connection: a page that has a version has been here before. */
function auth(give) {
  give({ version: version.value, protocol: PROTOCOL });
}

/** How long (ms) the first attempt to connect again waits; the next ones wait longer and longer, up to `most`. */
function retryAfter({ delay, jitter, most }) {
  socket.io.reconnectionDelay(delay);
  socket.io.reconnectionDelayMax(most);
  socket.io.randomizationFactor(jitter);
}

function take(snapshot) {
  if (connection.value === "live" && snapshot.version < version.value) return;
  if (me.value && me.value.seat !== snapshot.me.seat) {
    // Somebody else has signed in, or taken their seat, in this browser: what was typed here is not theirs.
    socket.disconnect();
    loadAnew();
    return;
  }
  const isVague = hearTime(snapshot.now); // first: by a clock that is wrong, a minute would seem to have passed
  replace(snapshot);
  heard = performance.now();
  if (isVague) learnTime(probe);
  if (connection.value !== "live") comeBack();
}

function listen(now) {
  if (me.value === null) return; // nothing is known before the first snapshot
  heard = performance.now();
  if (hearTime(now)) learnTime(probe);
}

/** The whole session is here (again): only now it is known who sits here. */
function comeBack() {
  learnTime(probe);
  goodbye.value = null;
  restarting.value = false;
  clearTimeout(lapse);
  retryAfter(RETRY);
  connection.value = "live";
  reopen();
  flush(emit);
}

/** No pulse for a while, or no welcome: the line is dead, even if the socket does not know it yet. */
function watch() {
  const waits = !socket.connected && socket.io.engine?.readyState === "open";
  if (waits) opened ||= performance.now();
  else opened = 0;
  const since = waits ? opened : connection.value === "live" ? heard : Infinity;
  if (performance.now() - since >= SILENCE_MS) cut();
}

function cut() {
  if (connection.value === "live") connection.value = "offline";
  socket.io.engine?.close();
}

function leave() {
  socket.sendBuffer = []; // what was pressed on a line that had died in its sleep must not come when the group is elsewhere
  if (goodbye.value) {
    connection.value = "gone";
    socket.disconnect();
    return;
  }
  // At its end a session ends all its connections. The page comes back for what it may read, and nobody is alarmed.
  const ended = session.value?.step === "closed" && !socket.active;
  if (connection.value === "live" && !ended) connection.value = "offline";
  if (!socket.active) setTimeout(reconnect, ended ? Math.random() * 1000 : 500 + Math.random() * 2500);
}

/** Unless it is under way: whoever says hello twice while they wait at the door is turned away. */
function reconnect() {
  if (connection.value !== "gone" && !socket.active) socket.connect();
}

/** A version 4 UUID; crypto.randomUUID is missing on pages without https, as in a trial on the office network. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
