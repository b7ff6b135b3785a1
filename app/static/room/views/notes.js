// Private notes: questions for later, parked ideas, and what was half written when a step ended.

import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { act } from "room/act.js";
import { clear, isShown, leftovers } from "room/drafts.js";
import { _ } from "room/i18n.js";
import { outbox } from "room/outbox.js";
import { send } from "room/socket.js";
import { can, itemsOf } from "room/store.js";
import { Composer, Waiting } from "room/views/composer.js";
import { Entry, Words } from "room/views/entry.js";
import { toast } from "room/views/toast.js";

/**
 * The panel of private notes, wherever notes may be written. `main`: writing notes is what this step is for; `open`: it helps.
 */
export function Notes({ main = false, open = false, title = _("Your private notes"), label = _("A note for yourself"), starters = [] }) {
  const isOpen = useSignal(open);
  const rescued = leftovers().length > 0;
  useEffect(() => {
    if (leftovers().length) isOpen.value = true; // asked again: the forms of a new step have just come
  }, [rescued]);
  if (!can.value.note) return null;
  const notes = itemsOf("note");
  const body = html`<${Drafts} />
    <${NoteComposer} label=${label} starters=${starters} />
    <${NoteList} notes=${notes} />
    <${Parked} />`;
  if (main) {
    return html`<section class="notes is-main stack" aria-labelledby="notes-title">
      <h2 id="notes-title">${title}</h2>
      ${body}
    </section>`;
  }
  return html`<details class="notes fold" open=${isOpen.value} onToggle=${(event) => (isOpen.value = event.currentTarget.open)}>
    <summary>${title}${notes.length > 0 && html`${" "}<span class="badge">${notes.length}</span>`}</summary>
    <div class="stack">${body}</div>
  </details>`;
}

function NoteList({ notes }) {
  if (!notes.length) return null;
  return html`<ul class="board">
    ${notes.map((note) => html`<${Entry} key=${note.id} item=${note} open meta=${false} kind="is-private" />`)}
  </ul>`;
}

function NoteComposer({ label, starters }) {
  const park = can.value.park && ((form) => html`<${ParkButton} form=${form} />`);
  return html`<${Composer}
    command="note"
    label=${label}
    hint=${_("Only you see it.")}
    button=${_("Note it")}
    starters=${starters}
    heard=${false}
    children=${park}
  />`;
}

/** An idea that comes too early waits here until the brainstorm. */
function ParkButton({ form }) {
  async function park() {
    const text = (form.values.text ?? "").trim();
    if (!text) return;
    const answer = await send("park", { text }, { draft: form.key });
    toast(answer.ok ? _("Parked. You will get it back in the brainstorm.") : answer.message);
  }
  return html`<p class="row park">
    <span class="hint">${_("Already an idea?")}</span>
    <button type="button" class="button is-quiet is-small" onClick=${park}>${_("Park it for the brainstorm")}</button>
  </p>`;
}

function Parked() {
  const parked = itemsOf("parked");
  if (!parked.length || can.value.idea) return null;
  return html`<div class="stack is-tight">
    <p class="label">${_("Parked ideas")}</p>
    <ul class="board">
      ${parked.map((idea) => html`<${Entry} key=${idea.id} item=${idea} open=${can.value.park} meta=${false} kind="is-private" />`)}
    </ul>
  </div>`;
}

/** Parked ideas, given back to their author now that the brainstorm is on. */
export function ParkedIdeas() {
  const parked = itemsOf("parked");
  if (!parked.length || !can.value.idea) return null;
  const now = (idea) => act("idea", { text: idea.text, from: idea.id });
  return html`<section class="card stack is-tight" aria-labelledby="parked-title">
    <h2 id="parked-title">${_("You parked this. Now is the time.")}</h2>
    <ul class="board">
      ${parked.map(
        (idea) => html`<li key=${idea.id} class="entry is-private">
          <${Words} text=${idea.text} />
          <div class="row entry-buttons">
            <button type="button" class="button is-small" onClick=${() => now(idea)}>${_("Use it now")}</button>
          </div>
        </li>`,
      )}
    </ul>
  </section>`;
}

/** Shown where notes are, and at the close. */
export function Drafts() {
  const rows = leftovers();
  const waiting = outbox.value.filter(({ name, draft, state }) => name === "note" && state === "unsaved" && draft !== null && !isShown(draft));
  return html`<${Waiting} rows=${waiting} /><${Leftovers} rows=${rows} />`;
}

function Leftovers({ rows }) {
  if (!rows.length) return null;
  const keep = async ({ key, text }) => {
    const answer = await send("note", { text }, { draft: key });
    if (!answer.ok) toast(answer.message);
  };
  return html`<div class="stack is-tight">
    <p class="label">${_("Your drafts")}</p>
    <p class="hint">${_("You were still writing this when the group moved on. It is not lost.")}</p>
    <ul class="board">
      ${rows.map(
        (row) => html`<li key=${row.key} class="entry is-private is-pending">
          <${Words} text=${row.text} />
          <div class="row entry-buttons">
            ${can.value.note && html`<button type="button" class="button is-small" onClick=${() => keep(row)}>${_("Keep as a note")}</button>`}
            <${CopyButton} text=${row.text} />
            <button type="button" class="button is-quiet is-small" onClick=${() => clear(row.key)}>${_("Throw away")}</button>
          </div>
        </li>`,
      )}
    </ul>
  </div>`;
}

/** Only pages with https have the clipboard; elsewhere the words can be selected. */
export function CopyButton({ text }) {
  if (!navigator.clipboard) return null;
  const copy = () => navigator.clipboard.writeText(text).then(() => toast(_("Copied.")), () => {});
  return html`<button type="button" class="button is-quiet is-small" onClick=${copy}>${_("Copy")}</button>`;
}
