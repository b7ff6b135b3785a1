// What axe does not look at: the size of what a finger has to hit, words that are cut off, bars that lie over the focus.

(() => {
  const CONTROLS =
    "a[href], button, summary, select, textarea, input:not([type=hidden]), [role=button], [role=link], [role=switch], [role=checkbox]";
  const LEAST_PX = 44;
  const LEAST_LINE_PX = 24;
  const ROUNDING_PX = 0.5;

  const isVisible = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) && width > 1 && height > 1;
  };

  const named = (element) => {
    const words = (element.getAttribute("aria-label") ?? element.labels?.[0]?.innerText ?? element.innerText ?? "").trim().replaceAll(/\s+/g, " ");
    return `${element.localName}${element.className && `.${String(element.className).trim().replaceAll(/\s+/g, ".")}`} “${words.slice(0, 40)}”`;
  };

  /** A box with its label: a press on either of them does the same. */
  function target(control) {
    const boxes = [control, ...(control.matches("[type=checkbox], [type=radio]") ? control.labels : [])].map((each) =>
      each.getBoundingClientRect(),
    );
    const width = Math.max(...boxes.map((box) => box.right)) - Math.min(...boxes.map((box) => box.left));
    const height = Math.max(...boxes.map((box) => box.bottom)) - Math.min(...boxes.map((box) => box.top));
    return { width, height };
  }

  /** A link inside of a sentence: text of its own paragraph stands beside it on the line. */
  function isInSentence(control) {
    if (!control.matches("a") || getComputedStyle(control).display !== "inline") return false;
    return [...control.parentElement.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  }

  function tooSmall(control) {
    if (isInSentence(control)) {
      const line = Number.parseFloat(getComputedStyle(control).lineHeight);
      return line + ROUNDING_PX < LEAST_LINE_PX && `a line of ${line}`;
    }
    const { width, height } = target(control);
    return Math.min(width, height) + ROUNDING_PX < LEAST_PX && `${Math.round(width)}×${Math.round(height)}`;
  }

  /** Whatever somebody taps is 44 px wide and high; a link in a sentence stands in a line of 24 px. */
  function smallTargets() {
    return [...document.querySelectorAll(CONTROLS)]
      .filter((control) => isVisible(control) && !control.matches(".skip-link:not(:focus)"))
      .map((control) => [control, tooSmall(control)])
      .filter(([, size]) => size)
      .map(([control, size]) => `${named(control)} is ${size}`);
  }

  /** A line that ends in dots is no loss where the whole of it stands somewhere else on the page. */
  function standsElsewhere(element) {
    if (getComputedStyle(element).textOverflow !== "ellipsis") return false;
    const words = element.textContent.trim();
    return [...document.body.getElementsByTagName(element.localName)].some((each) => each !== element && each.textContent.trim() === words);
  }

  /** Words that do not fit into a box which hides what sticks out. What only screen readers get is meant to be hidden. */
  function cutWords() {
    return [...document.querySelectorAll("body *")]
      .filter((element) => {
        const style = getComputedStyle(element);
        if (style.clipPath !== "none" || element.matches("textarea, input, svg, svg *") || !isVisible(element)) return false;
        const hides = (axis) => style[`overflow${axis}`] === "hidden" || style[`overflow${axis}`] === "clip";
        return (
          (hides("X") && element.scrollWidth > element.clientWidth + 1) || (hides("Y") && element.scrollHeight > element.clientHeight + 1)
        );
      })
      .filter((element) => element.innerText?.trim() && !standsElsewhere(element))
      .map((element) => `${named(element)} is cut off`);
  }

  const sideways = () => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [`scrolls sideways by ${scrollWidth - clientWidth} px`] : [];
  };

  const opensOver = (fold) => getComputedStyle(fold.lastElementChild).position === "absolute";

  /** Open all that is folded, but what opens over the page. Tells how much that was. */
  const unfold = () => {
    const folds = [...document.querySelectorAll("details:not([open])")].filter((fold) => !opensOver(fold));
    const openers = [...document.querySelectorAll("button[aria-expanded=false]")];
    for (const fold of folds) fold.open = true;
    for (const opener of openers) opener.click();
    return folds.length + openers.length;
  };

  /** One first heading, and it names the page. */
  const headings = () => {
    const first = [...document.querySelectorAll("h1")];
    const wrong = first.length === 1 ? [] : [`has ${first.length} headings of the first level`];
    return document.title.trim() ? wrong : [...wrong, "has no title"];
  };

  const LOOKS = ["fontWeight", "fontStyle", "borderTopWidth", "borderTopStyle", "outlineWidth", "outlineStyle", "textDecorationLine", "opacity"];
  const look = (element) =>
    JSON.stringify([
      LOOKS.map((name) => getComputedStyle(element)[name]),
      ["::before", "::after"].map((part) => [getComputedStyle(element, part).content, getComputedStyle(element, part).boxShadow !== "none"]),
      element.querySelectorAll("svg").length,
    ]);
  const STATES = [
    ["[aria-pressed=true]", "[aria-pressed=false]"],
    ["li[aria-current] .phase-title", "li:not([aria-current]) .phase-title"],
    [".face.is-here", ".face:not(.is-here)"],
    [".scale-step:has(:checked)", ".scale-step:not(:has(:checked))"],
  ];

  /** What is chosen, current or here must differ from what is not by more than colour: high contrast takes all colour away. */
  function colourAlone() {
    return STATES.flatMap(([on, off]) =>
      [...document.querySelectorAll(on)]
        .filter(isVisible)
        .filter((chosen) =>
          [...document.querySelectorAll(off)].some((other) => isVisible(other) && other.className.split(" ")[0] === chosen.className.split(" ")[0] && look(other) === look(chosen)),
        )
        .map((chosen) => `${named(chosen)} differs by its colour alone`),
    );
  }

  /** In high contrast, with all grounds gone, a control still has an edge or an underline. */
  function edgeless() {
    return [...document.querySelectorAll("button:not(.is-quiet), a.button:not(.is-quiet), input:not([type=hidden], [type=radio]), textarea, select")]
      .filter((control) => isVisible(control) && getComputedStyle(control).borderTopStyle === "none" && getComputedStyle(control).appearance === "none")
      .map((control) => `${named(control)} has no edge`);
  }

  /**
   * What is wrong with the element that has the focus: nobody sees where it is, or something lies over it. `last` is true on the
   * page itself: the round is over.
   */
  function focused() {
    const element = document.activeElement;
    if (!element || element === document.body) return { last: true };
    const shown = element.matches(".scale-step input") ? element.closest("label") : element;
    const box = shown.getBoundingClientRect();
    const style = getComputedStyle(shown);
    const wrong = [];
    if (!(style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2)) wrong.push(`${named(shown)} has the focus, unseen`);
    const over = covering(shown, box);
    if (over) wrong.push(`${named(shown)} has the focus under ${over}`);
    return { last: false, name: named(element), wrong };
  }

  /** What lies over it, or the edge of the screen, at one of nine points. A toast passes: it may hide a part. */
  function covering(element, box) {
    const inside = [0.15, 0.5, 0.85];
    const tops = inside.flatMap((x) =>
      inside.map((y) => document.elementFromPoint(box.left + x * box.width, box.top + y * box.height)),
    );
    const own = (top) => top && (element.contains(top) || top.contains(element) || element.labels?.[0]?.contains(top));
    const others = tops.filter((top) => !own(top));
    if (others.length < tops.length && others.every((top) => top?.closest(".toast"))) return null;
    return others.length ? named(others.find(Boolean) ?? document.documentElement) + ` (${others.length}/9)` : null;
  }

  window.reach = { smallTargets, cutWords, sideways, unfold, headings, colourAlone, edgeless, focused };
})();
