// The owner's fields for one action of the plan.

import { html } from "htm/preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { act } from "room/act.js";
import { draft } from "room/drafts.js";
import { _ } from "room/i18n.js";
import { can, itemsOf, me, method, nameOf } from "room/store.js";
import { Waiting, unsaved } from "room/views/composer.js";
import { confirm } from "room/views/dialog.js";
import { Field, MOST, Status, trimmed, useForm, useSending } from "room/views/field.js";
import { Plan } from "room/views/plan.js";
import { shortened } from "room/views/recommendations.js";

const FIELDS = ["text", "who", "by", "trigger", "first_step", "sign", "parent"];

/** The owner's plan: what is in it, and one form at a time. */
export function PlanEditor() {
  const changing = useSignal(null);
  const actions = itemsOf("action");
  const half = draft("plan").value;
  const adding = useSignal(false);
  const isAdding = (adding.value || !actions.length || Object.keys(half).length > 0) && actions.length < method.most_actions;
  const buttons = (action) => html`
    <button type="button" class="button is-quiet is-small" onClick=${() => (changing.value = action.id)}>${_("Change")}</button>
    <button type="button" class="button is-quiet is-small" onClick=${() => remove(action)}>${_("Remove")}</button>
  `;
  const form = (action) =>
    changing.value === action.id ? html`<${ActionForm} action=${action} onDone=${() => (changing.value = null)} />` : undefined;
  return html`
    <${Plan} buttons=${buttons} form=${form} />
    <${Waiting} rows=${unsaved("plan")} />
    ${isAdding
      ? html`<${ActionForm} number=${actions.length + 1} onDone=${() => (adding.value = false)} />`
      : actions.length < method.most_actions
        ? html`<div><button type="button" class="button" onClick=${() => (adding.value = true)}>${_("Add an action")}</button></div>`
        : html`<p class="hint">${_("Four actions are enough for one plan.")}</p>`}
  `;
}

async function remove(action) {
  const sure = await confirm({ title: _("Remove this action?"), text: action.text, yes: _("Remove it"), no: _("Keep it") });
  if (sure) act("withdraw", { item: action.id });
}

/** Begin an action with a recommendation; what is half written already stays. */
export function takeIntoPlan(recommendation) {
  const half = draft("plan");
  const { text, data, id } = recommendation;
  const beginning = { text, parent: id, ...(data.first_step && { first_step: data.first_step }) };
  half.value = { ...beginning, ...half.peek() };
  requestAnimationFrame(() => document.getElementById("plan-form")?.querySelector("textarea").focus());
}

function ActionForm({ action, number, onDone }) {
  const saved = action ? { text: action.text, parent: action.parent ?? "", ...action.data } : { who: me.value.name };
  const form = useForm(action ? `edit:${action.id}` : "plan", saved);
  const sending = useSending(form);
  const waiting = action ? [] : unsaved(form.key);
  const box = useRef(null);
  useEffect(() => {
    if (action) box.current.querySelector("textarea").focus();
  }, []);
  async function save(event) {
    event?.preventDefault();
    const values = trimmed(form.values);
    if (!values.text) return sending.ask(_("Write what you will do first."));
    const data = Object.fromEntries(FIELDS.map((name) => [name, values[name] ?? ""]));
    if (!action) return (await sending.go("plan", data)).ok && onDone();
    const answer = await sending.go("plan", { ...data, item: action.id }, { empties: false });
    return answer.ok && sending.isCurrent() && leave();
  }
  const leave = () => {
    form.reset();
    onDone();
  };
  // What was added and waits is an action of its own, and has its own button.
  const cancel = () => {
    if (action) sending.cancel();
    leave();
  };
  const label = action ? _("Change this action") : _("Action %(number)s", { number });
  const line = { form, heard: true, onSend: save, onInput: sending.touch };
  return html`<form ref=${box} id=${action ? undefined : "plan-form"} class="card plan-form stack" onSubmit=${save} novalidate aria-label=${label}>
    <${Field} ...${line} lines=${2} label=${_("What I will do")} />
    <div class="field-grid">
      <${Field} ...${line} name="who" label=${_("Who")} />
      <${Field} ...${line} name="by" type="date" label=${_("By when")} />
    </div>
    <${Field} ...${line} name="trigger" longest=${MOST} label=${_("When …, I will …")} hint=${_("A moment that reminds you, and what you do then.")} />
    <div class="field-grid">
      <${Field} ...${line} name="first_step" longest=${MOST} label=${_("First step")} />
      <${Field} ...${line} name="sign" longest=${MOST} label=${_("Sign of success")} />
    </div>
    <${Source} form=${form} />
    <div class="composer-foot">
      ${(!waiting.length || sending.state.value?.message) && html`<${Status} state=${sending.state} seen />`}
      <div class="row">
        ${(action || itemsOf("action").length > 0) && html`<button type="button" class="button is-quiet" onClick=${cancel}>${_("Cancel")}</button>`}
        <button type="submit" class="button is-primary">${action ? _("Save") : _("Add to the plan")}</button>
      </div>
    </div>
  </form>`;
}

/** The recommendation that an action came from. */
function Source({ form }) {
  const id = useId();
  const all = itemsOf("recommendation").filter(({ text }) => text);
  if (!all.length) return null;
  return html`<div class="field">
    <label for=${id}>${_("Grown out of a recommendation? (optional)")}</label>
    <select id=${id} value=${form.values.parent ?? ""} disabled=${!can.value.plan} onChange=${(event) => form.set("parent", event.currentTarget.value)}>
      <option value="">${_("No, my own")}</option>
      ${all.map(({ id: each, seat, text }) => html`<option key=${each} value=${each}>${`${nameOf(seat)}: ${shortened(text)}`}</option>`)}
    </select>
  </div>`;
}
