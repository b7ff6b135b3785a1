// The style guide. The room's views read one room's state, so they are drawn first, one state after the other, and kept
// as stills; then the room comes to rest in one state for what can be tried out.

import { html } from "htm/preact";
import { render } from "preact";
import { enter } from "styleguide/state.js";
import { COMPONENTS } from "styleguide/components.js";
import { measure } from "styleguide/contrast.js";
import { Guide } from "styleguide/guide.js";
import { ROOM } from "styleguide/room.js";
import { STAGE } from "styleguide/stage.js";
import { TRIALS, TRIAL_STATE } from "styleguide/trials.js";
import { TOKENS } from "styleguide/tokens.js";

enter(TRIAL_STATE);
render(html`<${Guide} sections=${[...TOKENS, ...COMPONENTS, ...TRIALS, ...ROOM, ...STAGE]} />`, document.getElementById("guide"));
document.fonts.ready.then(measure);

// A still has no view behind it: its forms would be sent as a page's.
document.addEventListener("submit", (event) => event.preventDefault());
