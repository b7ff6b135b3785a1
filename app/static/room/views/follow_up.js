// After the close: the way to one's own page. In the lobby: what the team took on last time.

import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { _ } from "room/i18n.js";
import { isRole, itemsOf, me, urls } from "room/store.js";
import { Words, isolated } from "room/views/entry.js";

/** For the owner, and for whom an action names; nobody else has such a page. */
export function FollowUp() {
  if (isRole("owner")) {
    return html`<section class="card stack is-tight" aria-labelledby="follow-up-title">
      <h2 id="follow-up-title">${_("And from here?")}</h2>
      <p>${_("Your own page keeps the plan: say how it goes, move a date, add a step. After two days, two weeks and six weeks it asks how it went.")}</p>
      <p><a class="button is-primary" href=${urls.follow_up}>${_("Open my page")}</a></p>
    </section>`;
  }
  if (!itemsOf("action").some(({ data }) => namesIn(data.who ?? "", me.value.name))) return null;
  return html`<section class="card stack is-tight" aria-labelledby="follow-up-title">
    <h2 id="follow-up-title">${_("The plan names you")}</h2>
    <p><a class="button" href=${urls.follow_up}>${_("Say how you can help")}</a></p>
  </section>`;
}

/** As app/sessions/names.py does: as a word of its own. */
function namesIn(words, name) {
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return Boolean(name) && new RegExp(`(?<![\\p{L}\\p{N}_])${literal}(?![\\p{L}\\p{N}_])`, "iu").test(words);
}

/** Fetched once, and only in the lobby: no snapshot grows by it. */
export function Commitments() {
  const found = useSignal(null);
  useEffect(() => {
    if (!urls.commitments) return;
    fetch(urls.commitments)
      .then((answer) => (answer.ok ? answer.json() : null))
      .then((told) => (found.value = told))
      .catch(() => {}); // the lobby goes on without it
  }, []);
  if (!found.value?.actions) return null;
  const { owner, day, actions } = found.value;
  return html`<section class="stack is-tight" aria-labelledby="commitments-title">
    <h2 id="commitments-title">${_("Since last time")}</h2>
    <p class="hint">${_("Five minutes before the new case: %(name)s tells how it went since %(day)s.", { name: isolated(owner), day })}</p>
    <ul class="board">
      ${actions.map(
        ({ text, state, word }, index) => html`<li key=${index} class="entry">
          <${Words} text=${text} />
          <p class="entry-meta"><span class="badge">${state}</span></p>
          ${word && html`<${Words} text=${word} className="hint" />`}
        </li>`,
      )}
    </ul>
  </section>`;
}
