// The contrast of every pair of colours that is used on this page, by the computed styles of what is on it.

import { signal } from "@preact/signals";
import { inBoth } from "styleguide/scheme.js";

const MOST_TRANSPARENT = 0.01;

/** [{over, under, sort: "text" | "edge", least, light, dark}]: two colours by name, and their contrast in both schemes. */
export const pairs = signal([]);

/** The contrast that WCAG 2.2 asks for: of text (1.4.3), and of what tells a control from what is around it (1.4.11). */
export const LEAST = { text: 4.5, edge: 3 };

let names = [];

export function nameColours(tokens) {
  names = tokens;
}

export function measure() {
  const places = [...texts(), ...edges()];
  const { light, dark } = inBoth(() => ({ colours: resolve(), found: places.map(look) }));
  const named = (index, which) => name(light.found[index][which], dark.found[index][which], light.colours, dark.colours);
  const found = new Map();
  places.forEach(({ sort }, index) => {
    const [over, under] = [named(index, "over"), named(index, "under")];
    const ratios = { light: ratio(light.found[index]), dark: ratio(dark.found[index]) };
    const known = found.get(`${sort} ${over} ${under}`) ?? { sort, over, under, least: LEAST[sort], light: Infinity, dark: Infinity };
    known.light = Math.min(known.light, ratios.light);
    known.dark = Math.min(known.dark, ratios.dark);
    found.set(`${sort} ${over} ${under}`, known);
  });
  pairs.value = [...found.values()].filter(({ over, under }) => over !== under);
}

/** Everything with words of its own that can be seen; fields show theirs too. */
function texts() {
  const walker = document.createTreeWalker(document.getElementById("guide"), NodeFilter.SHOW_TEXT);
  const found = new Set(document.querySelectorAll(".sample :is(input[type=text], textarea, select)"));
  while (walker.nextNode()) if (walker.currentNode.data.trim()) found.add(walker.currentNode.parentElement);
  return [...found].filter(isSeen).map((element) => ({ element, sort: "text" }));
}

/** The edge is what makes these visible as something to use; what is switched off need not be (1.4.11). */
function edges() {
  const controls = document.querySelectorAll(".sample :is(input:not([type=radio], [type=checkbox]), textarea, select, .button, .chip):enabled");
  return [...controls]
    .filter((element) => isSeen(element) && alpha(getComputedStyle(element).borderTopColor) > MOST_TRANSPARENT)
    .map((element) => ({ element, sort: "edge" }));
}

function isSeen(element) {
  return element.checkVisibility() && !element.closest(".visually-hidden, option, svg") && getComputedStyle(element).clipPath === "none";
}

function look({ element, sort }) {
  const style = getComputedStyle(element);
  if (sort === "text") return { over: parse(style.color), under: ground(element) };
  return { over: parse(style.borderTopColor), under: ground(element.parentElement) };
}

/** The colour behind an element: its own and those of its ancestors, one over the other. */
function ground(element) {
  const layers = [];
  for (let each = element; each; each = each.parentElement) {
    const layer = parse(getComputedStyle(each).backgroundColor);
    if (layer[3] > 0) layers.push(layer);
    if (layer[3] === 1) break;
  }
  return layers.reverse().reduce(([...under], over) => under.map((part, index) => (index === 3 ? 1 : over[index] * over[3] + part * (1 - over[3]))));
}

/** [red, green, blue, alpha], each from 0 to 1, of "rgb(…)", "rgba(…)" or "color(srgb …)". */
function parse(colour) {
  const [red, green, blue, opacity = 1] = colour.match(/[\d.]+(e-\d+)?/g).map(Number);
  const most = colour.startsWith("rgb") ? 255 : 1;
  return [red / most, green / most, blue / most, opacity];
}

const alpha = (colour) => parse(colour)[3];

/** The value of every colour token now. */
function resolve() {
  const probe = document.createElement("span");
  document.body.append(probe);
  const found = names.map((token) => {
    probe.style.color = `var(${token})`;
    return parse(getComputedStyle(probe).color);
  });
  probe.remove();
  return found;
}

/** The token that has these values in both schemes; what is mixed of several has none. */
function name(light, dark, inLight, inDark) {
  const index = names.findIndex((_token, each) => isSame(light, inLight[each]) && isSame(dark, inDark[each]));
  return index < 0 ? "a mix" : names[index];
}

const isSame = (one, other) => one.every((part, index) => Math.abs(part - other[index]) < 0.002);

/** WCAG 2.2, "contrast ratio" and "relative luminance". */
function ratio({ over, under }) {
  const [dark, light] = [luminance(over), luminance(under)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour) {
  const [red, green, blue] = colour.slice(0, 3).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
