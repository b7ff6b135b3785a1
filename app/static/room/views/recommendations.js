// Recommendations: one each, in turn, with a first step. The owner receives and thanks; there is no field to answer.

import { html } from "htm/preact";
import { useId } from "preact/hooks";
import { _ } from "room/i18n.js";
import { can, isRole, item as itemById, itemsOf, session } from "room/store.js";
import { AskReminder } from "room/views/ask.js";
import { Board } from "room/views/board.js";
import { Calm } from "room/views/calm.js";
import { Composer, starters } from "room/views/composer.js";
import { Entry, Words } from "room/views/entry.js";
import { Field, MOST } from "room/views/field.js";
import { NoteDown } from "room/views/note_down.js";
import { Notes } from "room/views/notes.js";
import { TurnButtons, TurnCard, isMyTurn, turn, useBelowNotes } from "room/views/turn.js";

export function Recommendations() {
  const below = useBelowNotes(can.value.recommend);
  return html`
    <${AskReminder} />
    <${TurnCard}
      mine=${_("Offer your best one, aloud or in writing, with a first step.")}
      others=${_("One recommendation, with a first step. The others listen.")}
      over=${_("Everybody has had a turn.")}
    />
    ${isRole("owner") && html`<${Calm} title=${_("Receive and thank.")}>${_("You need not answer. In the next phase you say what helps you.")}<//>`}
    ${can.value.recommend && !below && html`<${RecommendationComposer} />`}
    ${turn() && !isMyTurn() && html`<${NoteDown} command="recommend" seat=${turn().seat} label=${_("The recommendation, as it was said")} children=${MoreFields} />`}
    <details class="fold">
      <summary>${_("The board of ideas")}</summary>
      <${Board} empty=${_("There are no ideas on the board.")} />
    </details>
    <${Notes} />
    ${can.value.recommend && below && html`<${RecommendationComposer} />`}
    <section class="stack is-tight" aria-labelledby="recommendations-title">
      <h2 id="recommendations-title">${_("Recommendations")}</h2>
      <${RecommendationList} />
    </section>
  `;
}

function RecommendationComposer() {
  return html`<${Composer}
    command="recommend"
    label=${_("Your recommendation")}
    button=${_("Give it")}
    starters=${starters()}
    data=${stillOnBoard}
    children=${MoreFields}
    more=${(form) => html`<${TurnButtons} command="recommend" form=${form} data=${stillOnBoard} aloud=${_("I said it aloud")} />`}
  />`;
}

/** The idea that it grew out of, unless it is gone by now. */
const stillOnBoard = ({ parent }) => ({ parent: parent && itemById(parent) ? parent : "" });

/** The first step in sight; the reason, and the idea that it grew out of, for those who want them. */
function MoreFields(form, { submit, heard }) {
  const field = { form, lines: 1, longest: MOST, heard, onSend: submit };
  return html`<${Field} ...${field} name="first_step" label=${_("A first step")} />
    <details class="fold is-plain" open=${Boolean(form.values.reason || form.values.parent)}>
      <summary>${_("A reason, or the idea behind it")}</summary>
      <div class="stack">
        <${Field} ...${field} name="reason" label=${_("Because…")} />
        <${IdeaPicker} form=${form} />
      </div>
    </details>`;
}

function IdeaPicker({ form }) {
  const id = useId();
  const ideas = itemsOf("idea");
  if (!ideas.length) return null;
  return html`<div class="field">
    <label for=${id}>${_("Grown out of an idea on the board? (optional)")}</label>
    <select id=${id} lang=${session.value.language} value=${form.values.parent ?? ""} onChange=${(event) => form.set("parent", event.currentTarget.value)}>
      <option value="">${_("No, a new one")}</option>
      ${ideas.map(({ id: each, text }) => html`<option key=${each} value=${each}>${shortened(text)}</option>`)}
    </select>
  </div>`;
}

export const shortened = (text) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

export function RecommendationList({ foot }) {
  const all = itemsOf("recommendation");
  if (!all.length) return html`<p class="hint">${_("No recommendations yet.")}</p>`;
  return html`<ol class="board">
    ${all.map((each) => html`<${Recommendation} key=${each.id} item=${each} foot=${foot} />`)}
  </ol>`;
}

function Recommendation({ item, foot }) {
  const fields = (form, { submit }) => html`<${Field} form=${form} label=${_("Your recommendation")} lines=${2} onSend=${submit} />
    ${MoreFields(form, { submit, heard: false })}`;
  return html`<${Entry} item=${item} open=${session.value.step === "recommendations"} fields=${fields} kind="recommendation">
    <${RecommendationFacts} item=${item} />
    ${foot?.(item)}
  <//>`;
}

function RecommendationFacts({ item }) {
  const { first_step, reason } = item.data;
  const idea = item.parent && itemById(item.parent);
  return html`
    ${first_step && html`<p class="entry-part"><span class="ask-label">${_("First step:")}</span>${" "}<${Words} as="span" className="" text=${first_step} /></p>`}
    ${reason && html`<p class="entry-part"><span class="ask-label">${_("Because:")}</span>${" "}<${Words} as="span" className="" text=${reason} /></p>`}
    ${idea && html`<p class="entry-part hint">${_("Grown out of:")}${" "}<${Words} as="q" className="" text=${idea.text} /></p>`}
  `;
}
