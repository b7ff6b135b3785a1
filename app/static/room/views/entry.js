// One contribution: who, what, and what its author may still do with it.

import { html } from "htm/preact";
import { useSignal } from "@preact/signals";
import { act } from "room/act.js";
import { _ } from "room/i18n.js";
import { isNew, me, nameOf, person, session } from "room/store.js";
import { confirm } from "room/views/dialog.js";
import { Field, Status, trimmed, useForm, useSending } from "room/views/field.js";

/** kind -> the command that changes it, and what has to go along: which one, and whether it was said aloud. */
const CHANGES = {
  case: ["offer_case", () => ({})],
  note: ["note", (item) => ({ item: item.id })],
  parked: ["park", (item) => ({ item: item.id })],
  question: ["question", (item) => ({ item: item.id, ...aloud(item) })],
  idea: ["idea", (item) => ({ item: item.id, ...parent(item) })],
  recommendation: ["recommend", (item) => ({ item: item.id, ...parent(item), ...aloud(item) })],
  reaction: ["reaction", (item) => ({ item: item.id, ...aloud(item) })],
  lesson: ["lesson", (item) => ({ item: item.id })],
};

const parent = (item) => (item.parent ? { parent: item.parent } : {});
const aloud = (item) => (item.aloud ? { aloud: true } : {});

const ROLES = { moderator: () => _("Moderator"), owner: () => _("Issue owner") };

/** What somebody wrote, in the session's language. */
export function Words({ text, as = "p", className = "entry-text" }) {
  return html`<${as} class=${className} dir="auto" lang=${session.value.language}>${text}<//>`;
}

/** A name that stands inside a sentence: its writing direction stays its own. */
export const isolated = (name) => `\u2068${name}\u2069`;

/** The values of a sentence about a person. */
export const named = (seat) => ({ name: isolated(nameOf(seat)) });

/** A person's name, with their role where it is a special one. */
export function Name({ seat }) {
  const known = person(seat);
  if (!known) return html`<span class="entry-who">${_("Somebody who has left")}</span>`;
  return html`<span class="entry-who">
    <bdi>${known.name}</bdi>${ROLES[known.role] && ROLES[known.role]() !== known.name && html`${" "}<span class="badge">${ROLES[known.role]()}</span>`}
  </span>`;
}

/** Who said it and how it came here. */
export function Meta({ item, children }) {
  const mine = item.mine && (item.seat === undefined || item.seat === me.value.seat);
  const marks = [
    mine && _("yours"),
    item.noted && _("noted by the moderator"),
    item.aloud && _("said aloud"),
  ].filter(Boolean);
  if (!item.seat && !marks.length && !children) return null;
  return html`<p class="entry-meta">
    ${item.seat && html`<${Name} seat=${item.seat} />`}
    ${marks.map((mark) => html`${" "}<span key=${mark} class="entry-mark">${mark}</span>`)}
    ${children}
  </p>`;
}

/**
 * `open`: its author may change it or take it back now. `fields`: what the form for changing it shows, as a function of the form;
 * without it, the text alone. `children` stand under the text, `buttons` beside those of the author.
 */
export function Entry({ item, as = "li", open = false, fields, children, buttons, meta = true, kind = "" }) {
  const editing = useSignal(false);
  const own = open && item.mine;
  return html`<${as} class=${`entry ${kind} ${item.mine ? "is-mine" : ""} ${isNew(item.id) ? "is-new" : ""}`}>
    ${meta && html`<${Meta} item=${item} />`}
    ${editing.value && own
      ? html`<${Edit} item=${item} fields=${fields} onDone=${() => (editing.value = false)} />`
      : html`${item.data.title && html`<${Words} text=${item.data.title} as="h3" className="entry-title" />`}
          ${item.text && html`<${Words} text=${item.text} />`}${children}`}
    ${((own && !editing.value) || buttons) &&
    html`<div class="row entry-buttons">
      ${buttons}
      ${own && !editing.value && html`<${OwnButtons} item=${item} onEdit=${() => (editing.value = true)} />`}
    </div>`}
  <//>`;
}

function OwnButtons({ item, onEdit }) {
  return html`<button type="button" class="button is-quiet is-small" onClick=${onEdit}>${item.text ? _("Change") : _("Add words")}</button>
    <button type="button" class="button is-quiet is-small" onClick=${() => withdraw(item)}>${_("Take back")}</button>`;
}

const notedForSomebody = (item) => item.noted && item.seat !== undefined && item.seat !== me.value.seat;

export async function withdraw(item) {
  const sure = await confirm({ title: _("Take this back?"), text: item.text, yes: _("Take it back"), no: _("Keep it") });
  if (sure) act("withdraw", { item: item.id });
}

function Edit({ item, fields, onDone }) {
  const form = useForm(`edit:${item.id}`, { text: item.text, ...item.data });
  const sending = useSending(form);
  async function save(event) {
    event?.preventDefault();
    const [command, along] = CHANGES[item.kind];
    const data = { ...along(item), ...trimmed(form.values) };
    if (notedForSomebody(item)) data.for = item.seat;
    const answer = await sending.go(command, data, { empties: false });
    if (answer.ok && sending.isCurrent()) leave();
  }
  const leave = () => {
    form.reset();
    onDone();
  };
  const cancel = () => {
    sending.cancel();
    onDone();
  };
  return html`<form class="stack entry-edit" onSubmit=${save} novalidate>
    ${fields ? fields(form, { submit: save }) : html`<${Field} form=${form} label=${_("Your words")} lines=${2} onSend=${save} onInput=${sending.touch} />`}
    <${Status} state=${sending.state} seen />
    <div class="row">
      <button type="button" class="button is-quiet is-small" onClick=${cancel}>${_("Cancel")}</button>
      <button type="submit" class="button is-primary is-small">${_("Save")}</button>
    </div>
  </form>`;
}
