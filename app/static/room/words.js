// A text as the server keeps it (app/sessions/words.py): what a paste brings along unseen would never count as saved.

const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]|\p{Surrogate}/gu;
const INVISIBLE = /[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0]/g;
const AROUND = /^[^\S\ufeff]+|[^\S\ufeff]+$/g;

/** Composed, without control characters, trimmed; "" if nothing visible is left. */
export function cleaned(text) {
  const clean = text.replace(/\r\n?/g, "\n").replace(CONTROL, "").normalize().replace(AROUND, "");
  return clean.replace(INVISIBLE, "").replace(AROUND, "") ? clean : "";
}
