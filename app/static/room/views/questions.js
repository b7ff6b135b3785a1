// Clarifying questions: first in silence, each for themselves; then aloud or in writing, one each, in turn.

import { html } from "htm/preact";
import { useSignal } from "@preact/signals";
import { _ } from "room/i18n.js";
import { can, isRole, itemsOf, nameOf, session } from "room/store.js";
import { Calm } from "room/views/calm.js";
import { Composer, Waiting, starters, unsaved } from "room/views/composer.js";
import { Entry, Words, named } from "room/views/entry.js";
import { Field, Status, useForm, useSending } from "room/views/field.js";
import { NoteDown } from "room/views/note_down.js";
import { Notes } from "room/views/notes.js";
import { StatementSummary } from "room/views/statement.js";
import { TurnButtons, TurnCard, isMyTurn, turn, useBelowNotes } from "room/views/turn.js";

export function SilentQuestions() {
  return html`
    <${StatementSummary} />
    ${can.value.park
      ? html`<${Notes} main title=${_("Your questions")} label=${_("A question for later")} starters=${starters()} />`
      : html`<${SilentCalm} /><${Notes} />`}
  `;
}

function SilentCalm() {
  if (isRole("owner")) {
    return html`<${Calm} title=${_("Nothing to do for you now.")}>${_("The others are writing their questions. You answer them one by one in a moment.")}<//>`;
  }
  return html`<${Calm} title=${_("Everybody is writing for themselves.")}>${_("Nobody else sees these notes, not even you. Keep the silence until the time is up.")}<//>`;
}

export function Questions() {
  const open = openQuestion();
  const below = useBelowNotes(can.value.question);
  return html`
    <${TurnCard}
      mine=${turn()?.item ? _("Your question is out. The owner answers it now.") : _("Ask one open, factual question, aloud or in writing.")}
      others=${turn()?.item ? _("The question is asked; the owner answers.") : _("One question, aloud or in writing.")}
      over=${_("Everybody has asked what they wanted to know.")}
    />
    ${can.value.question && !below && html`<${QuestionComposer} />`}
    ${turn() && !turn().item && !isMyTurn() && html`<${NoteDown} command="question" seat=${turn().seat} label=${_("The question, as it was asked")} />`}
    ${open && can.value.answer && html`<${AnswerCard} key=${open.id} question=${open} />`}
    ${isRole("owner") && !open && html`<${Calm} title=${_("No question is waiting for you.")}>${_("The next one appears here.")}<//>`}
    <${StatementSummary} />
    <${Notes} title=${_("Your questions and notes")} />
    ${can.value.question && below && html`<${QuestionComposer} />`}
    <section class="stack is-tight" aria-labelledby="questions-title">
      <h2 id="questions-title">${_("Questions so far")}</h2>
      <${QuestionList} except=${can.value.answer && open} />
    </section>
  `;
}

const answerTo = (question) => itemsOf("answer", question.id)[0];
const openQuestion = () => itemsOf("question").findLast((question) => !answerTo(question));

function QuestionComposer() {
  return html`<${Composer}
    command="question"
    label=${_("Your question")}
    button=${_("Ask")}
    starters=${starters()}
    data=${stillThere}
    children=${(form) => html`<${FromNotes} form=${form} />`}
    more=${(form) => html`<${TurnButtons} command="question" form=${form} data=${stillThere} aloud=${_("I asked it aloud")} />`}
  />`;
}

/** The note that the question came from, unless it is gone by now: it is used up only by a question that has its words. */
const stillThere = ({ from, text }) => ({ from: itemsOf("note").some((note) => note.id === from && text.includes(note.text)) ? from : "" });

/** One's own notes; a tap puts one into the question. */
function FromNotes({ form }) {
  const notes = itemsOf("note");
  if (!notes.length) return null;
  const take = (note) => {
    const text = (form.values.text ?? "").trimEnd();
    if (!text.includes(note.text)) form.set("text", text ? `${text}\n${note.text}` : note.text);
    form.set("from", note.id);
  };
  return html`<div class="from-notes" role="group" aria-label=${_("From your notes")}>
    <span class="hint">${_("From your notes:")}</span>
    ${notes.map(
      (note) => html`<button key=${note.id} type="button" class="chip" lang=${session.value.language} dir="auto" onClick=${() => take(note)}>
        ${note.text}
      </button>`,
    )}
  </div>`;
}

export function QuestionList({ except }) {
  const questions = itemsOf("question").filter(({ id }) => id !== except?.id);
  if (!questions.length) {
    return html`<p class="hint">${itemsOf("question").length ? _("This is the first question.") : _("No questions yet.")}</p>`;
  }
  return html`<ol class="board">
    ${questions.map((question) => html`<${Question} key=${question.id} question=${question} />`)}
  </ol>`;
}

function Question({ question }) {
  const answering = useSignal(false);
  const answer = answerTo(question);
  const button =
    can.value.answer &&
    !answering.value &&
    (isRole("owner") || !answer?.text) &&
    html`<button type="button" class="button is-quiet is-small" onClick=${() => (answering.value = true)}>
      ${!isRole("owner") ? _("Note the answer") : answer ? _("Change the answer") : _("Answer")}
    </button>`;
  return html`<${Entry} item=${question} open=${session.value.step === "questions"} kind="question" buttons=${button}>
    ${answering.value && can.value.answer
      ? html`<${AnswerForm} question=${question} onDone=${() => (answering.value = false)} />`
      : answer
        ? html`<${Answer} answer=${answer} />`
        : html`<p class="answer is-missing">${_("No answer yet.")}</p>`}
  <//>`;
}

function Answer({ answer }) {
  const how = { aloud: _("answered aloud"), passed: _("passed") }[answer.data.how];
  return html`<div class="answer">
    <p class="entry-meta">
      <bdi>${nameOf(answer.seat)}</bdi>${how && html`${" "}<span class="entry-mark">${how}</span>`}
      ${answer.noted && answer.text && html`${" "}<span class="entry-mark">${_("noted by the moderator")}</span>`}
    </p>
    ${answer.text && html`<${Words} text=${answer.text} />`}
  </div>`;
}

/** The question that waits: for the owner the one thing to do, for the moderator a mark to set. */
function AnswerCard({ question }) {
  return html`<section class="card answer-card stack" aria-labelledby="open-question">
    <h2 id="open-question" class="answer-who">
      ${isRole("owner") ? _("%(name)s asks you", named(question.seat)) : _("This question waits for its answer")}
    </h2>
    ${question.text ? html`<${Words} text=${question.text} className="answer-question" />` : html`<p class="answer-question">${_("Asked aloud in the call.")}</p>`}
    <${AnswerForm} question=${question} />
  </section>`;
}

function AnswerForm({ question, onDone }) {
  const owner = isRole("owner");
  const saved = answerTo(question);
  const form = useForm(`answer:${question.id}`, saved ? { text: saved.text } : {});
  const sending = useSending(form);
  const waiting = unsaved(form.key);
  async function answer(how) {
    const text = how === "passed" ? "" : (form.values.text ?? "").trim();
    if (how === "written" && !text) return sending.ask(_("Write a few words, or choose “answered aloud”."));
    const done = await sending.go("answer", { parent: question.id, text, how }, { empties: !saved });
    if (!done.ok || (saved && !sending.isCurrent())) return null;
    if (saved) form.reset();
    return onDone?.();
  }
  const cancel = () => {
    sending.cancel();
    onDone();
  };
  const write = (event) => {
    event?.preventDefault();
    answer(owner ? "written" : "aloud");
  };
  return html`<form class="stack is-tight" onSubmit=${write} novalidate>
    <${Waiting} rows=${waiting} />
    <${Field}
      form=${form}
      label=${owner ? _("Your answer") : _("The answer, in short")}
      hint=${owner ? _("Briefly. You need not write: answering aloud is enough.") : ""}
      lines=${2}
      heard
      onSend=${write}
      onInput=${sending.touch}
    />
    <div class="composer-foot">
      ${(!waiting.length || sending.state.value?.message) && html`<${Status} state=${sending.state} seen />`}
      <div class="row">
        ${onDone && html`<button type="button" class="button is-quiet" onClick=${cancel}>${_("Cancel")}</button>`}
        ${owner && html`<button type="button" class="button is-quiet" onClick=${() => answer("passed")}>${_("I pass")}</button>`}
        <button type="button" class="button" onClick=${() => answer("aloud")}>${_("Answered aloud")}</button>
        ${owner && html`<button type="submit" class="button is-primary">${_("Save the answer")}</button>`}
      </div>
    </div>
  </form>`;
}
