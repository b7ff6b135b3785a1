// The few pictures of the room, drawn on a grid of 24. They stand beside words, or the button that holds them has a name.

import { html } from "htm/preact";

const PATHS = {
  close: "M6 6l12 12M18 6L6 18",
  check: "M5 12.5l4.5 4.5L19 7.5",
  next: "M5 12h14M13 6l6 6-6 6",
  back: "M19 12H5M11 6l-6 6 6 6",
  play: "M8 5.5v13l10.5-6.5z",
  pause: "M8.5 5.5v13M15.5 5.5v13",
  people: "M9 11.5a3.25 3.25 0 1 0 0-6.5 3.25 3.25 0 0 0 0 6.5zM3 19.5c0-3.3 2.7-5.5 6-5.5s6 2.2 6 5.5M15.5 5.3a3.25 3.25 0 0 1 0 5.9M17.5 14.4c2.1.8 3.5 2.6 3.5 5.1",
  more: "M5 12a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0M11.5 12a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0M18 12a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0",
  video: "M4 7.5h10.5v9H4zM14.5 11l5.5-3v8l-5.5-3z",
  sound: "M4.5 9.5v5H8l4.5 4v-13L8 9.5zM16 9.5a3.5 3.5 0 0 1 0 5M18.5 7a7 7 0 0 1 0 10",
  mute: "M4.5 9.5v5H8l4.5 4v-13L8 9.5zM16.5 9.5l5 5M21.5 9.5l-5 5",
  desk: "M5 7h9M18 7h1M5 17h1M10 17h9M16 5v4M8 15v4",
  down: "M6 9.5l6 6 6-6",
  hourglass: "M7 4h10M7 20h10M8 4c0 4.5 8 4.5 8 8s-8 3.5-8 8M16 4c0 4.5-8 4.5-8 8s8 3.5 8 8",
  offline: "M4 4l16 16M8.5 14.5a5 5 0 0 1 6 -.5M5 11a10 10 0 0 1 4-2.4M19 11a10 10 0 0 0-6-2.9M12 18.5h.01",
  card: "M5 5.5h14v9.5H11l-4 4v-4H5z",
  copy: "M9 9h10v10H9zM15 9V5H5v10h4",
  phone: "M8 3.5h8v17H8zM11 17.5h2",
  speak: "M12 14.5a3 3 0 0 0 3-3v-4a3 3 0 0 0-6 0v4a3 3 0 0 0 3 3zM6 11.5a6 6 0 0 0 12 0M12 17.5v3",
  ear: "M8 18.5c.6 1.2 1.6 2 3 2 2 0 2.8-1.5 3.2-3 .6-2.2 3.3-3.4 3.3-7.5a5.5 5.5 0 0 0-11 0M9.5 10a2.5 2.5 0 0 1 5 0c0 1.8-2.5 2-2.5 4",
  star: "M12 4l2.4 5.1 5.6.7-4.1 3.9 1 5.5-4.9-2.7-4.9 2.7 1-5.5L4 9.8l5.6-.7z",
  leave: "M14 5H6v14h8M10 12h10M16.5 8l4 4-4 4",
};

export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d=${PATHS[name]} />
  </svg>`;
}
