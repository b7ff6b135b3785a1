// The people of a deal in words: how much say they have, and where they stand in the buying journey.

import { _ } from "room/i18n.js";

export const STAGES = [
  ["not_aware", () => _("Not aware")],
  ["interested", () => _("Interested")],
  ["decided", () => _("Decided to change")],
  ["choosing", () => _("Choosing")],
  ["negotiating", () => _("Negotiating")],
];

export const INFLUENCE = [
  ["high", () => _("High influence")],
  ["medium", () => _("Some influence")],
  ["low", () => _("Little influence")],
];

/** Somebody of the map in one line; "" for a row in which nobody is named. */
export function personInWords({ name = "", role = "", influence = "", stage = "" }) {
  const who = [name.trim(), role.trim()].filter(Boolean);
  if (!who.length) return "";
  return [...who, titleOf(INFLUENCE, influence), titleOf(STAGES, stage)].filter(Boolean).join(", ");
}

const titleOf = (options, name) => options.find(([each]) => each === name)?.[1]();
