// The replay of a session: one slider through its moments. What stands on the board at each of them the server has said;
// here it is only shown and hidden. Without this script the page shows everything, one phase after the other.

const moments = JSON.parse(document.getElementById("replay-data").textContent);
const part = (id) => document.getElementById(`replay-${id}`);
const slider = part("at");
const boards = [...document.querySelectorAll("[data-steps]")].map((element) => ({
  element,
  steps: element.dataset.steps.split(" "),
  entries: [...element.querySelectorAll("[data-moment]")].map((entry) => ({
    element: entry,
    moment: Number(entry.dataset.moment),
    since: Number(entry.dataset.since),
  })),
}));
const phases = [...document.querySelectorAll("[data-phase]")];
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
let playing = null;

part("controls").hidden = part("step").hidden = false;
for (const chip of phases) chip.disabled = firstOf(chip) < 0;
slider.addEventListener("input", () => {
  stop();
  show();
});
slider.addEventListener("keydown", (event) => {
  if (event.key !== " ") return;
  event.preventDefault();
  toggle();
});
part("play").addEventListener("click", toggle);
part("back").addEventListener("click", () => go(now() - 1));
part("next").addEventListener("click", () => go(now() + 1));
for (const chip of phases) chip.addEventListener("click", () => go(firstOf(chip)));
show();

function now() {
  return Number(slider.value);
}

function firstOf(chip) {
  return moments.findIndex(({ phase }) => phase === Number(chip.dataset.phase));
}

function go(moment) {
  stop();
  slider.value = String(moment); // the browser keeps it within the slider's ends
  show();
}

function toggle() {
  if (playing !== null) return stop();
  if (now() === moments.length - 1) slider.value = "0";
  show();
  wait();
}

function wait() {
  playing = setTimeout(() => {
    slider.value = String(now() + 1);
    show();
    if (now() === moments.length - 1) stop();
    else wait();
  }, moments[now()].ms);
  showPlaying();
}

function stop() {
  clearTimeout(playing);
  playing = null;
  showPlaying();
}

function showPlaying() {
  const button = part("play");
  const on = playing !== null;
  button.setAttribute("aria-label", on ? button.dataset.pause : button.dataset.play);
  button.querySelector("[data-when=playing]").hidden = !on;
  button.querySelector("[data-when=paused]").hidden = on;
}

function show() {
  const at = moments[now()];
  const fresh = [];
  let shown = 0;
  for (const { element, steps, entries } of boards) {
    element.hidden = !steps.includes(at.step) || !entries.map((entry) => showEntry(entry, at, fresh)).some(Boolean);
    shown += element.hidden ? 0 : 1;
  }
  part("nothing").hidden = shown > 0;
  part("stage").classList.toggle("has-one", shown === 1);
  showStep(at);
  showFresh(fresh.filter((element) => element.checkVisibility()));
}

function showEntry({ element, moment, since }, at, fresh) {
  const here = moment <= now() && since <= at.position;
  const isNew = here && moment === now();
  element.hidden = !here;
  element.classList.toggle("is-new", isNew);
  if (isNew) fresh.push(element);
  return here;
}

function showStep(at) {
  const step = part("step");
  const badge = step.querySelector("[data-part=phase]");
  badge.hidden = !at.phase;
  badge.textContent = at.phase ?? "";
  step.querySelector("[data-part=title]").textContent = at.title;
  step.querySelector("[data-part=clock]").textContent = at.clock;
  for (const chip of phases) chip.setAttribute("aria-pressed", String(Number(chip.dataset.phase) === at.phase));
  const values = { clock: at.clock, title: at.title, number: now() + 1, count: moments.length };
  slider.setAttribute("aria-valuetext", slider.dataset.words.replace(/%\((\w+)\)s/g, (_whole, name) => values[name]));
  part("back").disabled = now() === 0;
  part("next").disabled = now() === moments.length - 1;
}

/** While it plays, what is new is brought into sight, and said. */
function showFresh(fresh) {
  if (!fresh.length || playing === null) return;
  fresh[0].scrollIntoView({ block: "nearest", behavior: calm.matches ? "auto" : "smooth" });
  part("status").textContent = fresh.map((element) => element.innerText).join(". ");
}
