// What can be done with one person's seat: by the moderator with anybody's, by everybody with their own.

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { act, actByTick } from "room/act.js";
import { _ } from "room/i18n.js";
import { send } from "room/socket.js";
import { can, connection, csrf, isRole, me, urls } from "room/store.js";
import { confirm, Dialog } from "room/views/dialog.js";
import { Icon } from "room/views/icons.js";
import { PersonalLink } from "room/views/link.js";
import { stopSession } from "room/views/stop.js";
import { toast } from "room/views/toast.js";

export function PersonDialog({ person, onClose }) {
  const [link, setLink] = useState(null);
  const isMe = person.id === me.value.seat;
  if (link) return html`<${PersonalLink} person=${person} isMe=${isMe} link=${link} onClose=${onClose} />`;
  const show = (promise) => promise.then((found) => found && setLink(found));
  return html`<${Dialog} title=${person.name} onClose=${onClose} small>
    <div class="stack">
      ${(isMe || isRole("moderator")) && can.value.rename && html`<${Rename} person=${person} />`}
      <${isMe ? OwnSeat : TheirSeat} person=${person} onLink=${show} onClose=${onClose} />
    </div>
  <//>`;
}

function Rename({ person }) {
  const [said, setSaid] = useState("");
  const rename = async (event) => {
    event.preventDefault();
    const name = event.target.elements.name.value.trim();
    const answer = name === person.name ? { ok: true } : await send("rename", { seat: person.id, name });
    setSaid(answer.ok ? "" : answer.message);
    if (answer.ok) toast(_("Saved."));
  };
  return html`<form class="field" onSubmit=${rename}>
    <label for="person-name">${_("Name")}</label>
    <div class="row is-tight">
      <input id="person-name" name="name" maxlength="40" required autocomplete="off" defaultValue=${person.name}
          aria-invalid=${Boolean(said)} aria-describedby="person-said" />
      <button class="button" disabled=${connection.value !== "live"}>${_("Save")}</button>
    </div>
    <p id="person-said" class="field-error" aria-live="polite">${said}</p>
  </form>`;
}

function OwnSeat({ onLink, onClose }) {
  const stop = () => (onClose(), stopSession());
  return html`<div class="menu">
    <${Item} icon="phone" onPress=${() => onLink(ask(urls.take_along))}>${_("Use another device")}<//>
    ${can.value.take_back && html`<${Item} icon="back" onPress=${() => (onClose(), act("take_back"))}>${_("Moderate again")}<//>`}
    ${can.value.consult && html`<${AlsoConsult} />`}
    ${can.value.stop && !isRole("moderator") && html`<${Item} icon="leave" danger onPress=${stop}>${_("Stop the session")}<//>`}
  </div>`;
}

function AlsoConsult() {
  return html`<label class="check">
    <input type="checkbox" role="switch" checked=${me.value.consults}
        onChange=${(event) => actByTick(event, "consult", () => me.value.consults)} />
    <span>${_("I also consult, as this group is small")}</span>
  </label>`;
}

function TheirSeat({ person, onLink, onClose }) {
  const then = (work) => () => (onClose(), work(person));
  const may = (name) => can.value[name] && person.status === "in";
  const letIn = then(() => act("admit", { seat: person.id }));
  const link = () => onLink(ask(urls.seat_link, { seat: person.id }));
  return html`<div class="menu">
    ${may("set_role") && html`<${Roles} person=${person} then=${then} />`}
    ${can.value.admit && person.status === "waiting" && html`<${Item} icon="check" onPress=${letIn}>${_("Let in")}<//>`}
    ${person.status === "in" && html`<${Item} icon="phone" onPress=${link}>${_("A personal link for them")}<//>`}
    ${can.value.remove &&
    html`<${Item} icon="leave" danger onPress=${then(remove)}>${_("Remove from the session")}<//>`}
  </div>`;
}

function Roles({ person: { id, role }, then }) {
  if (role === "owner" && !can.value.choose_owner) return null;
  const make = (name) => then(() => act("set_role", { seat: id, role: name }));
  return html`
    ${role !== "owner" && can.value.choose_owner && html`<${Item} icon="case" onPress=${make("owner")}>${_("Make issue owner")}<//>`}
    ${role !== "consultant" &&
    html`<${Item} icon="back" onPress=${make("consultant")}>${_("Back to consultant")}<//>`}
    ${role !== "moderator" &&
    html`<${Item} icon="people" onPress=${make("moderator")}>${_("Make co-moderator")}<//>
      <${Item} icon="next" onPress=${then(handOver)}>${_("Hand the moderation over")}<//>`}
  `;
}

function Item({ icon, danger = false, onPress, children }) {
  return html`<button type="button" class=${`button is-quiet menu-item ${danger ? "is-danger" : ""}`}
      disabled=${connection.value !== "live"} onClick=${onPress}>
    <${Icon} name=${icon} />${children}
  </button>`;
}

async function handOver(person) {
  const sure = await confirm({
    title: _("Hand the moderation over to %(name)s?", { name: person.name }),
    text: _("You become a consultant. %(name)s can hand it back to you.", { name: person.name }),
    yes: _("Hand over"),
  });
  if (!sure) return;
  const answer = await act("set_role", { seat: person.id, role: "moderator" });
  if (answer.ok) await act("set_role", { seat: me.value.seat, role: "consultant" });
}

async function remove(person) {
  const sure = await confirm({
    title: _("Remove %(name)s?", { name: person.name }),
    text: _("They leave the room at once. What they wrote stays."),
    yes: _("Remove"),
    danger: true,
  });
  if (sure) await act("remove", { seat: person.id });
}

/** Ask the server for a link to a seat: {link, qr, minutes}, or null after saying why not. */
async function ask(address, fields = {}) {
  const answer = await post(address, fields).catch(() => null);
  if (!answer) toast(_("The link could not be made. Check your connection and try again."));
  return answer;
}

async function post(address, fields) {
  const headers = { "X-CSRFToken": csrf };
  const response = await fetch(address, { method: "POST", headers, body: new URLSearchParams(fields) });
  return response.ok ? response.json() : null;
}
