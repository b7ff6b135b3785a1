import { send } from "room/socket.js";
import { toast } from "room/views/toast.js";

/** Send a command and say it if it is refused; resolves to its answer. */
export async function act(name, data) {
  const answer = await send(name, data);
  if (!answer.ok && answer.code !== "confirm") toast(answer.message);
  return answer;
}

/** The same for a box that somebody has ticked, or not any more; where it is refused, the box shows again what `isOn`. */
export async function actByTick({ currentTarget: box }, name, isOn) {
  const answer = await act(name, { on: box.checked });
  if (!answer.ok) box.checked = isOn();
}
