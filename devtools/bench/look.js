// What can be read off a page as it stands: sizes of targets, colours of texts and of edges, the number of elements.
() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const known = new Map();

  /** [red, green, blue, alpha] of any colour that CSS can write. */
  function rgba(colour) {
    if (!known.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      known.set(colour, [...canvas.getImageData(0, 0, 1, 1).data]);
    }
    return known.get(colour);
  }

  const up = function* (element) {
    for (let at = element; at; at = at.parentElement) yield at;
  };

  /** The backgrounds behind an element, its own first, down to an opaque one. */
  function layers(element) {
    const found = [];
    for (const at of up(element)) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0) found.push(colour);
      if (colour[3] === 255) break;
    }
    return found;
  }

  const opacity = (element) => [...up(element)].reduce((product, at) => product * getComputedStyle(at).opacity, 1);

  /** Inside the part of the page that anybody can see, now or by scrolling. */
  function visible(element) {
    if (!element.checkVisibility({ visibilityProperty: true })) return false;
    const { width, height } = element.getBoundingClientRect();
    return width > 1 && height > 1 && ![...up(element)].some((at) => getComputedStyle(at).clipPath !== "none");
  }

  const name = (element) =>
    (element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent).trim().replace(/\s+/g, " ").slice(0, 40);
  const off = (element) => element.closest(":disabled, [aria-disabled='true']") || element.labels?.[0]?.querySelector(":disabled");

  /** Where a finger counts: a box to tick is as large as its label. */
  function target(element) {
    const boxes = [element, ...(element.matches("[type=checkbox], [type=radio]") ? (element.labels ?? []) : [])];
    const rects = boxes.map((box) => box.getBoundingClientRect());
    return {
      name: name(element),
      width: Math.max(...rects.map((rect) => rect.right)) - Math.min(...rects.map((rect) => rect.left)),
      height: Math.max(...rects.map((rect) => rect.bottom)) - Math.min(...rects.map((rect) => rect.top)),
      // A link within a sentence is as high as its line (WCAG 2.5.8 leaves it out).
      inline: getComputedStyle(element).display === "inline" && element.parentElement.textContent.trim() !== element.textContent.trim(),
    };
  }

  function texts() {
    const found = new Map();
    const note = (element, colour, text) => {
      const row = { colour: rgba(colour), layers: layers(element), opacity: opacity(element), off: Boolean(off(element)) };
      const key = JSON.stringify(row);
      if (!found.has(key)) found.set(key, { ...row, text: text.trim().slice(0, 40) });
    };
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) {
      const element = nodes.currentNode.parentElement;
      if (!nodes.currentNode.data.trim() || element.closest("script, style, noscript") || !visible(element)) continue;
      const { color, fill } = getComputedStyle(element);
      note(element, element.closest("svg") ? fill : color, nodes.currentNode.data);
    }
    for (const field of document.querySelectorAll("input, textarea")) {
      if (!visible(field)) continue;
      if (field.value) note(field, getComputedStyle(field).color, field.value);
      else if (field.placeholder) note(field, getComputedStyle(field, "::placeholder").color, field.placeholder);
    }
    return [...found.values()];
  }

  /** Controls that show by an edge or by a fill; the others show by their words. */
  function edges() {
    return [...document.querySelectorAll("button, .button, .chip, input, textarea, select")]
      .filter((element) => visible(element) && !off(element) && element.parentElement)
      .map((element) => {
        const style = getComputedStyle(element);
        const edge = parseFloat(style.borderTopWidth) > 0 && style.borderTopStyle !== "none" ? rgba(style.borderTopColor) : [0, 0, 0, 0];
        return { name: name(element), edge, fill: rgba(style.backgroundColor), outside: layers(element.parentElement), native: style.appearance !== "none" && element.matches("[type=checkbox], [type=radio], [type=range]") };
      })
      .filter(({ edge, fill, native }) => !native && (edge[3] || fill[3]));
  }

  const controls = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), textarea, select, summary, [role=button]")];
  return {
    elements: document.querySelectorAll("*").length,
    targets: controls.filter((element) => visible(element) && !element.closest(".skip-link")).map(target),
    texts: texts(),
    edges: edges(),
  };
}
