// The board of ideas. Nobody's name is on it; what builds on an idea stands one level under it.

import { html } from "htm/preact";
import { useSignal } from "@preact/signals";
import { act } from "room/act.js";
import { draft } from "room/drafts.js";
import { _ } from "room/i18n.js";
import { can, itemsOf } from "room/store.js";
import { Composer } from "room/views/composer.js";
import { Entry } from "room/views/entry.js";
import { Icon } from "room/views/icons.js";

export const topIdeas = () => {
  const ideas = itemsOf("idea");
  const known = new Set(ideas.map(({ id }) => id));
  return ideas.filter(({ parent }) => !parent || !known.has(parent));
};

/** `open`: ideas may still be changed by their authors. `revealed`: they come up one after the other. */
export function Board({ open = false, revealed = false, empty }) {
  const ideas = topIdeas();
  if (!ideas.length) return html`<p class="empty">${empty}</p>`;
  return html`<ul class=${`board ideas ${can.value.star ? "is-starring" : ""} ${revealed ? "is-revealed" : ""}`}>
    ${ideas.map((idea) => html`<${Idea} key=${idea.id} idea=${idea} open=${open} />`)}
  </ul>`;
}

function Idea({ idea, open }) {
  const key = `idea:${idea.id}`;
  const building = useSignal(Boolean(draft(key).peek().text));
  const more = itemsOf("idea", idea.id);
  const buttons = html`<${Star} idea=${idea} />
    ${can.value.build &&
    html`<button type="button" class="button is-quiet is-small" aria-expanded=${building.value ? "true" : "false"} onClick=${() => (building.value = !building.value)}>
      ${_("Build on it")}
    </button>`}`;
  return html`<${Entry} item=${idea} open=${open} kind="idea" buttons=${can.value.build || can.value.star ? buttons : starMark(idea)}>
    ${more.length > 0 &&
    html`<ul class="idea-more" aria-label=${_("Building on it")}>
      ${more.map(
        (each) => html`<${Entry} key=${each.id} item=${each} open=${open} kind="idea is-child" buttons=${can.value.star ? html`<${Star} idea=${each} />` : starMark(each)} />`,
      )}
    </ul>`}
    ${(building.value || draft(key).value.text) &&
    can.value.build &&
    html`<div hidden=${!building.value}>
      <${Composer}
        command="idea"
        draftKey=${key}
        data=${{ parent: idea.id }}
        label=${_("Building on that…")}
        button=${_("Add")}
        onSent=${() => (building.value = false)}
      />
    </div>`}
  <//>`;
}

/** The owner's private mark. */
function Star({ idea }) {
  if (!can.value.star) return null;
  const on = isStarred(idea);
  const toggle = () => act("star", { parent: idea.id, on: !on });
  return html`<button type="button" class=${`chip star ${on ? "is-on" : ""}`} aria-pressed=${on ? "true" : "false"} onClick=${toggle}>
    <${Icon} name="star" />${" "}${on ? _("Starred") : _("Star")}
  </button>`;
}

export const isStarred = (idea) => itemsOf("star", idea.id).length > 0;

function starMark(idea) {
  return isStarred(idea) && html`<span class="badge is-warm"><${Icon} name="star" />${" "}${_("Starred by you")}</span>`;
}
