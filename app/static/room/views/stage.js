// The middle of the room: what this step is for, and the one thing to do in it now.

import { html } from "htm/preact";
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
  return html`<div class="stage-body" tabindex="-1">
    ${step !== "lobby" && html`<${AgreementBanner} />`}
    <${View} key=${step} />
  </div>`;
}
