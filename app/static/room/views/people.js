import { html } from "htm/preact";
import { signal } from "@preact/signals";
import { act } from "room/act.js";
import { _ } from "room/i18n.js";
import { once } from "room/press.js";
import { can, everyone, isRole, me, presence, session, step, urls } from "room/store.js";
import { Icon } from "room/views/icons.js";
import { PersonDialog } from "room/views/person.js";

const opened = signal(null);

export const roleName = (role) =>
  ({ moderator: _("Moderator"), owner: _("Issue owner"), consultant: _("Consultant") })[role];

/** Who is here, with the part that each person has; who waits to be let in comes first. */
export function People({ titled = true }) {
  const waiting = everyone.value.filter((each) => each.status === "waiting");
  const inside = everyone.value.filter((each) => each.status === "in").sort((a, b) => rank(a) - rank(b));
  const shown = everyone.value.find((each) => each.id === opened.value);
  return html`<section class="people stack" aria-label=${_("People")}>
    <div class="row">
      ${titled && html`<h2>${_("People")}</h2>`}
      <span class="hint">${countHere(inside)}</span>
      ${urls.invitation &&
      html`<a class="button is-quiet is-small push" href=${urls.invitation} target="_blank"
          rel="noopener">${_("Invite")}</a>`}
    </div>
    ${waiting.length > 0 && html`<${Waiting} people=${waiting} />`}
    <ul class="persons">
      ${inside.map((each) => html`<${Person} key=${each.id} person=${each} />`)}
    </ul>
    ${shown && html`<${PersonDialog} key=${shown.id} person=${shown} onClose=${() => (opened.value = null)} />`}
  </section>`;
}

/** Whoever has no part of their own consults, as most do. */
const BADGES = { moderator: "is-lead", owner: "is-quiet" };

const rank = ({ role }) => ["moderator", "owner", "consultant"].indexOf(role);

const isOnline = (id) => presence.value.online.includes(id);

/** Whoever is muted in this step gives no sign of themselves, not even of being here. */
const isMuted = ({ role }) => step().muted.includes(role);

function countHere(inside) {
  const seen = inside.filter((each) => !isMuted(each));
  return _("%(here)s of %(all)s here", { here: seen.filter((each) => isOnline(each.id)).length, all: seen.length });
}

function Waiting({ people }) {
  return html`<ul class="persons is-waiting">
    ${people.map(
      (each) => html`<li key=${each.id} class="person">
        <${Face} person=${each} />
        <div class="person-words"><span class="person-name">${each.name}</span><span
            class="hint">${_("waits to come in")}</span></div>
        ${can.value.admit &&
        html`<button type="button" class="button is-primary is-small" ...${once(() => act("admit", { seat: each.id }))}>
          ${_("Let in")}
        </button>`}
        ${can.value.remove && html`<${More} person=${each} />`}
      </li>`,
    )}
  </ul>`;
}

function Person({ person }) {
  const isMe = person.id === me.value.seat;
  const hasTurn = session.value.turn?.seat === person.id;
  return html`<li class=${`person ${hasTurn ? "has-turn" : ""}`}>
    <${Face} person=${person} />
    <div class="person-words">
      <span class="person-name">${person.name}${" "}${isMe && html`<span class="hint">${_("(you)")}</span>`}</span>
      <span class="person-role">
        ${BADGES[person.role] && roleName(person.role) !== person.name && html`<span class=${`badge ${BADGES[person.role]}`}>${roleName(person.role)}</span>`}
        ${person.consults && html`<span class="badge">${_("also consults")}</span>`}
        <${Doing} person=${person} hasTurn=${hasTurn} />
      </span>
    </div>
    ${(isMe || isRole("moderator") || me.value.account) && html`<${More} person=${person} />`}
  </li>`;
}

/** One word on what this person is doing: the most telling one. */
function Doing({ person, hasTurn }) {
  if (isMuted(person)) return html`<span class="hint">${_("listening")}</span>`;
  if (presence.value.typing.includes(person.id)) return html`<span class="hint">${_("writing…")}</span>`;
  if (hasTurn) return html`<span class="badge is-warm">${_("has the turn")}</span>`;
  if (session.value.step !== "lobby") return null;
  return person.accepted
    ? html`<span class="person-yes"><${Icon} name="check" />${_("accepted")}</span>`
    : html`<span class="hint">${_("not accepted yet")}</span>`;
}

function Face({ person }) {
  const here = isOnline(person.id);
  const state = isMuted(person) ? "is-muted" : here ? "is-here" : "";
  return html`<span class=${`face ${state}`}>
    <span aria-hidden="true">${initials(person.name)}</span>
    ${!isMuted(person) && html`<span class="visually-hidden">${here ? _("Here:") : _("Away:")}</span>`}
  </span>`;
}

function initials(name) {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => Array.from(word)[0] ?? "");
  return letters.join("").toLocaleUpperCase();
}

function More({ person }) {
  const isMe = person.id === me.value.seat;
  const label = isMe ? _("Your name and devices") : _("More about %(name)s", { name: person.name });
  return html`<button type="button" class="button is-quiet is-icon" aria-haspopup="dialog" aria-label=${label}
      onClick=${() => (opened.value = person.id)}>
    <${Icon} name="more" />
  </button>`;
}
