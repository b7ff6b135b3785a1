// The owner in the brainstorm: a quiet screen. Listening is what they are asked for, and all of it.

import { html } from "htm/preact";
import { useSignal } from "@preact/signals";
import { _ } from "room/i18n.js";
import { can, itemsOf } from "room/store.js";
import { Field, Status, useForm, useSending } from "room/views/field.js";
import { Icon } from "room/views/icons.js";
import { Notes } from "room/views/notes.js";
import { stopSession } from "room/views/stop.js";

export function Listening({ children }) {
  return html`
    <section class="listening" aria-labelledby="listening-title">
      <${Icon} name="ear" />
      <h2 id="listening-title" class="listening-title">${_("You are listening")}</h2>
      <p>${_("The group is thinking for you. Take it as a gift: you need not answer, explain or decide anything now.")}</p>
      <p class="listening-mute">
        <${Icon} name="mute" />
        <span>${_("Please mute yourself in the call, and if it helps, turn your camera off. This page cannot do that for you.")}</span>
      </p>
    </section>
    ${children}
    <${Notes} main />
    <div class="listening-valves stack is-tight">
      <${Fact} />
      <${Stop} />
    </div>
  `;
}

/** One private note to the moderator, for a fact that leads the group astray. */
function Fact() {
  return can.value.fact && html`<${FactForm} />`;
}

function FactForm() {
  const sent = itemsOf("fact").find(({ mine }) => mine);
  const form = useForm("fact", sent ? { text: sent.text } : {});
  const sending = useSending(form);
  const open = useSignal(false);
  async function save(event) {
    event?.preventDefault();
    const text = (form.values.text ?? "").trim();
    if (text) await sending.go("fact", { text }, { empties: false });
    else sending.ask(_("Write in one sentence which fact is wrong."));
  }
  return html`<details class="fold" open=${open.value} onToggle=${(event) => (open.value = event.currentTarget.open)}>
    <summary>${_("A fact is wrong")}${sent && html`${" "}<span class="badge">${_("sent")}</span>`}</summary>
    <form class="stack is-tight" onSubmit=${save} novalidate>
      <${Field} form=${form} label=${_("What is the right fact?")} hint=${_("Only the moderator sees this. Facts only; your opinion has its place later.")} lines=${2} onSend=${save} onInput=${sending.touch} />
      <div class="composer-foot">
        <${Status} state=${sending.state} saved=${_("The moderator has it.")}>${sent && !form.changed ? _("The moderator has it.") : ""}<//>
        <button type="submit" class="button">${sent ? _("Replace it") : _("Tell the moderator")}</button>
      </div>
    </form>
  </details>`;
}

function Stop() {
  if (!can.value.stop) return null;
  return html`<div><button type="button" class="button is-quiet is-danger" onClick=${stopSession}>${_("Stop the session")}</button></div>`;
}
