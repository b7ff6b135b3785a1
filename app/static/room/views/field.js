// Fields for half-written words. They are uncontrolled and bound to a draft, so that no redraw moves the caret.

import { html } from "htm/preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { clear, draft, show } from "room/drafts.js";
import { _ } from "room/i18n.js";
import { drop } from "room/outbox.js";
import { send } from "room/socket.js";
import { connection, session } from "room/store.js";
import { stopTyping, typing } from "room/views/typing.js";
import { cleaned } from "room/words.js";

const BLINK_MS = 600;

export const MOST = 4000;
export const MOST_SHORT = 200;

/** What is half written under `key`, on top of what is `saved` already. */
export function useForm(key, saved = {}) {
  const half = draft(key);
  const written = half.value;
  const names = Object.keys(written);
  // Once the server has what is written here, the draft has done its work.
  const done = names.length > 0 && names.every((name) => same(written[name], saved[name]));
  useEffect(() => {
    if (done) clear(key);
  }, [done]);
  const changed = useRef(false);
  changed.current = names.some((name) => !alike(written[name], saved[name]));
  useLayoutEffect(() => {
    const hide = show(key);
    return () => {
      hide();
      if (!changed.current) clear(key); // a blank row, or a space more than what is saved
    };
  }, [key]);
  return {
    key,
    changed: changed.current,
    values: { ...saved, ...written },
    set(name, value) {
      const { [name]: before, ...rest } = half.peek();
      half.value = same(value, saved[name]) ? rest : { ...rest, [name]: value };
    },
    reset: () => clear(key),
  };
}

/**
 * Sends what a form holds; `state` is null, "sending", "late", "saved" or {message} of a refusal, until something is typed again.
 * It is "late" when the answer takes longer than a blink, so that nothing flickers when it does not. `empties`:
 * the fields are free for the next text at once; otherwise they keep what is being saved, and what is sent while that is under way
 * follows it. `isCurrent`: nothing has been written since. `ask`: say what is missing. `cancel`: nothing of it is wanted any more.
 */
export function useSending(form) {
  const state = useSignal(null);
  const sent = useRef(null);
  const next = useRef(null);
  const half = () => JSON.stringify(draft(form.key).peek());
  const isCurrent = () => ["{}", sent.current].includes(half());
  async function go(command, data, { empties = true, written = half() } = {}) {
    if (isUnderWay(state.peek())) {
      if (!empties) next.current = { data, half: half() };
      if (!empties || !data.text) return { ok: false }; // without words it is the second half of a double tap
    }
    state.value = "sending";
    sent.current = written;
    const blink = setTimeout(() => (state.value = "late"), BLINK_MS);
    stopTyping();
    const answer = await send(command, data, { draft: form.key, empties });
    clearTimeout(blink);
    const isGivenUp = answer.code === "given_up";
    const after = isGivenUp ? null : next.current;
    next.current = null;
    if (after && JSON.stringify(after.data) !== JSON.stringify(data)) {
      state.value = null;
      return go(command, after.data, { empties, written: after.half });
    }
    if (isGivenUp) state.value = null;
    else state.value = answer.ok ? (empties || isCurrent() ? "saved" : null) : { message: answer.message };
    return answer;
  }
  function cancel() {
    next.current = null;
    drop(form.key);
    form.reset();
  }
  // While something is under way, an empty field is the second half of a double tap, and "Saved." is still to come.
  const say = (value) => !isUnderWay(state.peek()) && (state.value = value);
  return { state, go, isCurrent, cancel, ask: (message) => say({ message }), touch: () => say(null) };
}

export const isUnderWay = (state) => state === "sending" || state === "late";

/** The values of a form without spaces around them. */
export function trimmed(values) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === "string" ? cleaned(value) : value]));
}

const same = (one, other) => JSON.stringify(bare(one)) === JSON.stringify(bare(other));

/** As `same`, but a row in which nothing is written yet makes no difference either. */
const alike = (one, other) => JSON.stringify(full(one)) === JSON.stringify(full(other));

const bare = (value) => (typeof value === "string" ? cleaned(value) : (value ?? ""));

const full = (value) =>
  Array.isArray(value)
    ? value.map(trimmed).filter(({ name, role }) => name || role).map((row) => Object.entries(row).filter(([, each]) => each).sort())
    : bare(value);

/**
 * One labelled field of a form. `lines` > 1 makes it a text area; Ctrl or Cmd with Enter calls `onSend`. `heard`: the group will
 * see the text, so that it may see now that somebody is typing.
 */
export function Field({ form, name = "text", label, hint = "", lines = 1, longest, heard = false, onSend, onInput, ...rest }) {
  const id = useId();
  const field = useRef(null);
  const value = form.values[name] ?? "";
  useLayoutEffect(() => put(field.current, value), [value]);

  const write = (event) => {
    form.set(name, event.currentTarget.value);
    if (heard) typing();
    onInput?.();
  };
  const press = (event) => {
    // WebKit's Enter that ends a composition comes after its end, and is known by this number alone.
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || !onSend) return;
    if (!(event.ctrlKey || event.metaKey) && lines > 1) return;
    event.preventDefault();
    onSend();
  };
  const shared = {
    id,
    ref: field,
    lang: session.value.language,
    dir: "auto",
    "data-draft": form.key && `${form.key}/${name}`,
    maxlength: longest ?? (lines > 1 ? MOST : MOST_SHORT),
    "aria-describedby": hint ? `${id}-hint` : undefined,
    onInput: write,
    onKeyDown: press,
    ...rest,
  };
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${hint && html`<p class="field-hint" id=${`${id}-hint`}>${hint}</p>`}
    ${lines > 1 ? html`<textarea ...${shared} rows=${lines}></textarea>` : html`<input type="text" autocomplete="off" ...${shared} />`}
  </div>`;
}

/** Put a text into a field only when it is another one; a space that the person is just typing is no difference. */
function put(element, value) {
  if (element.value === value) return;
  if (document.activeElement === element && element.value.trim() === value.trim()) return;
  element.value = value;
}

/** One of a few short choices, as chips; pressing the chosen one again takes it back where `optional`. */
export function Choice({ label, options, value, onChoose, optional = false, labelled = false }) {
  const id = useId();
  return html`<div class="choice" role="group" aria-labelledby=${id}>
    <span id=${id} class=${labelled ? "choice-label" : "visually-hidden"}>${label}</span>
    ${options.map(
      ([name, words]) => html`<button
        key=${name}
        type="button"
        class=${`chip chip-${name} ${value === name ? "is-on" : ""}`}
        aria-pressed=${value === name ? "true" : "false"}
        onClick=${() => onChoose(optional && value === name ? "" : name)}
      >
        ${words}
      </button>`,
    )}
  </div>`;
}

/** How the last sending went. `seen`: what was saved shows elsewhere, so only screen readers are told. */
export function Status({ state, saved = _("Saved."), seen = false, children }) {
  const now = state.value;
  if (now?.message) return html`<p class="status field-error" role="alert">${now.message}</p>`;
  const told = now === "saved" ? saved : children;
  // What only screen readers are told takes no room: the form must not grow by an empty line.
  return html`<p class=${now === "saved" && seen ? "status visually-hidden" : "status"} role="status">${now === "late" ? underWay() : told}</p>`;
}

const underWay = () => (connection.value === "live" ? _("Sending…") : _("Not saved yet. It is sent when the connection is back."));
