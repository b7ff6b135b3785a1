import { html } from "htm/preact";
import { _, ngettext } from "room/i18n.js";
import { everyone, presence, session, urls } from "room/store.js";
import { Icon } from "room/views/icons.js";
import { RailFold } from "room/views/rail.js";
import { SoundSwitch } from "room/views/sound_switch.js";

/** The top of the room: which session this is, and the way into the call. On small screens the rail is in it, and `onPeople` shows who is here. */
export function Header({ onPeople }) {
  const { title, call_url } = session.value;
  return html`<header class="room-top">
    <a class="room-mark" href=${urls.home} aria-label=${_("Intervise, start page")}><${Mark} /></a>
    ${onPeople && html`<${RailFold} />`}
    <p class="room-title">${title}</p>
    <div class="room-tools">
      ${onPeople && html`<${PeopleButton} onPress=${onPeople} />`}
      ${!onPeople && html`<${SoundSwitch} />`}
      ${call_url &&
      html`<a class="button is-small" href=${call_url} target="_blank" rel="noopener noreferrer">
        <${Icon} name="video" /><span class="label-wide">${_("Join the call")}</span><span
            class="label-narrow">${_("Call")}</span>
      </a>`}
    </div>
  </header>`;
}

function Mark() {
  return html`<svg class="mark" viewBox="0 0 64 64" aria-hidden="true">
    <path d="M32 8a24 24 0 0 1 21 12.5M56 32a24 24 0 0 1-12.5 21M32 56a24 24 0 0 1-21-12.5M8 32a24 24 0 0 1 12.5-21" />
    <circle cx="32" cy="32" r="9" />
  </svg>`;
}

function PeopleButton({ onPress }) {
  const waiting = everyone.value.filter((each) => each.status === "waiting").length;
  const waits = ngettext("%(count)s waits", "%(count)s wait", { count: waiting });
  const here = _("%(count)s here", { count: presence.value.online.length });
  return html`<button type="button" class="button is-quiet is-small" aria-haspopup="dialog" onClick=${onPress}>
    <${Icon} name="people" />${here}
    ${waiting > 0 && html`<span class="badge is-warm">${waits}</span>`}
  </button>`;
}
