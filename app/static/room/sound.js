// A soft sound at one minute and at zero. Off until a person switches it on; each screen remembers its own choice.

import { signal } from "@preact/signals";
import { onPassing } from "room/clock.js";

const KEY = "intervise:sound";
const NOTES = { minute: [523.25, 659.25], zero: [659.25, 523.25, 392] };

export const soundOn = signal(recall() === "on");

let audio = null;

export function startSound() {
  onPassing((mark) => soundOn.value && chime(mark));
  // Browsers stay silent until the page was touched once.
  document.addEventListener("pointerdown", () => soundOn.value && wake());
}

export function switchSound() {
  soundOn.value = !soundOn.value;
  remember(soundOn.value ? "on" : "off");
  if (soundOn.value) chime("minute");
}

function chime(mark) {
  wake();
  NOTES[mark].forEach((pitch, index) => note(pitch, audio.currentTime + 0.05 + index * 0.28));
}

function wake() {
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume();
}

/** One struck note: there at once, gone within a second and a half. */
function note(pitch, at) {
  const tone = new OscillatorNode(audio, { type: "sine", frequency: pitch });
  const loudness = new GainNode(audio, { gain: 0 });
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(0.16, at + 0.02);
  loudness.gain.exponentialRampToValueAtTime(0.0004, at + 1.5);
  tone.connect(loudness).connect(audio.destination);
  tone.start(at);
  tone.stop(at + 1.6);
}

function recall() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // a browser without storage: off at each start
  }
}

function remember(choice) {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // as above
  }
}
