// The middle of the room: what this step is for, and the one thing to do in it now.

import { html } from "htm/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { session } from "room/store.js";
import { Ask } from "room/views/ask.js";
import { Brainstorm, SilentBrainstorm } from "room/views/brainstorm.js";
import { Closed } from "room/views/closed.js";
import { Feedback, Reactions } from "room/views/feedback.js";
import { Lessons } from "room/views/lessons.js";
import { AgreementBanner, Lobby, Planned } from "room/views/lobby.js";
import { Questions, SilentQuestions } from "room/views/questions.js";
import { Recommendations } from "room/views/recommendations.js";
import { Statement } from "room/views/statement.js";

const VIEWS = {
  planned: Planned,
  lobby: Lobby,
  statement: Statement,
  silent_questions: SilentQuestions,
  questions: Questions,
  ask: Ask,
  silent_brainstorm: SilentBrainstorm,
  brainstorm: Brainstorm,
  recommendations: Recommendations,
  feedback: Feedback,
  reactions: Reactions,
  lessons: Lessons,
  closed: Closed,
};

export function Stage() {
  const { step } = session.value;
  const View = VIEWS[step];
  const place = useRef(null);
  useKeptFocus(place);
  return html`<div ref=${place} class="stage-body" tabindex="-1">
    ${step !== "lobby" && html`<${AgreementBanner} />`}
    <${View} key=${step} />
  </div>`;
}

/** When what had the focus goes away within a step, the keyboard stays in the stage instead of going back to the top of the page. */
function useKeptFocus(place) {
  useLayoutEffect(() => {
    const stage = place.current;
    let last = null;
    const note = (event) => (last = stage.contains(event.target) ? event.target : null);
    const watch = new MutationObserver(() => {
      if (!last || last.isConnected || document.activeElement !== document.body) return;
      last = null;
      stage.focus({ preventScroll: true });
    });
    document.addEventListener("focusin", note);
    watch.observe(stage, { childList: true, subtree: true });
    return () => {
      document.removeEventListener("focusin", note);
      watch.disconnect();
    };
  }, []);
}
