// The planning form counts along: a length that suits the group, the bar of the whole session, and where time falls short.
// The same sums are made on the server (app/sessions/minutes.py), from the same tables.

const tables = JSON.parse(document.getElementById("plan-tables").textContent);
const form = document.getElementById("plan");
const part = (id) => document.getElementById(id);
const field = (name) => form.elements.namedItem(name); // not form.elements[name]: "length" is a property of its own
const slots = [...document.querySelectorAll("[data-slot]")].map((input) => input.dataset.slot);
const slotField = (slot) => field(`minutes_${slot}`);

let lengthChosen = !("new" in form.dataset);

if ("new" in form.dataset && !field("date").value) startFromThisDevice();
form.addEventListener("input", update);
part("usual").addEventListener("click", () => takeUsual());
part("longer").addEventListener("click", () => takeLength(longEnough()));
show();

function update(event) {
  if (event.target.name === "length") {
    lengthChosen = true;
    setUsual();
  } else if (event.target.name === "expected" && !lengthChosen && people()) {
    field("length").value = String(suggested());
    setUsual();
  }
  show();
}

function takeUsual() {
  setUsual();
  show();
}

function takeLength(length) {
  lengthChosen = true;
  field("length").value = String(length);
  takeUsual();
  document.querySelector("input[name=length]:checked").focus();
}

function setUsual() {
  for (const slot of slots) slotField(slot).value = usual()[slot];
}

function show() {
  const short = people() ? shortages(minutesNow(), people()) : [];
  const total = slots.reduce((sum, slot) => sum + minutesNow()[slot], 0);
  part("total").textContent = say("total", { total });
  showBar(total, short);
  showSuggestion();
  for (const warning of document.querySelectorAll("[data-warning]")) {
    const found = short.find((shortage) => shortage.slot === warning.dataset.warning);
    warning.hidden = !found;
    warning.textContent = found ? say("short", found) : "";
  }
  showFit(total, short);
  part("usual").hidden = slots.every((slot) => minutesNow()[slot] === usual()[slot]);
}

function showBar(total, short) {
  document.querySelector(".bar").setAttribute("viewBox", `0 0 ${total || 1} 10`);
  let x = 0;
  for (const slot of slots) {
    const rect = document.querySelector(`[data-bar="${slot}"]`);
    rect.setAttribute("x", x);
    rect.setAttribute("width", minutesNow()[slot]);
    rect.classList.toggle("is-short", short.some((shortage) => shortage.slot === slot));
    x += minutesNow()[slot];
  }
}

function showSuggestion() {
  const line = part("suggestion");
  line.hidden = !people() || suggested() === length();
  line.textContent = line.hidden ? "" : say("suggestion", { people: people(), length: suggested() });
}

function showFit(total, short) {
  const off = total !== length();
  const words = short.length ? say("tight", {}) : off ? say("sum", { total, length: length() }) : "";
  if (part("fit-words").textContent !== words) part("fit-words").textContent = words; // once, for screen readers
  part("fit").hidden = !words;
  const longer = short.length ? longEnough() : null;
  part("longer").hidden = !longer;
  if (longer) part("longer").textContent = say("longer", { length: longer });
}

// --- The sums ---

function people() {
  const count = Number(field("expected").value);
  return Number.isInteger(count) && count >= 3 && count <= 12 ? count : null;
}

function length() {
  return Number(field("length").value);
}

function usual() {
  return tables.minutes[length()] ?? tables.minutes["60"];
}

function minutesNow() {
  return Object.fromEntries(slots.map((slot) => [slot, Math.max(0, Math.round(Number(slotField(slot).value) || 0))]));
}

function suggested() {
  return tables.suggested.find(([most]) => people() <= most)[1];
}

function shortages(minutes, count) {
  return Object.entries(tables.seconds_each)
    .map(([slot, seconds]) => ({ slot, people: speakers(slot, count), seconds }))
    .filter((it) => minutes[it.slot] * 60 < it.people * it.seconds)
    .map((it) => ({ ...it, needed: Math.ceil((it.people * it.seconds) / 60) }));
}

function speakers(slot, count) {
  if (tables.for_everybody.includes(slot)) return count;
  return count <= tables.small_group ? count - 1 : count - 2;
}

function longEnough() {
  const longer = Object.keys(tables.minutes).map(Number).filter((minutes) => minutes > length());
  return longer.find((minutes) => !shortages(tables.minutes[minutes], people()).length) ?? null;
}

function say(name, values) {
  return tables.texts[name].replace(/%\((\w+)\)s/g, (_all, key) => values[key]);
}

// --- A new plan starts from this device's time zone, at the next full hour ---

function startFromThisDevice() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const known = [...field("timezone").options].some((option) => option.value === zone);
  if (known) field("timezone").value = zone;
  else if (zone !== "UTC") return;
  const start = new Date(Date.now() + 3600_000);
  const two = (number) => String(number).padStart(2, "0");
  field("date").value = `${start.getFullYear()}-${two(start.getMonth() + 1)}-${two(start.getDate())}`;
  field("time").value = `${two(start.getHours())}:00`;
}
