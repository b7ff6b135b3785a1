// Whose turn it is, and how it can be used without writing.

import { html } from "htm/preact";
import { useRef } from "preact/hooks";
import { act } from "room/act.js";
import { draft, spend } from "room/drafts.js";
import { _ } from "room/i18n.js";
import { send } from "room/socket.js";
import { can, me, session } from "room/store.js";
import { named } from "room/views/entry.js";
import { trimmed } from "room/views/field.js";
import { toast } from "room/views/toast.js";

export const turn = () => session.value.turn;
export const isMyTurn = () => turn()?.seat === me.value.seat;

/** `mine`, `others` and `over`: what to say when it is one's own turn, somebody else's, nobody's any more. */
export function TurnCard({ mine, others, over }) {
  const now = turn();
  if (!now) return session.value.spoken.length > 0 && html`<p class="turn-card">${over}</p>`;
  return html`<div class=${`turn-card ${isMyTurn() ? "is-mine" : ""}`}>
    <p class="turn-who">
      ${isMyTurn() ? _("It is your turn.") : _("%(name)s has the turn.", named(now.seat))}
    </p>
    <p class="turn-what">${isMyTurn() ? mine : others}</p>
  </div>`;
}

/** Does the form of one's own turn stand below the notes? So it does for whoever takes one when it comes: nothing moves under a writer. */
export function useBelowNotes(isThere) {
  const was = useRef(isThere);
  const below = useRef(false);
  if (isThere && !was.current) below.current = Boolean(document.activeElement?.closest(".notes"));
  was.current = isThere;
  return below.current;
}

/** Beside the send button on one's own turn: said aloud, and pass. */
export function TurnButtons({ command, form, aloud, data }) {
  return html`${can.value.pass_turn && html`<button type="button" class="button is-quiet" onClick=${() => act("pass_turn")}>${_("Pass")}</button>`}
    <${SaidAloud} command=${command} form=${form} data=${data} label=${aloud} />`;
}

/** Marks something as said and not written; what is in the form already goes along. `data` is added, as a function of the words. */
export function SaidAloud({ command, form, data, label = _("Said aloud") }) {
  const underWay = useRef([]);
  const mark = async () => {
    const words = { text: "", ...trimmed(form.values) };
    const packet = { ...words, ...data?.(words), aloud: true };
    if (!packet.text && underWay.current.includes(packet.for)) return; // the second half of a double tap
    underWay.current.push(packet.for);
    const said = draft(form.key).peek();
    const answer = await send(command, packet, { draft: form.key });
    underWay.current.splice(underWay.current.indexOf(packet.for), 1);
    if (answer.ok) spend(form.key, said);
    else toast(answer.message);
  };
  return html`<button type="button" class="button" onClick=${mark}>${label}</button>`;
}
