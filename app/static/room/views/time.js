import { html } from "htm/preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { act, actByTick } from "room/act.js";
import { allottedSeconds, isRunning, leftSeconds } from "room/clock.js";
import { _ } from "room/i18n.js";
import { can, connection, session } from "room/store.js";
import { Dialog } from "room/views/dialog.js";
import { Icon } from "room/views/icons.js";
import { toast } from "room/views/toast.js";

/** The moderator's hand on the clock. */
export function TimeControls() {
  const [openIn, setOpenIn] = useState(null);
  const { step } = session.value;
  useLayoutEffect(() => setOpenIn(null), [step]); // what somebody is about to do was meant for the step before
  if (leftSeconds() === null || !can.value.pause) return null;
  return html`<div role="group" aria-label=${_("Set the clock")}>
    <div class="time-buttons">
      <${StartStop} />
      <${Press} onPress=${() => act("extend", { seconds: -60 })}>−1${" "}<span
          class="visually-hidden">${_("minute")}</span><//>
      <${Press} onPress=${() => act("extend", { seconds: 60 })}>+1${" "}<span
          class="visually-hidden">${_("minute")}</span><//>
      <${Press} label=${_("More for the clock")} onPress=${() => setOpenIn(step)}><${Icon} name="more" /><//>
    </div>
    ${openIn === step && html`<${ClockDialog} onClose=${() => setOpenIn(null)} />`}
  </div>`;
}

const isOff = () => connection.value !== "live";

function StartStop() {
  if (isRunning()) return html`<${Press} onPress=${() => act("pause")}><${Icon} name="pause" />${_("Pause")}<//>`;
  const isUntouched = Math.abs(leftSeconds() - allottedSeconds()) < 1;
  return html`<${Press} onPress=${() => act("resume")}><${Icon}
      name="play" />${isUntouched ? _("Start the clock") : _("Go on")}<//>`;
}

function Press({ label, onPress, children }) {
  return html`<button type="button" class="button" aria-label=${label} title=${label} disabled=${isOff()}
      onClick=${onPress}>${children}</button>`;
}

/** What is seldom needed: set the time, share out the rest, let steps move on by themselves. */
function ClockDialog({ onClose }) {
  const set = (event) => {
    event.preventDefault();
    onClose();
    act("set_time", { seconds: Math.round(event.target.elements.minutes.valueAsNumber * 60) });
  };
  const shareOut = async () => {
    onClose();
    const answer = await act("share_out");
    if (answer.ok) toast(_("The rest of the time is shared out; the last two phases keep theirs."));
  };
  return html`<${Dialog} title=${_("The clock")} onClose=${onClose} small>
    <form class="field" onSubmit=${set}>
      <label for="set-minutes">${_("Minutes left in this step")}</label>
      <div class="row is-tight">
        <input id="set-minutes" name="minutes" type="number" min="0.5" max="240" step="0.5"
            inputmode="decimal" required defaultValue=${minutesNow()} />
        <button class="button" disabled=${isOff()}>${_("Set")}</button>
      </div>
    </form>
    ${can.value.share_out &&
    html`<div class="stack is-tight">
      <button type="button" class="button" disabled=${isOff()} onClick=${shareOut}><${Icon}
          name="hourglass" />${_("Share out the rest of the time")}</button>
      <p class="hint">${_("Spreads what is left over this step and the next ones, so that you end as planned.")}</p>
    </div>`}
    ${can.value.move_on &&
    html`<label class="check">
      <input type="checkbox" role="switch" checked=${session.value.move_on} disabled=${isOff()}
          onChange=${(event) => actByTick(event, "move_on", () => session.value.move_on)} />
      <span>${_("Steps move on by themselves when their time is up")}</span>
    </label>`}
  <//>`;
}

const minutesNow = () => Math.max(1, Math.round(leftSeconds() / 60));
