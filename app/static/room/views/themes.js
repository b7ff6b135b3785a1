// The themes of the session: a few words for the archive, given by the moderator, with the team's earlier ones to choose from.

import { html } from "htm/preact";
import { signal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { act } from "room/act.js";
import { _ } from "room/i18n.js";
import { can, method, page, session } from "room/store.js";

/** What the team has had so far. The page knows it if it was made for a moderator. */
const known = signal(page.themes);

export function Themes() {
  const { themes } = session.value;
  if (can.value.themes) return html`<${ThemesForm} themes=${themes} />`;
  if (!themes.length) return null;
  return html`<section class="stack is-tight" aria-labelledby="themes-title">
    <h2 id="themes-title">${_("Themes")}</h2>
    <ul class="row">${themes.map((theme) => html`<li key=${theme} class="badge"><bdi>${theme}</bdi></li>`)}</ul>
  </section>`;
}

function ThemesForm({ themes }) {
  const id = useId();
  const field = useRef(null);
  useEffect(() => {
    if (known.value === null) askForThemes();
  }, []);
  const offered = [...themes, ...(known.value ?? []).filter((theme) => !themes.includes(theme))];
  const full = themes.length >= method.most_themes;
  const wanted = useRef(null); // what is under way already: a second press builds on it
  async function give(change) {
    const next = change(wanted.current ?? session.peek().themes);
    wanted.current = next;
    const answer = await act("themes", { themes: next });
    if (wanted.current === next) wanted.current = null;
    return answer;
  }
  const toggle = (theme) => give((now) => (now.includes(theme) ? now.filter((each) => each !== theme) : [...now, theme]));
  async function add(event) {
    event.preventDefault();
    const theme = field.current.value.trim();
    if (!theme) return;
    const answer = await give((now) => [...now, theme]);
    if (answer.ok && field.current?.value.trim() === theme) field.current.value = ""; // and not what is typed by now
  }
  return html`<section class="card stack is-tight" aria-labelledby="themes-title">
    <div>
      <h2 id="themes-title">${_("Themes of this session")}</h2>
      <p class="hint" id=${`${id}-hint`}>${_("A word or two each, such as “several deciders”; at most %(most)s. Leave the case out: the team finds the session by them.", { most: method.most_themes })}</p>
    </div>
    ${offered.length > 0 &&
    html`<div class="row" role="group" aria-label=${_("Themes")}>
      ${offered.map((theme) => {
        const on = themes.includes(theme);
        return html`<button type="button" key=${theme} class="chip" aria-pressed=${on ? "true" : "false"} disabled=${full && !on} onClick=${() => toggle(theme)}><bdi>${theme}</bdi></button>`;
      })}
    </div>`}
    ${!full &&
    html`<form class="field" onSubmit=${add} novalidate>
      <label for=${id}>${_("Another theme")}</label>
      <div class="row">
        <input id=${id} ref=${field} maxlength="40" autocomplete="off" aria-describedby=${`${id}-hint`} />
        <button type="submit" class="button">${_("Add the theme")}</button>
      </div>
    </form>`}
  </section>`;
}

/** Without an answer there is nothing to choose from; what is typed counts all the same. */
async function askForThemes() {
  try {
    const answer = await fetch(page.urls.themes);
    if (answer.ok) known.value = await answer.json();
  } catch {
    known.value = null;
  }
}
