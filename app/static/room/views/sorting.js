// How the owner sorts a recommendation: helps, maybe, not now; with a word or without.

import { html } from "htm/preact";
import { useRef } from "preact/hooks";
import { _ } from "room/i18n.js";
import { itemsOf } from "room/store.js";
import { Words } from "room/views/entry.js";
import { Choice, Field, Status, isUnderWay, useForm, useSending } from "room/views/field.js";

const VERDICTS = [
  ["helps", () => _("Helps")],
  ["maybe", () => _("Maybe")],
  ["not_now", () => _("Not now")],
];

const verdictOn = (item) => itemsOf("verdict", item.id)[0];

/** `onTake`: begins an action with this recommendation. */
export function Sorting({ item, onTake }) {
  const verdict = verdictOn(item);
  const form = useForm(`word:${item.id}`, { text: verdict?.text ?? "" });
  const sending = useSending(form);
  const chosen = useRef(null);
  const save = (name) => {
    if (!name) return;
    chosen.current = name;
    sending.go("sort", { parent: item.id, verdict: name, text: (form.values.text ?? "").trim() }, { empties: false });
  };
  const keepWord = () => form.changed && save(isUnderWay(sending.state.peek()) ? chosen.current : verdict?.data.verdict);
  return html`<div class="sorting stack is-tight">
    <div class="row">
      <${Choice} label=${_("Does it help?")} options=${VERDICTS.map(([name, title]) => [name, title()])} value=${verdict?.data.verdict} onChoose=${save} />
      ${onTake && verdict && verdict.data.verdict !== "not_now" && item.text && html`<button type="button" class="button is-quiet is-small" onClick=${onTake}>${_("Put it into my plan")}</button>`}
    </div>
    ${verdict &&
    html`<div onFocusOut=${keepWord}>
      <${Field} form=${form} label=${_("A word about it (optional)")} heard onSend=${keepWord} onInput=${sending.touch} />
    </div>`}
    <${Status} state=${sending.state} seen />
  </div>`;
}

/** For everybody else. */
export function VerdictMark({ item }) {
  const verdict = verdictOn(item);
  if (!verdict) return null;
  const title = VERDICTS.find(([name]) => name === verdict.data.verdict)[1]();
  return html`<p class="verdict">
    <span class=${`badge is-${verdict.data.verdict}`}>${title}</span>${verdict.text && html`${" "}<${Words} as="span" className="" text=${verdict.text} />`}
  </p>`;
}
