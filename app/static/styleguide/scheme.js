// Light or dark, whatever the system says: by the very media rules of the style sheets, so that there is no second palette.

import { signal } from "@preact/signals";

export const SCHEMES = [
  ["system", "As the system"],
  ["light", "Light"],
  ["dark", "Dark"],
];

const MEDIA = { system: "(prefers-color-scheme: dark)", light: "not all", dark: "all" };

/** "system" | "light" | "dark" */
export const scheme = signal("system");

const rules = [...document.styleSheets]
  .flatMap((sheet) => [...sheet.cssRules])
  .filter((rule) => rule instanceof CSSMediaRule && rule.media.mediaText === MEDIA.system);

export function show(name) {
  scheme.value = name;
  apply(name);
}

/** What `read` finds in each of the two, without the page showing it: {light, dark}. */
export function inBoth(read) {
  const root = document.documentElement;
  root.classList.add("is-measured"); // without transitions: halfway there is no colour of ours
  const found = {};
  for (const name of ["light", "dark"]) {
    apply(name);
    found[name] = read();
  }
  apply(scheme.peek());
  root.classList.remove("is-measured");
  return found;
}

function apply(name) {
  for (const rule of rules) rule.media.mediaText = MEDIA[name];
  document.documentElement.style.colorScheme = name === "system" ? "" : name;
}
