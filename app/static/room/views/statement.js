// The issue statement as everybody reads it.

import { html } from "htm/preact";
import { _ } from "room/i18n.js";
import { can, everyone, isRole, itemsOf, nameOf, session } from "room/store.js";
import { Calm } from "room/views/calm.js";
import { DealMap } from "room/views/deal_map.js";
import { Words, isolated } from "room/views/entry.js";
import { Notes } from "room/views/notes.js";
import { StatementForm } from "room/views/statement_form.js";

export { StatementForm };

export function Statement() {
  const statement = itemsOf("statement")[0];
  return html`
    ${can.value.statement ? html`<div class="card"><${StatementForm} /></div>` : statement ? html`<${StatementView} statement=${statement} />` : html`<${Waiting} />`}
    ${isRole("consultant") ? html`<${Notes} open title=${_("Your questions for later")} label=${_("A question for later")} />` : html`<${Notes} />`}
  `;
}

function Waiting() {
  return html`<${Calm} title=${_("%(name)s tells the case.", { name: isolated(ownerName()) })}>
    ${_("Nothing to do but listen. What gets written down appears here; what is said counts just as much.")}
  <//>`;
}

/** The owner's name, or a word for it as long as there is none. */
export function ownerName() {
  const own = itemsOf("statement")[0];
  return (own ? nameOf(own.seat) : everyone.value.find(({ role }) => role === "owner")?.name) || _("The owner");
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
    html`<p class="statement-who">${_("%(name)s’s case", { name: isolated(nameOf(statement.seat)) })}</p>
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
      <span class="statement-who">${_("%(name)s’s case", { name: isolated(nameOf(statement.seat)) })}</span>
      ${statement.text && html`<${Words} as="span" text=${statement.text} className="statement-issue" />`}
    </summary>
    <${StatementView} statement=${statement} title=${false} />
  </details>`;
}
