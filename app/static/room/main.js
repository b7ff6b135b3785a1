import { html } from "htm/preact";
import { render } from "preact";
import { startTicking } from "room/clock.js";
import { keepFocus } from "room/focus.js";
import { startHolding } from "room/outbox.js";
import { startResting } from "room/press.js";
import { connect } from "room/socket.js";
import { startSound } from "room/sound.js";
import { startTimeUp } from "room/timeup.js";
import { startAnnouncer } from "room/views/announcer.js";
import { App } from "room/views/app.js";
import { startTitle } from "room/views/clock.js";

connect(); // first: the answer is under way while the page is drawn
const place = document.getElementById("room");
place.replaceChildren();
render(html`<${App} />`, place);
keepFocus(place);
startTicking();
startTitle(document.title);
startSound();
startAnnouncer();
startTimeUp();
startResting();
startHolding();
