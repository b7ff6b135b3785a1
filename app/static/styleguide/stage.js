// What stands in the middle of the room.

import { html } from "htm/preact";
import { Ask, AskReminder } from "room/views/ask.js";
import { Board } from "room/views/board.js";
import { Lessons } from "room/views/lessons.js";
import { Listening } from "room/views/listening.js";
import { Plan } from "room/views/plan.js";
import { PlanEditor } from "room/views/plan_form.js";
import { QuestionList } from "room/views/questions.js";
import { RecommendationList } from "room/views/recommendations.js";
import { Sorting, VerdictMark } from "room/views/sorting.js";
import { Notes } from "room/views/notes.js";
import { StatementSummary } from "room/views/statement.js";
import { TurnCard } from "room/views/turn.js";
import { still } from "styleguide/still.js";
import { item } from "styleguide/state.js";

const STATEMENT = item("statement", "statement", "Nine contacts, four months, and nobody will name a decider.", {
  seat: "otto",
  data: {
    situation: "A group of five hospitals looks at our maintenance software. Every meeting ends with “Talk to my colleague.”",
    customer: "A hospital group",
    size: "€180k",
    people: [
      { name: "Dr. Maas", role: "Head of technology", influence: "high", stage: "interested" },
      { name: "Ruth", role: "Buyer", influence: "medium", stage: "choosing" },
      { name: "", role: "Chief physician", influence: "low", stage: "not_aware" },
      { name: "The board", role: "", influence: "", stage: "" },
    ],
  },
});
const ASK = item("ask", "ask", "Help me find the one person who decides, and a reason for them to meet me.", { seat: "otto", data: { not_needed: "A longer list of contacts." } });

const IDEAS = [
  item("idea-1", "idea", "Ask who signed the last order of this size.", { place: 1 }),
  item("idea-2", "idea", "Invite them all to one hour on site.", { place: 2, mine: true }),
  item("idea-3", "idea", "…and let the nurses show what breaks down.", { place: 3, parent: "idea-2" }),
  item("idea-4", "idea", "Let the fiscal year decide: name the last day for this year’s price.", { place: 4, noted: true }),
];
const NEW = item("idea-5", "idea", "Call the hospital that has just bought from somebody else.", { place: 5 });

const QUESTIONS = [
  item("question-1", "question", "Who asked you for the offer?", { seat: "carl", place: 1 }),
  item("answer-1", "answer", "The head of technology, in a mail to three people.", { seat: "otto", parent: "question-1", noted: true, data: { how: "aloud" } }),
  item("question-2", "question", "When was the last time somebody said no?", { seat: "cara", place: 2, mine: true, aloud: true }),
];
const ADVICE = [
  item("advice-1", "recommendation", "Ask Dr. Maas to draw how the last decision was made.", { seat: "cara", place: 1, parent: "idea-1", data: { first_step: "Send him one question today.", reason: "He likes to explain." } }),
  item("advice-2", "recommendation", "Leave the buyer alone until somebody wants it.", { seat: "carl", place: 2 }),
];
const VERDICTS = [
  item("verdict-1", "verdict", "That is one call.", { parent: "advice-1", data: { verdict: "helps" } }),
  item("verdict-2", "verdict", "", { parent: "advice-2", data: { verdict: "not_now" } }),
];
const ACTIONS = [
  item("action-1", "action", "Ask Dr. Maas to draw the last decision", {
    place: 1,
    parent: "advice-1",
    data: { who: "Otto", by: "2026-03-05", trigger: "When somebody says “my colleague”, I will ask them to come along.", first_step: "A mail today", sign: "One name" },
  }),
  item("action-2", "action", "Name the last day for this year’s price", { place: 2, data: { who: "Otto" } }),
];
const NOTES = [item("note-1", "note", "Who gains when nothing is decided?", { mine: true }), item("parked-1", "parked", "A visit with the nurses.", { mine: true })];

const BODY = "stage-body";
const openFolds = (copy) => copy.querySelectorAll("details").forEach((fold) => (fold.open = true));
const sample = (title, state, view, { touch, wide } = {}) => ({ title, wide, box: BODY, body: still(title, state, view, touch) });
const TURN_WORDS = { mine: "Ask one open, factual question.", others: "One question, aloud or in writing.", over: "Everybody has asked what they wanted to know." };

export const STAGE = [
  {
    id: "turns",
    title: "Turn card",
    samples: [
      ["My turn", { turn: ["cara", 5] }],
      ["Somebody else’s", { turn: ["carl", 5] }],
      ["All turns are over", { spoken: ["carl", "cara"] }],
    ].map(([title, state]) => sample(title, { step: "questions", left: 400, ...state }, html`<${TurnCard} ...${TURN_WORDS} />`)),
  },
  {
    id: "board",
    title: "Board with entries",
    words: "What comes while somebody reads arrives with a small movement, once.",
    samples: [
      sample("A consultant’s: mine, built on, noted, new", { items: IDEAS, arriving: [NEW], can: ["idea", "build"] }, html`<${Board} open />`),
      sample("The owner’s: starred or not", { as: "otto", items: [...IDEAS, item("star", "star", "", { parent: "idea-1" })], can: ["star"] }, html`<${Board} />`),
      sample("Questions: answered aloud, without an answer", { step: "questions", items: QUESTIONS }, html`<${QuestionList} />`),
      sample("Recommendations, with what the owner says", { step: "feedback", items: [...IDEAS, ...ADVICE, ...VERDICTS] }, html`<${RecommendationList} foot=${(each) => html`<${VerdictMark} item=${each} />`} />`),
      sample("Recommendations, to sort", { step: "feedback", as: "otto", items: [...ADVICE, VERDICTS[0]], can: ["sort", "plan"] }, html`<${RecommendationList} foot=${(each) => html`<${Sorting} item=${each} onTake=${() => {}} />`} />`),
      sample("Empty", {}, html`<${Board} empty="The ideas appear here." />`),
    ],
  },
  {
    id: "folds",
    title: "Fold",
    samples: [
      sample("Closed", { items: NOTES, can: ["note", "park"] }, html`<${Notes} />`),
      sample("Open: private notes", { step: "questions", items: NOTES, can: ["note", "park"] }, html`<${Notes} />`, { touch: openFolds }),
      sample("The statement in later steps", { items: [STATEMENT] }, html`<${StatementSummary} />`),
      sample("The statement, open", { items: [STATEMENT] }, html`<${StatementSummary} />`, { touch: openFolds, wide: true }),
    ],
  },
  {
    id: "ask",
    title: "Ask card",
    samples: [
      sample("When it is given", { step: "ask", items: [STATEMENT, ASK] }, html`<${Ask} />`),
      sample("From then on, in view", { items: [STATEMENT, ASK] }, html`<${AskReminder} />`),
      sample("The owner words it", { step: "ask", as: "otto", items: [STATEMENT], can: ["ask"] }, html`<${Ask} />`),
    ],
  },
  {
    id: "listening",
    title: "Listening",
    words: "The owner in phase 3: what they are asked for, and all of it.",
    samples: [{ ...sample("The owner’s screen", { as: "otto", can: ["note", "fact", "stop"] }, html`<${Listening} />`), box: `${BODY} room is-listening`, wide: true }],
  },
  {
    id: "plan",
    title: "Plan",
    samples: [
      sample("As everybody reads it", { step: "feedback", items: [...ADVICE, ...ACTIONS] }, html`<${Plan} />`),
      sample("Its form", { step: "feedback", as: "otto", items: ADVICE, can: ["plan"] }, html`<${PlanEditor} />`),
    ],
  },
  {
    id: "scale",
    title: "Scale",
    samples: [
      sample("Two questions that nobody can trace", { step: "lessons", can: ["pulse"] }, html`<${Lessons} />`, { touch: chooseFour }),
      sample("Answered", { step: "lessons", pulsed: true, can: ["pulse"] }, html`<${Lessons} />`),
    ],
  },
];

function chooseFour(copy) {
  copy.querySelector(".scale input[value='4']").checked = true;
}
