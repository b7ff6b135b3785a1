// The owner's form: the case in their own words, with optional prompts for the deal. It saves itself when the typing pauses.

import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { _ } from "room/i18n.js";
import { can, connection, itemsOf, session } from "room/store.js";
import { PeopleFields } from "room/views/deal_map.js";
import { Field, Status, isUnderWay, trimmed, useForm, useSending } from "room/views/field.js";

const PAUSE_MS = 2500;
export const MOST_ISSUE = 300;
const EMPTY = {
  issue: "", situation: "", tried: "", stakes: "", customer: "", offer: "", size: "", key_date: "", decide: "", nothing: "", people: [],
};

export function StatementForm() {
  const statement = itemsOf("statement").find(({ mine }) => mine);
  const saved = statement ? { ...EMPTY, ...statement.data, issue: statement.text } : EMPTY;
  const form = useForm("statement", saved);
  const sending = useSending(form);
  // What the moderator has noted for them is replaced by other words, and not emptied.
  const emptied = Boolean(statement?.noted) && !trimmed(form.values).issue;
  const save = (event) => {
    event?.preventDefault();
    if (emptied) form.set("issue", statement.text);
    const values = emptied ? { ...form.values, issue: statement.text } : form.values;
    if (form.changed || event) sending.go("statement", complete(values), { empties: false });
  };
  useAutosave(form, sending, save, emptied);
  if (!can.value.statement) return null;

  const shown = session.value.step === "statement";
  const field = { form, lines: 3, heard: shown, onSend: save, onInput: sending.touch };
  return html`<form class="statement-form stack" onSubmit=${save} novalidate aria-label=${_("Your statement")}>
    <p class="hint">
      ${shown
        ? _("Write as much or as little as you like; telling it is enough. The others see what you write each time you pause.")
        : _("Only you see this until the session reaches the issue statement. Write as much or as little as you like.")}
    </p>
    <${Field} ...${field} name="situation" label=${_("The situation is…")} />
    <${Field} ...${field} name="tried" label=${_("I have tried…")} />
    <${Field} ...${field} name="stakes" lines=${2} label=${_("It matters because…")} hint=${_("What is at stake, for them and for you.")} />
    <${Field} ...${field} name="issue" lines=${2} longest=${MOST_ISSUE} label=${_("The issue in one sentence")} hint=${_("What is stuck?")} />
    <${DealPrompts} form=${form} field=${field} />
    <div class="composer-foot">
      <${SavedState} form=${form} sending=${sending} saved=${Boolean(statement)} />
      <button type="submit" class="button is-primary">${shown ? _("Show it now") : _("Save")}</button>
    </div>
  </form>`;
}

/** Save when the typing has paused, one at a time, and only over a live line; otherwise the draft in the tab holds it. */
function useAutosave(form, sending, save, waits) {
  const text = JSON.stringify(form.values);
  const busy = isUnderWay(sending.state.value);
  const refused = Boolean(sending.state.value?.message);
  useEffect(() => {
    if (!form.changed || busy || refused || waits || connection.value !== "live") return undefined;
    const timer = setTimeout(save, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, busy, refused, waits, form.changed, connection.value]);
}

function SavedState({ form, sending, saved }) {
  const quiet = form.changed ? _("Not saved yet.") : saved ? _("Saved.") : _("Nothing written yet.");
  if (form.changed && sending.state.value === "saved") return html`<p class="status" role="status">${quiet}</p>`;
  return html`<${Status} state=${sending.state}>${quiet}<//>`;
}

function complete(values) {
  const people = values.people.map(({ name = "", role = "", influence = "", stage = "" }) => ({ name: name.trim(), role: role.trim(), influence, stage }));
  return { ...trimmed(values), people: people.filter(({ name, role }) => name || role) };
}

function DealPrompts({ form, field }) {
  const short = { ...field, lines: 1 };
  return html`<details class="fold prompts">
    <summary>${_("About the deal (optional)")}</summary>
    <div class="stack">
      <div class="field-grid">
        <${Field} ...${short} name="customer" label=${_("Customer, under another name")} hint=${_("A made-up name protects them.")} />
        <${Field} ...${short} name="offer" label=${_("What is offered")} hint=${_("In a few words.")} />
        <${Field} ...${short} name="size" label=${_("Size")} hint=${_("Roughly; in money, users or sites.")} />
        <${Field} ...${short} name="key_date" label=${_("The date that matters")} hint=${_("To them. Has it moved before?")} />
      </div>
      <${PeopleFields} form=${form} onInput=${field.onInput} />
      <${Field} ...${field} name="decide" lines=${2} label=${_("How they will decide this time")} hint=${_("Every decision goes its own way. Who agrees, who can stop it, in what order?")} />
      <${Field} ...${field} name="nothing" lines=${2} label=${_("If they do nothing")} hint=${_("What happens then? Often the strongest rival is leaving things as they are.")} />
    </div>
  </details>`;
}
