// The one place to write in: a field, sentence starters, a send button, and what became of the last text.

import { html } from "htm/preact";
import { useRef } from "preact/hooks";
import { _ } from "room/i18n.js";
import { outbox, takeBack } from "room/outbox.js";
import { connection, step } from "room/store.js";
import { Field, Status, trimmed, useForm, useSending } from "room/views/field.js";
import { Words } from "room/views/entry.js";

/**
 * `command`: what it sends, with `data` beside the fields; a text given to it is never lost. `before` and `children`: more
 * fields, as functions of the form. `more`: buttons beside the send button. `heard`: the group may see that somebody types. `pinned`: it stays
 * at the bottom edge of the screen.
 */
export function Composer({ command, draftKey = command, label, hint, button, data, starters = [], lines = 2, heard = true, pinned = false, ...more }) {
  const form = useForm(draftKey);
  const sending = useSending(form);
  const box = useRef(null);
  const field = () => box.current.querySelector("textarea");
  const waiting = unsaved(draftKey);

  function submit(event) {
    event?.preventDefault();
    const words = trimmed(form.values);
    if (!words.text) {
      sending.ask(_("Write something first."));
      field().focus();
      return;
    }
    const extra = typeof data === "function" ? data(words) : data;
    sending.go(command, { ...words, ...extra }).then((answer) => answer.ok && more.onSent?.());
    field()?.focus({ preventScroll: true });
  }

  return html`<form ref=${box} class=${`composer ${pinned ? "is-pinned" : ""}`} onSubmit=${submit} novalidate>
    <${Waiting} rows=${waiting} />
    ${more.before?.(form)}
    <${Starters} form=${form} starters=${starters} field=${field} />
    <${Field} form=${form} label=${typeof label === "function" ? label(form) : label} hint=${hint} lines=${lines} placeholder=${pinned ? [label, hint].filter(Boolean).join(" · ") : undefined} heard=${heard} onSend=${submit} onInput=${sending.touch} />
    ${more.children?.(form, { submit, heard })}
    <div class="composer-foot">
      ${(!waiting.length || sending.state.value?.message) && html`<${Status} state=${sending.state} seen />`}
      <div class="row">
        ${typeof more.more === "function" ? more.more(form) : more.more}
        <button type="submit" class="button is-primary">${button}</button>
      </div>
    </div>
  </form>`;
}

/** Beginnings of a sentence; a tap puts one into the field. */
export function Starters({ form, name = "text", starters, field }) {
  if (!starters.length) return null;
  const use = (starter) => {
    const beginning = starter.replace(/…$/, " ");
    const text = form.values[name] ?? "";
    form.set(name, text.trim() ? `${text.trimEnd()}\n${beginning}` : beginning);
    const element = field();
    // The draft reaches the field with the next redraw; the caret goes behind it then.
    requestAnimationFrame(() => {
      element.focus();
      element.setSelectionRange(element.value.length, element.value.length);
    });
  };
  return html`<div class="starters" role="group" aria-label=${_("Begin with")}>
    ${starters.map(
      (starter) => html`<button key=${starter} type="button" class="chip" onClick=${() => use(starter)}>${starter}</button>`,
    )}
  </div>`;
}

/** The texts out of this draft that the server does not have yet, while the line is down; what is changed stays in its field. */
export const unsaved = (draftKey) =>
  outbox.value.filter(({ draft, state, empties = true }) => draft === draftKey && state === "unsaved" && empties);

/** They say themselves how it stands with them, so that the form need not say it again. */
export function Waiting({ rows }) {
  if (!rows.length) return null;
  return html`<ul class="unsaved" aria-label=${_("Not saved yet")}>
    ${rows.map(
      (row) => html`<li key=${row.id} class="entry is-pending">
        ${row.data.text && html`<${Words} text=${row.data.text} />`}
        <p class="entry-meta">
          ${connection.value === "live" ? row.message || _("Not saved yet. We keep trying.") : _("Not saved yet. It is sent when the connection is back.")}
        </p>
        <div class="row entry-buttons">
          <button type="button" class="button is-quiet is-small" onClick=${() => takeBack(row.id)}>${_("Take back")}</button>
        </div>
      </li>`,
    )}
  </ul>`;
}

/** The step's sentence starters. */
export const starters = () => step().starters;
