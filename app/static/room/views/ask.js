// The ask: what the owner wants from the group. Without it no brainstorm; with it in view, no idea goes astray.

import { html } from "htm/preact";
import { _ } from "room/i18n.js";
import { can, isRole, itemsOf } from "room/store.js";
import { Calm } from "room/views/calm.js";
import { Words, named } from "room/views/entry.js";
import { Field, Status, trimmed, useForm, useSending } from "room/views/field.js";
import { Notes } from "room/views/notes.js";
import { QuestionList } from "room/views/questions.js";
import { StatementSummary, ownerNamed } from "room/views/statement.js";

export function Ask() {
  const ask = itemsOf("ask")[0];
  return html`
    ${!can.value.ask && html`<${StatementSummary} />`}
    ${can.value.ask ? html`<${AskForm} ask=${ask} />` : ask ? html`<${AskCard} ask=${ask} />` : html`<${Waiting} />`}
    <details class="fold">
      <summary>${_("Questions and answers")}</summary>
      <${QuestionList} />
    </details>
    <${Notes} />
  `;
}

function Waiting() {
  if (isRole("owner")) return null;
  return html`<${Calm} title=${_("%(name)s is wording the ask.", ownerNamed())}>
    ${isRole("moderator")
      ? _("Give it time. The brainstorm opens when the ask is saved.")
      : _("Nothing to do for you now. It appears here in a moment.")}
  <//>`;
}

function AskForm({ ask }) {
  const saved = ask ? { text: ask.text, not_needed: ask.data.not_needed } : {};
  const form = useForm("ask", saved);
  const sending = useSending(form);
  function save(event) {
    event?.preventDefault();
    const values = trimmed(form.values);
    if (!values.text) sending.ask(_("Say what you expect first; one sentence is enough."));
    else sending.go("ask", values, { empties: false });
  }
  const field = { form, lines: 3, heard: true, onSend: save, onInput: sending.touch };
  return html`<form class="card ask-form stack" onSubmit=${save} novalidate>
    <${Field} ...${field} label=${_("What I expect from you is…")} hint=${_("At the end I want to leave with…")} />
    <${Field} ...${field} name="not_needed" lines=${2} label=${_("What I do not need is…")} hint=${_("If there is something you have heard often enough.")} />
    <div class="composer-foot">
      <${Status} state=${sending.state}>${ask && !form.changed ? _("Saved. Everybody sees it. You can still sharpen it.") : ""}<//>
      <button type="submit" class="button is-primary">${ask ? _("Save the changes") : _("Save the ask")}</button>
    </div>
  </form>`;
}

function AskCard({ ask }) {
  return html`<section class="ask-card is-large" aria-labelledby="ask-title">
    <h2 id="ask-title" class="ask-who">${_("What %(name)s asks of you", named(ask.seat))}</h2>
    <${Words} text=${ask.text} className="ask-text" />
    <${NotNeeded} ask=${ask} />
  </section>`;
}

function NotNeeded({ ask }) {
  if (!ask.data.not_needed) return null;
  return html`<p class="ask-not"><span class="ask-label">${_("Not needed:")}</span>${" "}<${Words} as="span" className="" text=${ask.data.not_needed} /></p>`;
}

/** The issue in one sentence and the ask, kept in view from the brainstorm to the reactions. */
export function AskReminder() {
  const ask = itemsOf("ask")[0];
  const issue = itemsOf("statement")[0]?.text;
  if (!ask && !issue) return null;
  return html`<aside class="ask-card" aria-label=${_("The issue and the ask")}>
    ${issue && html`<p class="ask-issue"><span class="ask-label">${_("The issue:")}</span>${" "}<${Words} as="span" className="" text=${issue} /></p>`}
    ${ask &&
    html`<p class="ask-text"><span class="ask-label">${_("The ask:")}</span>${" "}<${Words} as="span" className="" text=${ask.text} /></p>
      <${NotNeeded} ask=${ask} />`}
  </aside>`;
}
