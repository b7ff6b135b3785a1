// The action plan: one to four actions, as everybody reads them.

import { html } from "htm/preact";
import { _ } from "room/i18n.js";
import { item as itemById, itemsOf, session } from "room/store.js";
import { region } from "room/views/clock.js";
import { Words, named } from "room/views/entry.js";

/** `form`: what stands in the place of an action that is being changed, as a function of it. `buttons`: those under an action. */
export function Plan({ form, buttons, empty }) {
  const actions = itemsOf("action");
  if (!actions.length) return empty ? html`<p class="hint">${empty}</p>` : null;
  return html`<ol class="plan">
    ${actions.map((action) => html`<li key=${action.id} class="plan-action">${form?.(action) ?? html`<${Action} action=${action} buttons=${buttons?.(action)} />`}</li>`)}
  </ol>`;
}

function Action({ action, buttons }) {
  const { data } = action;
  const by = { date: data.by && dayInWords(data.by) };
  return html`
    <${Words} text=${action.text} className="plan-what" />
    ${(data.who || data.by) &&
    html`<p class="plan-who">
      ${data.who && html`<bdi>${data.who}</bdi>`}${data.who && data.by && html`<span aria-hidden="true">${" · "}</span>`}
      ${data.by && html`<span class="plan-by">${_("by %(date)s", by)}</span>`}
    </p>`}
    ${data.trigger && html`<${Words} text=${data.trigger} className="plan-trigger" />`}
    <dl class="facts">
      <${Fact} title=${_("First step")} text=${data.first_step} />
      <${Fact} title=${_("Sign of success")} text=${data.sign} />
      <${From} id=${action.parent} />
    </dl>
    ${buttons && html`<div class="row entry-buttons">${buttons}</div>`}
  `;
}

function Fact({ title, text }) {
  if (!text) return null;
  return html`<div>
    <dt>${title}</dt>
    <dd dir="auto" lang=${session.value.language}>${text}</dd>
  </div>`;
}

function From({ id }) {
  const recommendation = id && itemById(id);
  if (!recommendation) return null;
  return html`<div>
    <dt>${_("Grown out of")}</dt>
    <dd>${recommendation.seat ? _("%(name)s’s recommendation", named(recommendation.seat)) : _("A recommendation of the group")}</dd>
  </div>`;
}

/** "2026-03-05" in the reader's words. The date has no time and no zone. */
export function dayInWords(iso) {
  const [year, month, day] = iso.split("-").map(Number);
  const words = new Intl.DateTimeFormat(region, { weekday: "short", day: "numeric", month: "long", timeZone: "UTC" });
  return words.format(Date.UTC(year, month - 1, day));
}
