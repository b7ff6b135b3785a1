// Where the keyboard is: what comes and goes around somebody neither takes the focus from them nor loses it.

/** What had the focus last, and the heading of that time; a new heading is a new step. */
let last = null;
let heading = null;

const GROUPS = "li, section, form, fieldset, details, aside, [tabindex='-1']";

/** Watch over everything in `place`. */
export function keepFocus(place) {
  document.addEventListener("focusin", ({ target }) => ([last, heading] = [target, title()]));
  document.addEventListener("focusout", () => queueMicrotask(forget));
  new MutationObserver(goOn).observe(place, { childList: true, subtree: true });
}

/** Somebody left it of their own accord, and is nowhere now. */
function forget() {
  if (last?.isConnected && isNowhere()) last = null;
}

/** What had the focus was taken away: go on in the same field, at the new step's name, or beside where it was. */
function goOn(changes) {
  if (!last || last.isConnected || !isNowhere()) return;
  if (goOnTyping(last)) return;
  const next = title() === heading ? near(changes) : title();
  if (!next) return;
  if (!next.hasAttribute("tabindex")) next.tabIndex = -1;
  next.focus({ preventScroll: true });
}

const isNowhere = () => document.activeElement === document.body;

const title = () => document.querySelector("main h1");

/** The field of the same draft stands elsewhere now: in with the caret where it was. */
function goOnTyping(before) {
  const { selectionStart, selectionEnd } = before;
  const field = [...document.querySelectorAll("[data-draft]")].find(({ dataset }) => dataset.draft === before.dataset.draft);
  if (!field?.checkVisibility()) return false;
  field.focus();
  if (typeof selectionStart === "number") field.setSelectionRange(selectionStart, selectionEnd);
  return true;
}

/** The next one in the list, or the one before, or what both were in. It is no button: a second Enter must do nothing. */
function near(changes) {
  const change = changes.find(({ target, removedNodes }) => target.isConnected && [...removedNodes].some((node) => node.contains(last)));
  if (!change) return null;
  const beside = [change.nextSibling, change.previousSibling].find(
    (node) => node instanceof Element && node.isConnected && node.matches(GROUPS) && node.checkVisibility(),
  );
  return beside ?? change.target.closest(GROUPS);
}
