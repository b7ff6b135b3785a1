// After the session: thanks, the plan to take along, and the way to the record.

import { html } from "htm/preact";
import { _ } from "room/i18n.js";
import { itemsOf, session, urls } from "room/store.js";
import { FollowUp } from "room/views/follow_up.js";
import { LessonList } from "room/views/lessons.js";
import { whoReads } from "room/views/lobby.js";
import { Drafts } from "room/views/notes.js";
import { Plan } from "room/views/plan.js";
import { ownerNamed } from "room/views/statement.js";
import { Themes } from "room/views/themes.js";

export function Closed() {
  return html`
    <section class="thanks" aria-label=${_("Thank you")}>
      <p class="thanks-title">${session.value.stopped ? _("The session has ended here.") : _("Thank you, all of you.")}</p>
      <p>
        ${session.value.stopped
          ? _("Stopping is always allowed. Thank you for the time you gave; what was written so far is kept.")
          : `${_("You gave a colleague your full attention.")} ${whoReads()}`}
      </p>
    </section>
    <${FinalPlan} />
    <${FollowUp} />
    <section class="stack is-tight" aria-labelledby="lessons-title">
      <h2 id="lessons-title">${_("What we take with us")}</h2>
      <${LessonList} open=${false} />
    </section>
    <${Themes} />
    <${Drafts} />
    <p class="row">
      <a class="button" href=${urls.record}>${_("Read the whole record")}</a>
      <a class="button is-quiet" href=${urls.mine}>${_("My words: take them along or erase them")}</a>
    </p>
  `;
}

function FinalPlan() {
  const actions = itemsOf("action");
  if (!actions.length) return null;
  const dated = actions.some((action) => action.data.by);
  const [first, ...others] = urls.plan.filter(({ name }) => dated || name !== "ics");
  return html`<section class="stack is-tight" aria-labelledby="plan-title">
    <h2 id="plan-title">${_("%(name)s’s plan", ownerNamed())}</h2>
    <${Plan} />
    <p><a class="button is-primary" href=${first.url} download>${_("The plan as PDF")}</a></p>
    <details class="fold is-plain">
      <summary>${_("The plan in other formats")}</summary>
      <ul class="row">
        ${others.map(({ name, label, url }) => html`<li key=${name}><a class="button" href=${url} download>${label}</a></li>`)}
      </ul>
    </details>
  </section>`;
}
