import { html } from "htm/preact";
import { _ } from "room/i18n.js";
import { soundOn, switchSound } from "room/sound.js";
import { Icon } from "room/views/icons.js";

/** Each person's own choice: a soft sound at one minute and at zero. */
export function SoundSwitch() {
  return html`<button type="button" class="button is-quiet is-small" aria-pressed=${soundOn.value}
      title=${_("A soft sound at one minute and at zero")} onClick=${switchSound}>
    <${Icon} name=${soundOn.value ? "sound" : "silence"} />${soundOn.value ? _("Sound is on") : _("Sound is off")}
  </button>`;
}
