// What a moderator puts down for somebody who said it aloud: a mark, or the words.

import { html } from "htm/preact";
import { useLayoutEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { act } from "room/act.js";
import { draft } from "room/drafts.js";
import { _ } from "room/i18n.js";
import { can, nameOf } from "room/store.js";
import { Composer } from "room/views/composer.js";
import { named } from "room/views/entry.js";
import { SaidAloud } from "room/views/turn.js";

/** For the person who has the turn. `children`: more fields, as a function of the form. */
export function NoteDown({ command, seat, label, children }) {
  const open = useSignal(false);
  if (!can.value.note_down?.[command] || !seat) return null;
  const name = named(seat);
  const key = `noted:${command}:${seat}`; // words noted for one person must never end up with the next one
  const said = () => act(command, { aloud: true, text: "", for: seat });
  return html`<section class="note-down card stack is-tight" aria-label=${_("Note down for %(name)s", name)}>
    <div class="row">
      <p class="note-down-who">${_("For %(name)s:", name)}</p>
      <button type="button" class="button" onClick=${said}>${_("Said aloud")}</button>
      <${Opener} open=${open} />
    </div>
    ${(open.value || draft(key).value.text) &&
    html`<div hidden=${!open.value}>
      <${Composer} command=${command} key=${seat} draftKey=${key} data=${{ for: seat }} label=${label} button=${_("Save")} onSent=${() => (open.value = false)} children=${children} />
    </div>`}
  </section>`;
}

const Opener = ({ open }) =>
  html`<button type="button" class="button is-quiet" aria-expanded=${open.value ? "true" : "false"} onClick=${() => (open.value = !open.value)}>
    ${_("Note it down")}
  </button>`;

/** For anybody of `people`. `aloud`: it may be only marked as said. `along`: what else to send, as a function of the words. */
export function NoteForSomebody({ command, people, label, children, along, aloud = false }) {
  const open = useSignal(false);
  const chosen = useSignal("");
  const key = `noted:${command}`;
  const half = draft(key).value;
  // Whoever was chosen and has gone meanwhile is nobody else: the server says so.
  const seat = half.for || chosen.value || people[0]?.id;
  // From the first letter on it is written for the person who is named beside it, whoever comes or goes.
  useLayoutEffect(() => {
    if (half.text && !half.for && seat) draft(key).value = { ...draft(key).peek(), for: seat };
  }, [half.text, half.for, seat]);
  if (!can.value.note_down?.[command] || !people.length) return null;
  const choose = (id) => {
    chosen.value = id;
    if (half.for) draft(key).value = { ...draft(key).peek(), for: id };
  };
  const options = people.some(({ id }) => id === seat) ? people : [...people, { id: seat, name: nameOf(seat) }];
  const who = html`<label class="field">
    <span class="label">${_("Who said it?")}</span>
    <select value=${seat} onChange=${(event) => choose(event.currentTarget.value)}>
      ${options.map(({ id, name }) => html`<option key=${id} value=${id}>${name}</option>`)}
    </select>
  </label>`;
  const data = (words) => ({ ...along?.(words), for: seat });
  const mark = (form) => aloud && html`<${SaidAloud} command=${command} form=${form} data=${data} />`;
  return html`<section class="note-down stack is-tight" aria-label=${_("Note down for somebody")}>
    <div><${Opener} open=${open} /></div>
    ${(open.value || half.text) &&
    html`<div hidden=${!open.value}>
      <${Composer}
        command=${command}
        draftKey=${key}
        data=${data}
        before=${() => who}
        label=${label}
        button=${_("Save")}
        more=${mark}
        children=${children}
      />
    </div>`}
  </section>`;
}
