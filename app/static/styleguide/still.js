// Views read the state of one room. A still is what a view draws in one state of it: its own markup, without the view.

import { render } from "preact";
import { enter } from "styleguide/state.js";

const LANDMARKS = ":is(section, nav, aside, form):is([aria-label], [aria-labelledby])";
const REFERENCES = ["id", "for", "aria-labelledby", "aria-describedby", "aria-controls"];

let count = 0;

/**
 * The nodes that `view` draws in `state` (see state.js). `title` tells this state from the others by name too; `touch` does to the
 * nodes what a person would, such as opening a fold.
 */
export function still(title, state, view, touch = () => {}) {
  enter(state);
  const host = document.createElement("div");
  document.body.append(host); // a dialog opens in a page only
  render(view, host);
  const copy = host.cloneNode(true);
  render(null, host);
  host.remove();
  count += 1;
  for (const landmark of copy.querySelectorAll(LANDMARKS)) name(landmark, title, copy);
  for (const element of copy.querySelectorAll("*")) settle(element, `still-${count}-`);
  touch(copy);
  return [...copy.childNodes];
}

/** Many stills stand in one page: their landmarks must have names of their own. */
function name(landmark, title, copy) {
  const heading = copy.querySelector(`[id="${landmark.getAttribute("aria-labelledby")}"]`);
  landmark.ariaLabel = `${landmark.ariaLabel ?? heading.textContent.trim()} (${title})`;
  landmark.removeAttribute("aria-labelledby");
}

/** And so must ids and groups of radio buttons. */
function settle(element, prefix) {
  for (const reference of REFERENCES) {
    if (!element.hasAttribute(reference)) continue;
    const ids = element.getAttribute(reference).split(/\s+/);
    element.setAttribute(reference, ids.map((id) => prefix + id).join(" "));
  }
  if (element.type === "radio") element.name = prefix + element.name;
  if (element.matches("dialog")) element.setAttribute("open", ""); // in its place, not over the page
  element.removeAttribute("autofocus");
}
