// The moderator's desk: the next step, the clock, the turns, one cue card at a time.

import { html } from "htm/preact";
import { signal } from "@preact/signals";
import { act } from "room/act.js";
import { _ } from "room/i18n.js";
import { once } from "room/press.js";
import { canGoOn, goOn } from "room/next.js";
import { can, everyone, method, session, step } from "room/store.js";
import { Icon } from "room/views/icons.js";
import { stopSession } from "room/views/stop.js";
import { TimeControls } from "room/views/time.js";

/** Does this person have a desk, and is there anything on it beside the next step? */
export const hasDesk = () => canGoOn() || hasTools();

export const hasTools = () => Boolean(can.value.pause || can.value.back);

export function Desk({ withNext = true }) {
  return html`<section class="desk stack" aria-labelledby="desk-title">
    <h2 id="desk-title" class="visually-hidden">${_("Moderator’s desk")}</h2>
    ${withNext && html`<${NextButton} />`}
    <${TimeControls} />
    <${Turns} />
    <${CueCard} />
  </section>`;
}

/** What is seldom wanted, and must not be met by a slip: below everything else. */
export function DeskFoot() {
  return html`<div class="row desk-foot">
    ${can.value.back && html`<${Quiet} icon="back" onPress=${() => act("back")}>${_("Step back")}<//>`}
    ${can.value.stop && html`<${Quiet} danger onPress=${stopSession}>${_("Stop the session")}<//>`}
  </div>`;
}

export function NextButton() {
  if (!canGoOn()) return null;
  return html`<button type="button" class="button is-primary next-button" ...${once(goOn)}>
    <span>${step().next_button}</span><${Icon} name="next" />
  </button>`;
}

function Quiet({ icon = null, danger = false, onPress, children }) {
  return html`<button type="button" class=${`button is-quiet is-small ${danger ? "is-danger" : ""}`} ...${once(onPress)}>
    ${icon && html`<${Icon} name=${icon} />`}${children}
  </button>`;
}

function Turns() {
  const { turn, spoken } = session.value;
  if (!step().turn || !can.value.give_turn) return null;
  const heard = (each) => spoken.includes(each.id);
  const others = everyone.value
    .filter((each) => each.status === "in" && (each.role === "consultant" || each.consults) && each.id !== turn?.seat)
    .sort((a, b) => heard(a) - heard(b) || a.number - b.number);
  return html`<section class="stack is-tight" aria-labelledby="turns-title">
    <div class="row">
      <h3 id="turns-title">${!turn && others.every(heard) ? _("Everybody has been heard") : _("Give the turn to")}</h3>
      ${turn && can.value.skip_turn && html`<span class="push"><${SkipTurn} /></span>`}
    </div>
    <div class="speakers">
      ${others.map((each) => html`<${Speaker} key=${each.id} person=${each} isHeard=${heard(each)} />`)}
    </div>
  </section>`;
}

function SkipTurn() {
  const skip = once(() => act("skip_turn", { seat: session.value.turn.seat }));
  return html`<button type="button" class="button is-small" ...${skip}>
    ${_("Next person")}
  </button>`;
}

function Speaker({ person, isHeard }) {
  return html`<button type="button" class="chip" ...${once(() => act("give_turn", { seat: person.id }))}>
    ${isHeard && html`<${Icon} name="check" /><span class="visually-hidden">${_("heard:")}</span>`}${person.name}
  </button>`;
}

const card = signal(0);

/** A line for what goes wrong in this step, one at a time. */
function CueCard() {
  const cards = method.cues.filter((cue) => cue.steps.includes(session.value.step));
  if (!cards.length) return null;
  const cue = cards[card.value % cards.length];
  return html`<section class="cue" aria-labelledby="cue-title">
    <div class="cue-head">
      <h3 id="cue-title"><span class="visually-hidden">${_("Cue card:")}</span>${" "}${cue.trouble}</h3>
      ${cards.length > 1 &&
      html`<button type="button" class="button is-quiet is-small" onClick=${() => (card.value += 1)}>${_("Another")}</button>`}
    </div>
    <q class="cue-line">${cue.line}</q>
  </section>`;
}
