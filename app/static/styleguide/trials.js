// What can be tried out, because it needs no more than its own words: fields of the room, composers, dialogs, toasts.

import { html } from "htm/preact";
import { signal } from "@preact/signals";
import { Composer } from "room/views/composer.js";
import { Dialog, confirm } from "room/views/dialog.js";
import { Choice, Status } from "room/views/field.js";
import { PersonDialog } from "room/views/person.js";
import { toast } from "room/views/toast.js";
import { still } from "styleguide/still.js";
import { CAST, enter } from "styleguide/state.js";
import { draft } from "room/drafts.js";

const MODERATOR = ["set_role", "choose_owner", "rename", "remove", "admit", "stop"];
export const TRIAL_STATE = { step: "questions", as: "mia", left: 400, can: MODERATOR };

const STARTERS = ["Who…", "What happened when…", "Since when…"];
const QUESTION = { command: "question", label: "Your question", button: "Ask", heard: false };

// Drafts are kept per seat: somebody has to be there first.
enter(TRIAL_STATE);
draft("sample-filled").value = { text: "Who has signed such an order before, and how long did that take?" };
draft("sample-right-to-left").value = { text: "من وقّع على طلب كهذا من قبل؟" };

const UNSENT = { command: "idea", draftKey: "sample-unsent", label: "Your idea", button: "Add the idea" };
const unsent = (title, connection) => ({
  title,
  body: still(title, { ...TRIAL_STATE, connection, unsent: ["Ask the nurses who fills in the forms today."] }, html`<${Composer} ...${UNSENT} />`),
});

const choice = signal("helps");
const open = signal("");
const close = () => (open.value = "");

const STATUSES = [
  ["Sending takes a moment", "late"],
  ["Saved", "saved"],
  ["Refused", { message: "Write something first." }],
];

export const TRIALS = [
  {
    id: "composer",
    title: "Composer",
    words: "Starters fill the field by a tap. A text that cannot be sent is kept; longer than 4000 characters it cannot get.",
    samples: [
      { title: "Empty, with starters", body: () => html`<${Composer} ...${QUESTION} draftKey="sample-empty" starters=${STARTERS} hint="One open, factual question." />` },
      { title: "Filled", body: () => html`<${Composer} ...${QUESTION} draftKey="sample-filled" />` },
      { title: "Written from right to left", body: () => html`<${Composer} ...${QUESTION} draftKey="sample-right-to-left" />` },
      { title: "Pinned to the bottom edge of the room", body: () => html`<${Composer} ...${QUESTION} draftKey="sample-pinned" hint="Nobody sees who wrote it." pinned />` },
      unsent("Not saved, offline", "offline"),
      unsent("Not saved, the line is back", "live"),
    ],
  },
  {
    id: "status",
    title: "Status of a form",
    samples: STATUSES.map(([title, value]) => ({ title, body: () => html`<${Status} state=${{ value }} />` })),
  },
  {
    id: "choice",
    title: "Choice",
    samples: [{ title: "One of a few; pressing it again takes it back", body: Verdict }],
  },
  {
    id: "dialogs",
    title: "Dialog",
    words: "Escape and a press beside it close it, and the focus goes back to where it was.",
    samples: [
      { title: "Over the page", body: Openers },
      { title: "In its place: what a moderator can do with a seat", body: still("Dialog", TRIAL_STATE, html`<${PersonDialog} person=${CAST.cara} />`) },
    ],
  },
  {
    id: "toasts",
    title: "Toast",
    samples: [{ title: "In passing, for seven seconds", body: () => html`<button type="button" class="button" onClick=${() => toast("Parked. You will get it back in the brainstorm.")}>Show a toast</button>` }],
  },
];

function Verdict() {
  const options = [["helps", "Helps"], ["maybe", "Maybe"], ["not_now", "Not now"]];
  return html`<${Choice} label="Does it help?" labelled optional options=${options} value=${choice.value} onChoose=${(name) => (choice.value = name)} />`;
}

function Openers() {
  const ask = () => confirm({ title: "Stop the session here?", text: "It ends for everybody and cannot be opened again.", yes: "Stop the session", danger: true });
  return html`<div class="row">
      <button type="button" class="button" onClick=${() => (open.value = "sheet")}>A sheet on phones</button>
      <button type="button" class="button" onClick=${() => (open.value = "person")}>A small one</button>
      <button type="button" class="button" onClick=${ask}>A question</button>
    </div>
    ${open.value === "sheet" && html`<${Dialog} title="Your desk" onClose=${close} sheet><p>From the bottom edge, where the thumb is.</p><//>`}
    ${open.value === "person" && html`<${PersonDialog} person=${CAST.cara} onClose=${close} />`}`;
}
