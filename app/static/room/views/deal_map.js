// The people who decide, each at their own place in the buying journey. The map is a list of lists, so it reads as text too.

import { html } from "htm/preact";
import { useRef } from "preact/hooks";
import { INFLUENCE, STAGES } from "room/deal.js";
import { _ } from "room/i18n.js";
import { session } from "room/store.js";
import { Field } from "room/views/field.js";

const MOST_PEOPLE = 10;

export function DealMap({ people }) {
  if (!people.length) return null;
  const at = (stage) => people.filter((person) => (person.stage || "") === stage);
  return html`<figure class="deal-map">
    <figcaption>${_("The people involved, and where each of them stands")}</figcaption>
    <ol class="deal-stages">
      ${STAGES.map(([stage, title]) => html`<${Stage} key=${stage} title=${title()} people=${at(stage)} />`)}
    </ol>
    ${at("").length > 0 && html`<ul class="deal-stages"><${Stage} title=${_("Not known yet")} people=${at("")} unknown /></ul>`}
  </figure>`;
}

function Stage({ title, people, unknown = false }) {
  return html`<li class=${`deal-stage ${people.length ? "" : "is-empty"} ${unknown ? "is-unknown" : ""}`}>
    <p class="deal-stage-title">${title}</p>
    ${people.length > 0
      ? html`<ul class="deal-people">
          ${people.map((person, index) => html`<${Person} key=${index} person=${person} />`)}
        </ul>`
      : html`<p class="visually-hidden">${_("Nobody here.")}</p>`}
  </li>`;
}

function Person({ person }) {
  const influence = INFLUENCE.find(([name]) => name === person.influence);
  return html`<li class=${`deal-person is-${person.influence || "unknown"}`}>
    <span class="deal-dot" aria-hidden="true"></span>
    <span class="deal-words" lang=${session.value.language}>
      <bdi class="deal-name">${person.name || person.role}</bdi>
      ${person.name && person.role && html`<bdi class="deal-role">${person.role}</bdi>`}
    </span>
    ${influence && html`<span class="deal-influence">${influence[1]()}</span>`}
  </li>`;
}

/** The owner's fields for these people: up to ten rows. */
export function PeopleFields({ form, onInput }) {
  const adder = useRef(null);
  const people = form.values.people;
  const change = (list) => {
    form.set("people", list);
    onInput();
  };
  const remove = (index) => {
    change(people.filter((_person, each) => each !== index));
    adder.current?.focus();
  };
  return html`<fieldset class="deal-fields stack">
    <legend class="label">${_("People involved")}</legend>
    <p class="field-hint">${_("Everybody who has a say. Each stands at their own place; the customer as a whole has none.")}</p>
    ${people.map(
      (person, index) => html`<${PersonFields}
        key=${index}
        person=${person}
        number=${index + 1}
        onChange=${(changed) => change(people.map((each, place) => (place === index ? changed : each)))}
        onRemove=${() => remove(index)}
      />`,
    )}
    <div>
      <button
        ref=${adder}
        type="button"
        class="button is-small"
        disabled=${people.length >= MOST_PEOPLE}
        onClick=${() => change([...people, { name: "", role: "", influence: "", stage: "" }])}
      >
        ${_("Add a person")}
      </button>
    </div>
  </fieldset>`;
}

function PersonFields({ person, number, onChange, onRemove }) {
  const row = { values: person, set: (name, value) => onChange({ ...person, [name]: value }) };
  const values = { number };
  return html`<div class="deal-row" role="group" aria-label=${_("Person %(number)s", values)}>
    <${Field} form=${row} name="name" label=${_("Name")} />
    <${Field} form=${row} name="role" label=${_("Role")} />
    <${Select} label=${_("Influence")} options=${INFLUENCE} value=${person.influence} onChoose=${(value) => row.set("influence", value)} />
    <${Select} label=${_("Place in the journey")} options=${STAGES} value=${person.stage} onChoose=${(value) => row.set("stage", value)} />
    <button type="button" class="button is-quiet is-small" aria-label=${_("Remove person %(number)s", values)} onClick=${onRemove}>${_("Remove")}</button>
  </div>`;
}

function Select({ label, options, value, onChoose }) {
  return html`<label class="field deal-select">
    <span class="label">${label}</span>
    <select value=${value} onChange=${(event) => onChoose(event.currentTarget.value)}>
      <option value="">${_("Not known")}</option>
      ${options.map(([name, title]) => html`<option key=${name} value=${name}>${title()}</option>`)}
    </select>
  </label>`;
}
