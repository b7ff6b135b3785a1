// The lobby: the agreement, the cases that people offer, and whose case it is today.

import { html } from "htm/preact";
import { useSignal } from "@preact/signals";
import { act, actByTick } from "room/act.js";
import { _, list, ngettext } from "room/i18n.js";
import { can, everyone, isRole, itemsOf, me, method, person, session } from "room/store.js";
import { Calm } from "room/views/calm.js";
import { Composer, starters } from "room/views/composer.js";
import { Entry, Words, isolated, named } from "room/views/entry.js";
import { Field } from "room/views/field.js";
import { Commitments } from "room/views/follow_up.js";
import { Icon } from "room/views/icons.js";
import { StatementForm } from "room/views/statement_form.js";

export function Lobby() {
  return html`
    <${Agreement} />
    ${me.value.status === "in" && html`<${Commitments} />`}
    <${Today} />
    ${can.value.consult && html`<${Consult} />`}
    ${can.value.statement && html`<section class="stack is-tight" aria-labelledby="prepare-title">
      <h2 id="prepare-title">${_("Prepare your statement, if you like")}</h2>
      <div class="card"><${StatementForm} /></div>
    </section>`}
    <${Cases} />
  `;
}

/** Before the room opens: the owner may prepare, everybody else waits. */
export function Planned() {
  if (can.value.statement) return html`<div class="card"><${StatementForm} /></div>`;
  if (isRole("moderator")) {
    return html`<${Calm} title=${_("The room is not open yet.")}>${_("Open it when you are ready; until then your guests see that they wait.")}<//>`;
  }
  return html`<${Calm} title=${_("You are early.")}>${_("Nothing to do for you now. This page moves on by itself when the room opens.")}<//>`;
}

const inside = () => everyone.value.filter(({ status }) => status === "in");
const owner = () => inside().find(({ role }) => role === "owner");

function Agreement() {
  const accepted = inside().filter((each) => each.accepted);
  const names = { names: list(accepted.map(({ name }) => isolated(name))) };
  const others = { count: inside().length - accepted.length };
  return html`<details class="fold agreement" open=${!me.value.accepted || isRole("moderator")}>
    <summary>
      <h2>${_("Our agreement")}</h2>
      ${me.value.accepted && html`<span class="agreement-mine"><${Icon} name="check" />${" "}${_("accepted")}</span>`}
    </summary>
    <div class="stack is-tight">
      <${Sentences} />
      <div class="row"><${AcceptButton} /></div>
      <p class="hint" role="status">
        ${accepted.length > 0 && _("Accepted by %(names)s.", names)}${" "}
        ${others.count > 0 && accepted.length > 0 && _("%(count)s more to come.", others)}
      </p>
    </div>
  </details>`;
}

function Sentences() {
  return html`<ul class="agreement-list">
    ${[...method.agreement, whatStays(), whoReads()].map((sentence) => html`<li key=${sentence}><span>${sentence}</span></li>`)}
  </ul>`;
}

/** The same sentences as on the page where a guest types a name (app/sessions/invitations.py). */
function whatStays() {
  const stays = session.value.transcript
    ? _("Those who take part can read the record for %(count)s days after the close.", { count: session.value.readable_days })
    : _("This session leaves no transcript: at the close everything but the owner’s plan and the lessons that may be shared is deleted.");
  const nameless = _("It names nobody but the moderator: at the close it is deleted who said what. In a small group it can still be guessed.");
  return `${stays} ${session.value.names === false ? `${nameless} ` : ""}${_("Kept for %(time)s, then deleted.", { time: keptFor(session.value.kept_days) })}`;
}

export function whoReads() {
  const { team, visibility } = session.value;
  if (visibility === "facilitators") {
    return _("Afterwards the people in the room and the facilitators of %(team)s can read it. When the team meets next, the owner’s actions are on the table, unless the owner keeps them back.", { team: isolated(team) });
  }
  if (visibility === "process") {
    return _("Afterwards only the people in the room can read it; the facilitators of %(team)s see how it went and the shared lessons, and no words of the case.", { team: isolated(team) });
  }
  return _("Afterwards only the people in the room can read it.");
}

function keptFor(days) {
  return days % 365 === 0
    ? ngettext("%(count)s month", "%(count)s months", { count: (days / 365) * 12 })
    : ngettext("%(count)s day", "%(count)s days", { count: days });
}

export function AcceptButton() {
  if (!can.value.accept || me.value.accepted) return null;
  return html`<button type="button" class="button is-primary" onClick=${() => act("accept")}>${_("I accept")}</button>`;
}

/** For those who came later: the agreement in short, in whatever step the group is. */
export function AgreementBanner() {
  if (!can.value.accept || me.value.accepted) return null;
  return html`<section class="card agreement is-late stack is-tight" aria-labelledby="late-agreement">
    <details class="fold is-plain" open>
      <summary><span id="late-agreement">${_("Before you take part: the group’s agreement")}</span></summary>
      <${Sentences} />
    </details>
    <p class="hint">${_("You can take part as soon as you accept; until then you read along.")}</p>
    <div class="row"><${AcceptButton} /></div>
  </section>`;
}

function Today() {
  const who = owner();
  if (!who) {
    const hint = isRole("moderator")
      ? _("Let people offer cases, then take one. You can also make somebody the owner in the list of people.")
      : can.value.offer_case
        ? _("If you are stuck somewhere, offer it below. The moderator picks one case for today.")
        : _("Accept the agreement first; then you can offer a case of your own.");
    return html`<${Calm} title=${_("There is no case for today yet.")}>${hint}<//>`;
  }
  const mine = who.id === me.value.seat;
  const own = itemsOf("case").find(({ seat }) => seat === who.id);
  return html`<section class="today" aria-label=${_("Today’s case")}>
    <p class="today-who">${mine ? _("Your case is up today.") : _("%(name)s brings the case today.", named(who.id))}</p>
    ${own?.data.title && html`<${Words} text=${own.data.title} className="today-title" />`}
    ${isRole("consultant") && me.value.accepted && html`<p class="hint">${_("The moderator starts when everybody is ready. Nothing to do for you until then.")}</p>`}
  </section>`;
}

/** In a small group the moderator has ideas too. */
function Consult() {
  return html`<label class="check card">
    <input type="checkbox" checked=${me.value.consults} onChange=${(event) => actByTick(event, "consult", () => me.value.consults)} />
    <span>${_("I also consult")}<span class="hint block">${_("You are a small group: you may ask and advise too, beside leading.")}</span></span>
  </label>`;
}

function Cases() {
  const cases = itemsOf("case");
  const offered = cases.some(({ seat }) => seat === me.value.seat);
  const offer = can.value.offer_case && !offered && !isRole("owner");
  if (!cases.length && !offer) return null;
  return html`<section class="stack is-tight" aria-labelledby="cases-title">
    <h2 id="cases-title">${_("Cases on offer")}</h2>
    ${cases.length > 0
      ? html`<ul class="board cases">${cases.map((each) => html`<${Case} key=${each.id} item=${each} />`)}</ul>`
      : html`<p class="hint">${_("None yet. A good case is real, still open, and yours.")}</p>`}
    ${offer && html`<${OfferCase} folded=${Boolean(owner())} />`}
  </section>`;
}

function Case({ item }) {
  const today = person(item.seat)?.role === "owner";
  const take = () => act("set_role", { seat: item.seat, role: "owner" });
  const fields = (form, { submit }) => html`<${CaseTitle} form=${form} />
    <${Field} form=${form} label=${_("In one sentence")} lines=${2} onSend=${submit} />`;
  const buttons = html`
    ${today && html`<span class="badge is-lead">${_("Today’s case")}</span>`}
    ${can.value.set_role && !today && html`<button type="button" class="button is-small" onClick=${take}>${_("Take this case")}</button>`}
    <${Interest} item=${item} />
  `;
  return html`<${Entry} item=${item} open=${can.value.offer_case} fields=${fields} kind=${`case ${today ? "is-today" : ""}`} buttons=${buttons} />`;
}

/** A count and no names: it is a signal to the person who offers, not a vote. */
function Interest({ item }) {
  const signals = itemsOf("interest", item.id);
  const mine = signals.some((each) => each.mine);
  const values = { count: signals.length };
  const toggle = () => act("interest", { parent: item.id, on: !mine });
  return html`${can.value.interest &&
    item.seat !== me.value.seat &&
    !isRole("moderator") &&
    html`<button type="button" class=${`chip ${mine ? "is-on" : ""}`} aria-pressed=${mine ? "true" : "false"} onClick=${toggle}>
      ${mine && html`<${Icon} name="check" />`}${_("I would like to help with this")}
    </button>`}
    ${values.count > 0 && html`<span class="hint">${ngettext("%(count)s person would like to help", "%(count)s people would like to help", values)}</span>`}`;
}

function OfferCase({ folded }) {
  const open = useSignal(!folded);
  if (!open.value) {
    return html`<div><button type="button" class="button is-quiet" onClick=${() => (open.value = true)}>${_("Offer a case")}</button></div>`;
  }
  return html`<${Composer}
    command="offer_case"
    label=${_("In one sentence")}
    button=${_("Offer this case")}
    starters=${starters()}
    before=${(form) => html`<${CaseTitle} form=${form} />`}
  />`;
}

function CaseTitle({ form }) {
  return html`<${Field} form=${form} name="title" label=${_("A title for your case")} hint=${_("Give the customer another name.")} heard />`;
}
