// The owner's feedback: what helps, then the plan; and what the group says to it.

import { html } from "htm/preact";
import { act } from "room/act.js";
import { _ } from "room/i18n.js";
import { can, everyone, isRole, itemsOf, me, method } from "room/store.js";
import { AskReminder } from "room/views/ask.js";
import { isStarred } from "room/views/board.js";
import { Calm } from "room/views/calm.js";
import { Composer } from "room/views/composer.js";
import { Entry, Words } from "room/views/entry.js";
import { Choice, Field } from "room/views/field.js";
import { NoteForSomebody } from "room/views/note_down.js";
import { Notes } from "room/views/notes.js";
import { Plan } from "room/views/plan.js";
import { PlanEditor, takeIntoPlan } from "room/views/plan_form.js";
import { RecommendationList } from "room/views/recommendations.js";
import { Sorting, VerdictMark } from "room/views/sorting.js";
import { ownerNamed } from "room/views/statement.js";
import { SaidAloud } from "room/views/turn.js";

export function Feedback() {
  return html`
    <${AskReminder} />
    ${can.value.sort ? html`<${OwnFeedback} />` : html`<${OthersFeedback} />`}
    <${Notes} />
  `;
}

function OwnFeedback() {
  const hasRoom = can.value.plan && itemsOf("action").length < method.most_actions;
  const foot = (item) => html`<${Sorting} item=${item} onTake=${hasRoom && (() => takeIntoPlan(item))} />`;
  return html`
    <section class="stack is-tight" aria-labelledby="sort-title">
      <h2 id="sort-title">${_("What helps you?")}</h2>
      <p class="hint">${_("Sort each one. No reason is needed, and nothing is lost.")}</p>
      <${RecommendationList} foot=${foot} />
    </section>
    <${Starred} />
    <section class="stack" aria-labelledby="plan-title">
      <h2 id="plan-title">${_("My plan")}</h2>
      <${PlanEditor} />
      <${Present} />
    </section>
  `;
}

function Present() {
  const presented = itemsOf("presented").length > 0;
  if (!can.value.present || !itemsOf("action").length) return null;
  if (presented) {
    return html`<div class="banner">
      <p>${_("You have presented your plan. The others react in a moment.")}</p>
      <button type="button" class="button is-quiet is-small" onClick=${() => act("present", { on: false })}>${_("I am not done yet")}</button>
    </div>`;
  }
  return html`<div class="present row">
    <button type="button" class="button is-primary" onClick=${() => act("present", { on: true })}>${_("Present my plan")}</button>
    <p class="hint">${_("Read it out in the call. You can still change it.")}</p>
  </div>`;
}

/** The owner's own stars from the brainstorm, to draw on. */
function Starred() {
  const ideas = itemsOf("idea").filter(isStarred);
  if (!ideas.length) return null;
  return html`<details class="fold">
    <summary>${_("Ideas that you starred")}${" "}<span class="badge">${ideas.length}</span></summary>
    <ul class="board">${ideas.map(({ id, text }) => html`<li key=${id} class="entry is-private"><${Words} text=${text} /></li>`)}</ul>
  </details>`;
}

function OthersFeedback() {
  const name = ownerNamed();
  const presented = itemsOf("presented").length > 0;
  return html`
    <${Calm} title=${presented ? _("%(name)s presents the plan.", name) : _("%(name)s decides what helps.", name)}>
      ${_("Nothing to do but listen. Nobody sells their advice again.")}
    <//>
    <section class="stack is-tight" aria-labelledby="plan-title">
      <h2 id="plan-title">${_("The plan")}</h2>
      <${Plan} empty=${_("The plan grows here.")} />
    </section>
    <section class="stack is-tight" aria-labelledby="sort-title">
      <h2 id="sort-title">${_("Recommendations")}</h2>
      <${RecommendationList} foot=${(item) => html`<${VerdictMark} item=${item} />`} />
    </section>
  `;
}

export function Reactions() {
  const own = itemsOf("reaction").find(({ seat }) => seat === me.value.seat);
  return html`
    <${AskReminder} />
    ${can.value.reaction && !own && html`<${ReactionComposer} />`}
    <${NoteForSomebody} command="reaction" people=${consultants()} label=${reactionLabel} children=${StrengthOrRisk} along=${reactionSort} aloud />
    ${!can.value.reaction && isRole("owner") && html`<${Calm} title=${_("Listen to the reactions.")}>${_("You need not answer. They collect under your plan, which you may still sharpen.")}<//>`}
    <section class="stack" aria-labelledby="plan-title">
      <h2 id="plan-title">${can.value.plan ? _("My plan") : _("The plan")}</h2>
      ${can.value.plan ? html`<${PlanEditor} />` : html`<${Plan} empty=${_("There is no plan in writing.")} />`}
    </section>
    <${Notes} />
    <section class="stack is-tight" aria-labelledby="reactions-title">
      <h2 id="reactions-title">${_("Reactions")}</h2>
      <${ReactionList} />
    </section>
  `;
}

const consultants = () =>
  everyone.value.filter(({ id, status, role, consults }) => id !== me.value.seat && status === "in" && (role === "consultant" || consults));

const SORTS = [
  ["strength", () => _("A strength")],
  ["risk", () => _("A risk")],
];
const reactionSort = ({ sort }) => ({ sort: sort || "strength" });
const reactionLabel = ({ values }) => (values.sort === "risk" ? _("A risk I see is…") : _("What is strong is…"));

function StrengthOrRisk(form) {
  return html`<${Choice} label=${_("A strength or a risk?")} options=${SORTS.map(([name, title]) => [name, title()])} value=${form.values.sort || "strength"} onChoose=${(name) => form.set("sort", name)} />`;
}

function ReactionComposer() {
  const said = (form) => html`<${SaidAloud} command="reaction" form=${form} data=${reactionSort} label=${_("I said it aloud")} />`;
  return html`<${Composer}
    command="reaction"
    label=${reactionLabel}
    button=${_("Give it")}
    data=${reactionSort}
    before=${StrengthOrRisk}
    more=${said}
  />`;
}

function reactionFields(form, { submit }) {
  return html`${StrengthOrRisk(form)}<${Field} form=${form} label=${reactionLabel(form)} lines=${2} onSend=${submit} />`;
}

function ReactionList() {
  const all = itemsOf("reaction");
  if (!all.length) return html`<p class="hint">${_("One strength or one risk from each person, short.")}</p>`;
  return html`<ul class="board">
    ${all.map(
      (each) => html`<${Entry} key=${each.id} item=${each} open=${Boolean(can.value.reaction || can.value.note_down?.reaction)} fields=${reactionFields} kind=${`reaction is-${each.data.sort}`}>
        <p class=${`reaction-sort is-${each.data.sort}`}>${each.data.sort === "risk" ? _("A risk") : _("A strength")}</p>
      <//>`,
    )}
  </ul>`;
}
