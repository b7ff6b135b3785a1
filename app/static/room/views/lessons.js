// Lessons learned: what each takes along, one point about the process, and two questions that nobody can trace.

import { html } from "htm/preact";
import { useId } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { act } from "room/act.js";
import { _ } from "room/i18n.js";
import { can, everyone, itemsOf, me, session } from "room/store.js";
import { Composer, starters } from "room/views/composer.js";
import { Entry } from "room/views/entry.js";
import { Field, Status, useForm, useSending } from "room/views/field.js";
import { Icon } from "room/views/icons.js";
import { NoteForSomebody } from "room/views/note_down.js";
import { Notes } from "room/views/notes.js";
import { Themes } from "room/views/themes.js";

export function Lessons() {
  return html`
    ${can.value.lesson && html`<${LessonComposer} />`}
    <${NoteForSomebody} command="lesson" people=${others()} label=${_("The lesson, as it was said")} />
    ${can.value.pulse && html`<${Pulse} />`}
    ${can.value.process && html`<${ProcessForm} />`}
    <${Themes} />
    <${Notes} />
    <section class="stack is-tight" aria-labelledby="lessons-title">
      <h2 id="lessons-title">${_("What we take with us")}</h2>
      <${LessonList} open=${Boolean(can.value.lesson)} />
    </section>
    <${ProcessList} />
  `;
}

const others = () => everyone.value.filter(({ id, status }) => status === "in" && id !== me.value.seat);

function LessonComposer() {
  return html`<${Composer}
    command="lesson"
    label=${_("What I will use myself")}
    button=${_("Add my lesson")}
    starters=${starters()}
    data=${({ share = false, named = false, situation = "" }) => ({ share, named: share && named && session.value.names !== false, situation: share ? situation.trim() : "" })}
    children=${Consent}
  />`;
}

/** Each lesson has its own consent; the name goes along only with a lesson that may leave the room. */
function Consent(form) {
  const { share = false, named = false } = form.values;
  return html`<div class="consent" role="group" aria-label=${_("What may happen with this lesson")}>
    <label class="check">
      <input type="checkbox" checked=${share} onChange=${(event) => form.set("share", event.currentTarget.checked)} />
      <span>${_("It may be shared with the team")}</span>
    </label>
    ${session.value.names !== false && html`<label class="check">
      <input type="checkbox" checked=${share && named} disabled=${!share} onChange=${(event) => form.set("named", event.currentTarget.checked)} />
      <span>${_("With my name")}</span>
    </label>`}
    ${share && (session.value.visibility === "room" ? html`<p class="hint">${_("Only the people in this room come to read this session, so it stays among you.")}</p>` : html`<${Situation} form=${form} />`)}
  </div>`;
}

/** From it a colleague thinks first, before the lesson is shown: it travels with the lesson, and the case does not. */
const Situation = ({ form }) => html`<${Field}
  form=${form}
  name="situation"
  label=${_("The situation, in a sentence (optional)")}
  hint=${_("Without names: it comes back to the team as a card to think about.")}
/>`;

export function LessonList({ open }) {
  const all = itemsOf("lesson");
  if (!all.length) return html`<p class="hint">${open ? _("The first lesson may be yours.") : _("No lessons were written down.")}</p>`;
  const fields = (form, { submit }) => html`<${Field} form=${form} label=${_("What I will use myself")} lines=${2} onSend=${submit} />${Consent(form)}`;
  return html`<ul class="board">
    ${all.map(
      (each) => html`<${Entry} key=${each.id} item=${each} open=${open} fields=${each.seat === me.value.seat ? fields : undefined} kind="lesson">
        ${each.data.situation && html`<p class="hint" dir="auto">${each.data.situation}</p>`}
        ${each.seat === me.value.seat && html`<p class="hint"><${Icon} name=${each.data.share ? "check" : "close"} />${" "}${consentInWords(each.data)}</p>`}
      <//>`,
    )}
  </ul>`;
}

function consentInWords({ share, named }) {
  if (!share) return _("Stays in this group.");
  return named ? _("May be shared, with your name.") : _("May be shared, without your name.");
}

function ProcessForm() {
  const mine = itemsOf("process").find(({ seat }) => seat === me.value.seat);
  const form = useForm("process", mine ? { text: mine.text } : {});
  const sending = useSending(form);
  function save(event) {
    event?.preventDefault();
    const text = (form.values.text ?? "").trim();
    if (text) sending.go("process", { text }, { empties: false });
    else sending.ask(_("Write something first."));
  }
  return html`<form class="card stack is-tight" onSubmit=${save} novalidate>
    <${Field} form=${form} label=${_("One point about the way we worked")} hint=${_("What to keep, or what to do differently next time.")} lines=${2} heard onSend=${save} onInput=${sending.touch} />
    <div class="composer-foot">
      <${Status} state=${sending.state}>${mine && !form.changed ? _("Saved.") : ""}<//>
      <button type="submit" class="button">${mine ? _("Save the changes") : _("Save")}</button>
    </div>
  </form>`;
}

function ProcessList() {
  const all = itemsOf("process");
  if (!all.length) return null;
  return html`<section class="stack is-tight" aria-labelledby="process-title">
    <h2 id="process-title">${_("About the way we worked")}</h2>
    <ul class="board">${all.map((each) => html`<${Entry} key=${each.id} item=${each} />`)}</ul>
  </section>`;
}

function Pulse() {
  const useful = useSignal(0);
  const safe = useSignal(0);
  const missing = useSignal(false);
  if (me.value.pulsed) return html`<p class="banner"><${Icon} name="check" /><span>${_("Thank you. Your two answers are counted, without your name.")}</span></p>`;
  const give = (event) => {
    event.preventDefault();
    missing.value = !useful.value || !safe.value;
    if (!missing.value) act("pulse", { useful: useful.value, safe: safe.value });
  };
  return html`<form class="card pulse stack" onSubmit=${give} aria-labelledby="pulse-title">
    <div>
      <h2 id="pulse-title">${_("Two quick questions")}</h2>
      <p class="hint">${_("Anonymous: nobody sees who answered what, not even the moderator.")}</p>
    </div>
    <${Scale} name="useful" title=${_("How useful was this session for you?")} value=${useful} />
    <${Scale} name="safe" title=${_("How safe did you feel to speak openly?")} value=${safe} />
    <div class="composer-foot">
      <p class="status" role="status">${missing.value && _("Choose a number for both, please.")}</p>
      <button type="submit" class="button">${_("Give my answers")}</button>
    </div>
  </form>`;
}

function Scale({ name, title, value }) {
  const id = useId();
  return html`<fieldset class="scale">
    <legend class="label">${title}</legend>
    <div class="scale-row">
      ${[1, 2, 3, 4, 5].map(
        (number) => html`<label key=${number} class="scale-step" for=${`${id}-${number}`}>
          <input id=${`${id}-${number}`} type="radio" name=${name} value=${number} checked=${value.value === number} onChange=${() => (value.value = number)} />
          <span>${number}</span>
        </label>`,
      )}
    </div>
    <p class="scale-ends hint"><span>${_("1: not at all")}</span><span>${_("5: very")}</span></p>
  </fieldset>`;
}
