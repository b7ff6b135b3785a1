// While a session is planned: what colleagues learned before about the theme that is typed.

const field = document.getElementById("theme");
const section = document.getElementById("earlier");
let wanted = "";

field.addEventListener("change", look);
look();

async function look() {
  const theme = field.value.trim();
  if (theme === wanted) return;
  wanted = theme;
  const lessons = theme ? await find(theme) : [];
  if (theme !== wanted) return; // typed on meanwhile
  section.querySelector("ul").replaceChildren(...lessons.map(entry));
  section.hidden = !lessons.length;
}

async function find(theme) {
  try {
    const answer = await fetch(`${section.dataset.address}?theme=${encodeURIComponent(theme)}`);
    return answer.ok && !answer.redirected ? await answer.json() : [];
  } catch {
    return []; // without a connection the form goes on without them
  }
}

function entry({ text, situation, name }) {
  const item = element("li", "entry lesson");
  if (situation) item.append(element("p", "lesson-situation", situation));
  item.append(element("p", "entry-text", text));
  if (name) item.append(element("p", "entry-meta", name));
  return item;
}

function element(tag, className, words = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = words;
  made.dir = "auto";
  return made;
}
