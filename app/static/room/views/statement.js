// The issue statement as everybody reads it.

import { html } from "htm/preact";
import { _ } from "room/i18n.js";
import { can, everyone, isRole, itemsOf, nameOf, session } from "room/store.js";
import { Calm } from "room/views/calm.js";
import { DealMap } from "room/views/deal_map.js";
import { Words, isolated, named } from "room/views/entry.js";
import { Field, Status, useForm, useSending } from "room/views/field.js";
import { Notes } from "room/views/notes.js";
import { MOST_ISSUE, StatementForm } from "room/views/statement_form.js";

export { StatementForm };

export function Statement() {
  const statement = itemsOf("statement")[0];
  return html`
    ${can.value.statement ? html`<div class="card"><${StatementForm} /></div>` : statement ? html`<${StatementView} statement=${statement} />` : html`<${Waiting} />`}
    <${NoteIssue} />
    ${isRole("consultant") ? html`<${Notes} open title=${_("Your questions for later")} label=${_("A question for later")} />` : html`<${Notes} />`}
  `;
}

function Waiting() {
  if (isRole("owner")) return null;
  return html`<${Calm} title=${_("%(name)s tells the case.", ownerNamed())}>
    ${_("Nothing to do but listen. What gets written down appears here; what is said counts just as much.")}
  <//>`;
}

/** The values of a sentence about the owner, with a word for them as long as there is none. */
export function ownerNamed() {
  const own = itemsOf("statement")[0];
  const name = own ? nameOf(own.seat) : owner()?.name;
  return { name: isolated(name || _("The owner")) };
}

const owner = () => everyone.value.find(({ role, status }) => role === "owner" && status !== "removed");

/** A case that is told and not typed: the moderator puts its sentence down, and leaves all else as the owner has it. */
function NoteIssue() {
  const statement = itemsOf("statement")[0];
  if (!can.value.note_down?.statement || !owner() || (statement && !statement.noted)) return null;
  return html`<${IssueForm} statement=${statement} />`;
}

function IssueForm({ statement }) {
  const form = useForm("noted:statement", { text: statement?.text ?? "" });
  const sending = useSending(form);
  const save = (event) => {
    event?.preventDefault();
    sending.go("statement", { issue: (form.values.text ?? "").trim(), for: owner().id }, { empties: false });
  };
  return html`<details class="fold">
    <summary>${_("Note the issue down for %(name)s", named(owner().id))}</summary>
    <form class="stack is-tight" onSubmit=${save} novalidate>
      <${Field} form=${form} lines=${2} longest=${MOST_ISSUE} label=${_("The issue in one sentence")} hint=${_("In the owner’s words.")} heard onSend=${save} onInput=${sending.touch} />
      <div class="composer-foot">
        <${Status} state=${sending.state}>${statement && !form.changed ? _("Saved.") : ""}<//>
        <button type="submit" class="button">${_("Save")}</button>
      </div>
    </form>
  </details>`;
}

const STORY = [
  ["situation", () => _("The situation")],
  ["tried", () => _("What I have tried")],
  ["stakes", () => _("What is at stake")],
];
const DEAL = [
  ["customer", () => _("Customer")],
  ["offer", () => _("What is offered")],
  ["size", () => _("Size")],
  ["key_date", () => _("The date that matters")],
];
const DECISION = [
  ["decide", () => _("How they will decide this time")],
  ["nothing", () => _("If they do nothing")],
];

/** Only what was filled in is shown. */
export function StatementView({ statement, title = true }) {
  const { data } = statement;
  return html`<section class="card statement stack" aria-label=${_("The issue statement")}>
    ${title &&
    html`<p class="statement-who">${_("%(name)s’s case", named(statement.seat))}</p>
      ${statement.text && html`<${Words} text=${statement.text} className="statement-issue" />`}`}
    <${Paragraphs} rows=${STORY} data=${data} />
    <${Facts} data=${data} />
    <${DealMap} people=${data.people ?? []} />
    <${Paragraphs} rows=${DECISION} data=${data} />
  </section>`;
}

function Paragraphs({ rows, data }) {
  return rows
    .filter(([name]) => data[name])
    .map(
      ([name, title]) => html`<div key=${name} class="statement-part">
        <h2>${title()}</h2>
        <${Words} text=${data[name]} />
      </div>`,
    );
}

function Facts({ data }) {
  const known = DEAL.filter(([name]) => data[name]);
  if (!known.length) return null;
  return html`<dl class="facts">
    ${known.map(
      ([name, title]) => html`<div key=${name}>
        <dt>${title()}</dt>
        <dd dir="auto" lang=${session.value.language}>${data[name]}</dd>
      </div>`,
    )}
  </dl>`;
}

/** The statement in later steps: the issue in one sentence, the rest folded away. */
export function StatementSummary() {
  const statement = itemsOf("statement")[0];
  if (!statement) return null;
  return html`<details class="fold statement-fold">
    <summary>
      <span class="statement-who">${_("%(name)s’s case", named(statement.seat))}</span>
      ${statement.text && html`<${Words} as="span" text=${statement.text} className="statement-issue" />`}
    </summary>
    <${StatementView} statement=${statement} title=${false} />
  </details>`;
}
