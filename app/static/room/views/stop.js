import { act } from "room/act.js";
import { _ } from "room/i18n.js";
import { confirm } from "room/views/dialog.js";

/** End the session here, after asking. */
export async function stopSession() {
  const sure = await confirm({
    title: _("Stop the session here?"),
    text: _("It ends for everybody and cannot be opened again. What was written stays in the record."),
    yes: _("Stop the session"),
    danger: true,
  });
  if (sure) await act("stop");
}
