import { html } from "htm/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { signal } from "@preact/signals";
import { _ } from "room/i18n.js";
import { connection, me, method, session, step } from "room/store.js";
import { Announcer } from "room/views/announcer.js";
import { Clock } from "room/views/clock.js";
import { Desk, DeskFoot, hasDesk, hasTools, NextButton } from "room/views/desk.js";
import { Dialog, Questions } from "room/views/dialog.js";
import { Connecting, Gone, Waiting } from "room/views/door.js";
import { Header } from "room/views/header.js";
import { Icon } from "room/views/icons.js";
import { People } from "room/views/people.js";
import { Rail } from "room/views/rail.js";
import { SoundSwitch } from "room/views/sound_switch.js";
import { Stage } from "room/views/stage.js";
import { Toasts } from "room/views/toast.js";
import { isMuted } from "room/views/typing.js";

const wide = window.matchMedia("(min-width: 62rem) and (min-height: 34rem)");
const broad = window.matchMedia("(min-width: 62rem)");
const isWide = signal(wide.matches);
// So long may the keyboard take to go when a field is left.
const KEYBOARD_MS = 1000;
wide.addEventListener("change", fit);
document.addEventListener("focusout", () => setTimeout(fit, KEYBOARD_MS));

/**
 * The keyboard on a tablet's screen takes half of its height: what stands beside the stage stays as long as it is there, with
 * the window that somebody may be typing in.
 */
function fit() {
  if (isWide.peek() && broad.matches && document.activeElement?.matches("input, textarea")) return;
  isWide.value = wide.matches;
}

/** What is open from the bottom edge of a small screen: "people", "desk" or nothing. */
const sheet = signal(null);

export function App() {
  return html`<${Page} /><${Questions} /><${Toasts} /><${Announcer} />`;
}

function Page() {
  if (connection.value === "gone") return html`<${Gone} />`;
  if (!session.value) return html`<${Connecting} />`;
  if (me.value.status === "waiting") return html`<${Waiting} />`;
  return html`<${Room} />`;
}

function Room() {
  const desk = hasDesk();
  const classes = ["room", isWide.value ? "is-wide" : "is-narrow", isMuted() && "is-listening", desk && "has-desk"];
  return html`<div class=${classes.filter(Boolean).join(" ")} data-role=${me.value.role}
      data-step=${session.value.step}>
    <${Header} onPeople=${isWide.value ? null : () => (sheet.value = "people")} />
    <${Clock} />
    ${isWide.value && html`<${Rail} />`}
    <main id="main" class="stage" tabindex="-1">
      <${Heading} key=${session.value.step} />
      <${Stage} />
    </main>
    ${isWide.value ? html`<${Side} desk=${desk} />` : html`<${Sheets} desk=${desk} />`}
  </div>`;
}

function Side({ desk }) {
  return html`<aside class="side" aria-label=${_("Desk and people")}>
    ${desk && html`<${Desk} />`}
    <${People} />
    ${hasTools() && html`<${DeskFoot} />`}
  </aside>`;
}

function Sheets({ desk }) {
  const close = () => (sheet.value = null);
  return html`
    ${desk &&
    html`<div class="dock">
      ${hasTools() &&
      html`<button type="button" class="button" aria-haspopup="dialog" onClick=${() => (sheet.value = "desk")}>
        <${Icon} name="desk" />${_("Desk")}
      </button>`}
      <${NextButton} />
    </div>`}
    ${sheet.value === "people" &&
    html`<${Dialog} title=${_("People")} onClose=${close} sheet>
      <${People} titled=${false} />
      <div><${SoundSwitch} /></div>
    <//>`}
    ${sheet.value === "desk" &&
    desk &&
    html`<${Dialog} title=${_("Your desk")} onClose=${close} sheet>
      <${Desk} withNext=${false} /><${DeskFoot} />
    <//>`}
  `;
}

/** Has a step been shown yet? The page's first one leaves the focus at the top. */
let entered = false;

/** The step's name and what it is for. A new step begins at its top. */
function Heading() {
  const title = useRef(null);
  useLayoutEffect(() => {
    if (entered) {
      title.current.closest(".stage").scrollTop = 0; // it scrolls by itself on wide screens, with the page on narrow ones
      window.scrollTo(0, 0);
    }
    entered = true;
  }, []);
  const { phase, title: name, purpose } = step();
  const values = { number: phase, count: Object.keys(method.phases).length };
  return html`<header class="stage-head">
    ${phase !== null && html`<p class="eyebrow">${_("Phase %(number)s of %(count)s", values)}</p>`}
    <h1 ref=${title} tabindex="-1">${name}</h1>
    <p class="purpose">${purpose[me.value.role]}</p>
  </header>`;
}
