import { page } from "room/page.js";

const messages = page.messages ?? {};
const plural = new Intl.PluralRules(page.locale);

/** The sentence in the reader's language, with %(name)s replaced from `values`. */
export function _(sentence, values = {}) {
  return fill(messages[sentence] ?? sentence, values);
}

/** `_` for a number of things: `one` when the language says so for `values.count`, otherwise `many`. */
export function ngettext(one, many, values) {
  return _(plural.select(values.count) === "one" ? one : many, values);
}

/** Several names as the language lists them: "Cara, Carl and Otto". */
export function list(words) {
  return new Intl.ListFormat(page.locale, { type: "conjunction" }).format(words);
}

function fill(sentence, values) {
  return sentence.replace(/%\((\w+)\)s/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
