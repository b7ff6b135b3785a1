// Runs in a page before the page's own scripts: keeps what the browser says about painting, shifts, long tasks and
// interactions, and notices the moment from which the page can be used.
(() => {
  const seen = (window.__seen = { fcp: null, lcp: null, usable: null, long: [], shifts: [], events: [] });
  const observe = (type, take, more = {}) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...more });

  observe("paint", (entry) => entry.name === "first-contentful-paint" && (seen.fcp = entry.startTime));
  observe("largest-contentful-paint", (entry) => (seen.lcp = entry.startTime));
  observe("longtask", (entry) => seen.long.push([entry.startTime, entry.duration]));
  observe("layout-shift", (entry) =>
    seen.shifts.push({
      value: entry.value,
      input: entry.hadRecentInput,
      what: entry.sources.map(({ node, previousRect: from, currentRect: to }) => {
        const element = node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement;
        return `${element?.localName ?? "?"}.${element?.className ?? ""} ${from.x},${from.y} ${from.width}x${from.height} → ${to.x},${to.y} ${to.width}x${to.height}`;
      }),
    }),
  );
  observe("event", (entry) => entry.interactionId && seen.events.push(entry.duration), { durationThreshold: 16 });

  // In the room the first frame with a field or a button comes with the first snapshot, so the line is live then.
  const look = () => {
    const first = document.querySelector("main :is(a[href], button:enabled, input:enabled, textarea:enabled)");
    if (first && !document.querySelector("body.room-page:not(:has(.room .stage-body))") && document.readyState !== "loading") {
      seen.usable = performance.now();
    } else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
