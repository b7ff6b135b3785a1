// After the session: thanks, the plan to take along, and the way to the record.

import { html } from "htm/preact";
import { _ } from "room/i18n.js";
import { itemsOf, session, urls } from "room/store.js";
import { LessonList } from "room/views/lessons.js";
import { Drafts } from "room/views/notes.js";
import { Plan } from "room/views/plan.js";
import { ownerNamed } from "room/views/statement.js";

export function Closed() {
  return html`
    <section class="thanks" aria-label=${_("Thank you")}>
      <p class="thanks-title">${session.value.stopped ? _("The session has ended here.") : _("Thank you, all of you.")}</p>
      <p>
        ${session.value.stopped
          ? _("Stopping is always allowed. Thank you for the time you gave; what was written so far is kept.")
          : _("You gave a colleague your full attention for an hour. What was said stays in this group.")}
      </p>
    </section>
    <${FinalPlan} />
    <section class="stack is-tight" aria-labelledby="lessons-title">
      <h2 id="lessons-title">${_("What we take with us")}</h2>
      <${LessonList} open=${false} />
    </section>
    <${Drafts} />
    <p class="row"><a class="button" href=${urls.record}>${_("Read the whole record")}</a></p>
  `;
}

function FinalPlan() {
  if (!itemsOf("action").length) return null;
  return html`<section class="stack is-tight" aria-labelledby="plan-title">
    <h2 id="plan-title">${_("%(name)s’s plan", ownerNamed())}</h2>
    <${Plan} />
    <p class="row">
      <a class="button is-primary" href=${urls.plan_pdf} download>${_("The plan as PDF")}</a>
      <a class="button" href=${urls.plan_markdown} download>${_("As Markdown")}</a>
    </p>
  </section>`;
}
