// The moderator's way through the steps: the one button that goes on, and everything that is asked before it does.

import { act } from "room/act.js";
import { _, ngettext } from "room/i18n.js";
import { send } from "room/socket.js";
import { can, me, presence, session, step } from "room/store.js";
import { confirm } from "room/views/dialog.js";
import { toast } from "room/views/toast.js";

export const canGoOn = () => Boolean(can.value.open || can.value.advance);

export async function goOn() {
  if (can.value.open) return act("open");
  const from = session.value.step;
  if (!(await isSure()) || session.value.step !== from) return null;
  const answer = await send("advance", { anyway: false });
  if (answer.code !== "confirm") return answer.ok ? answer : toast(answer.message);
  const anyway = await goAnyway(answer.message);
  return anyway && session.value.step === from ? act("advance", { anyway: true }) : null;
}

async function isSure() {
  if (session.value.step === "lessons") {
    return confirm({
      title: _("Close the session?"),
      text: _("Everybody gets the plan and the record. Nothing can be added after that."),
      yes: _("Close the session"),
      no: _("Not yet"),
    });
  }
  const writing = othersWriting();
  if (!writing) return true;
  return goAnyway(
    ngettext(
      "One person is still writing. Their text stays with them as a draft.",
      "%(count)s people are still writing. Their text stays with them as drafts.",
      { count: writing },
    ),
  );
}

const goAnyway = (text) =>
  confirm({ title: step().next_button, text, yes: _("Go on anyway"), no: _("Not yet") });

function othersWriting() {
  const { typing, typing_count } = presence.value;
  const mine = typing.includes(me.value.seat) ? 1 : 0;
  return Math.max(typing.length, typing_count) - mine;
}
