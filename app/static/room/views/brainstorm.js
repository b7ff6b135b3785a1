// The brainstorm: each for themselves in silence, then all ideas at once, to add to and to build on.

import { html } from "htm/preact";
import { _, ngettext } from "room/i18n.js";
import { can, isRole, itemsOf, me, presence } from "room/store.js";
import { AskReminder } from "room/views/ask.js";
import { Board } from "room/views/board.js";
import { Calm } from "room/views/calm.js";
import { Composer, starters } from "room/views/composer.js";
import { Entry, Words } from "room/views/entry.js";
import { Listening } from "room/views/listening.js";
import { Notes, ParkedIdeas } from "room/views/notes.js";

export function SilentBrainstorm() {
  if (isRole("owner")) return html`<${AskReminder} /><${Listening} />`;
  return html`
    <${AskReminder} />
    <${FactNote} />
    ${isRole("moderator") && html`<${Progress} />`}
    <${ParkedIdeas} />
    <${Notes} />
    <${OwnIdeas} />
    <${IdeaComposer} />
  `;
}

export function Brainstorm() {
  const empty = can.value.idea ? _("No ideas yet. The first one may be a wild one.") : _("The ideas appear here.");
  const board = html`<${Board} open=${Boolean(can.value.idea)} revealed empty=${empty} />`;
  if (isRole("owner")) return html`<${AskReminder} /><${Listening}>${board}<//>`;
  return html`
    <${AskReminder} />
    <${FactNote} />
    <${ParkedIdeas} />
    <${Notes} />
    ${board}
    <${IdeaComposer} />
  `;
}

function IdeaComposer() {
  if (!can.value.idea) return null;
  const noting = isNoting();
  return html`<${Composer}
    command="idea"
    label=${noting ? _("An idea that was said aloud") : _("Your idea")}
    hint=${noting ? "" : _("Nobody sees who wrote it.")}
    button=${noting ? _("Note it down") : _("Add the idea")}
    starters=${noting ? [] : starters()}
    pinned
  />`;
}

/** A moderator who does not consult notes down what others say, and adds nothing. */
const isNoting = () => isRole("moderator") && !me.value.consults;

function OwnIdeas() {
  const own = itemsOf("idea").filter(({ mine }) => mine);
  if (!own.length) {
    return !isNoting() && html`<p class="hint">${_("Your ideas collect here. The others see them at the reveal, without your name.")}</p>`;
  }
  return html`<section class="stack is-tight" aria-labelledby="own-ideas">
    <h2 id="own-ideas">${isNoting() ? _("Noted so far") : _("Your ideas so far")}</h2>
    <ul class="board">${own.map((idea) => html`<${Entry} key=${idea.id} item=${idea} open=${can.value.idea} meta=${false} />`)}</ul>
  </section>`;
}

/** How it goes, with nobody's name and nobody's words. */
function Progress() {
  const values = { count: presence.value.typing_count };
  return html`<${Calm} title=${_("Everybody is typing in silence.")}>
    ${values.count > 0
      ? ngettext("%(count)s person is typing right now.", "%(count)s people are typing right now.", values)
      : _("Nobody is typing right now.")}${" "}
    ${_("You see the ideas when everybody does, at the reveal.")}
  <//>`;
}

/** The owner's one note to the moderators. */
export function FactNote() {
  const facts = itemsOf("fact").filter(({ mine }) => !mine);
  if (!facts.length) return null;
  return facts.map(
    (fact) => html`<section key=${fact.id} class="banner is-warm fact-note" aria-label=${_("A private note from the owner")}>
      <div>
        <p class="label">${_("Private, from the owner: a fact is wrong")}</p>
        <${Words} text=${fact.text} />
        <p class="hint">${_("Only moderators see this. Put the fact right in the call, in your own words.")}</p>
      </div>
    </section>`,
  );
}
