// In front of the room: connecting, waiting to be let in, and gone.

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { leftovers, wordsOf } from "room/drafts.js";
import { _ } from "room/i18n.js";
import { loadAnew, outbox } from "room/outbox.js";
import { goodbye } from "room/socket.js";
import { can, connection, me, session, step, urls } from "room/store.js";
import { timeOfDay } from "room/views/clock.js";
import { Words } from "room/views/entry.js";
import { Icon } from "room/views/icons.js";
import { CopyButton } from "room/views/notes.js";
import { StatementForm } from "room/views/statement.js";

const PATIENCE_MS = 6000;

export function Connecting() {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return html`<main id="main" class="door" tabindex="-1">
    <div class="door-card">
      <span class="door-mark is-breathing" aria-hidden="true"></span>
      <h1>${_("One moment")}</h1>
      <p role="status">
        ${isLong
          ? _("The room does not answer yet. We keep trying; check your connection meanwhile.")
          : _("Opening the room…")}
      </p>
    </div>
  </main>`;
}

/** Somebody who is early, or not let in yet. The owner may use the time. */
export function Waiting() {
  const { title, starts_at, step: name } = session.value;
  const greeting = _("Hello %(name)s", { name: me.value.name });
  return html`<main id="main" class="door" tabindex="-1">
    <div class="door-card">
      <span class="door-mark is-breathing" aria-hidden="true"></span>
      <h1>${greeting}</h1>
      <p class="door-title">${title}</p>
      ${name === "planned"
        ? html`<p>${step().purpose[me.value.role]}</p>
            <p class="hint">${_("The session starts at %(time)s.", { time: timeOfDay(starts_at) })}</p>`
        : html`<p>
            ${_("The session has begun. The moderator sees that you are here and lets you in; this page moves on by itself.")}
          </p>`}
      ${connection.value !== "live" &&
      html`<p class="banner is-alert" role="status"><${Icon} name="offline" /><span>${_("You are offline.")}</span></p>`}
    </div>
    ${can.value.statement && html`<div class="door-work card"><${StatementForm} /></div>`}
  </main>`;
}

export function Gone() {
  const { title, text, again } = reason();
  return html`<main id="main" class="door" tabindex="-1">
    <div class="door-card">
      <span class="door-mark" aria-hidden="true"></span>
      <h1>${title}</h1>
      <p>${text}</p>
      <p class="row door-buttons">
        ${again &&
        html`<button type="button" class="button is-primary" onClick=${loadAnew}>${again}</button>`}
        <a class="button is-quiet" href=${urls.home}>${_("Go to the start page")}</a>
      </p>
    </div>
    ${PUT_OUT.includes(goodbye.value) && session.value && html`<${Unsent} />`}
  </main>`;
}

/** Reasons after which the session goes on without this page. */
const PUT_OUT = ["removed", "elsewhere", "renewed"];

/** What was written here and did not get there is still its writer's. */
function Unsent() {
  const waiting = outbox.value.map(({ value, data }) => wordsOf(value ?? data) || data.text);
  const texts = [...new Set([...waiting, ...leftovers().map(({ text }) => text)])].filter(Boolean);
  if (!texts.length) return null;
  return html`<section class="door-work card stack is-tight" aria-labelledby="unsent-title">
    <h2 id="unsent-title">${_("What you had not sent yet")}</h2>
    <p class="hint">${_("It is in this window alone. Copy what you want to keep.")}</p>
    <ul class="board">
      ${texts.map(
        (text) => html`<li key=${text} class="entry is-private is-pending">
          <${Words} text=${text} />
          <div class="row entry-buttons"><${CopyButton} text=${text} /></div>
        </li>`,
      )}
    </ul>
  </section>`;
}

function reason() {
  if (goodbye.value === "removed") {
    return {
      title: _("You are no longer in this session"),
      text: _("The moderator has taken your seat out. If that was by accident, open the link of the invitation again; the moderator then lets you in."),
    };
  }
  if (goodbye.value === "elsewhere") {
    return {
      title: _("Your seat is on another device now"),
      text: _("The moderator gave out a new personal link for your seat, and it has been used. If that was not you, tell the moderator."),
    };
  }
  if (goodbye.value === "renewed") {
    return {
      title: _("This session has a new link"),
      text: _("The moderator has made a new link to join. Ask for it, and come in by that one."),
    };
  }
  if (goodbye.value === "ended") {
    return {
      title: _("This session has ended"),
      text: _("There is nothing more to do here. If you miss something, ask the moderator."),
    };
  }
  if (goodbye.value === "erased") {
    return {
      title: _("You are erased from this session"),
      text: _("As was wished, your name is gone from it. There is nothing more to do here."),
    };
  }
  if (goodbye.value === "crowded") {
    return {
      title: _("This room is open in many places"),
      text: _("You have it open in more tabs than it can serve, so this one was let go. Close some of the others."),
      again: _("Use it here"),
    };
  }
  if (goodbye.value === "outdated") {
    return {
      title: _("There is a newer version"),
      text: _("This page is from before the last update. Load it anew; what you have written is kept."),
      again: _("Load it anew"),
    };
  }
  if (goodbye.value === "forgotten") {
    return {
      title: _("Thank you, all of you"),
      text: _("The session is closed. As agreed, no transcript was kept: only the owner’s plan and the lessons that may be shared."),
    };
  }
  return {
    title: _("This room does not know you"),
    text: _("Your seat could not be found in this browser. Open the link of the invitation again, or sign in."),
    again: _("Try again"),
  };
}
