import { send } from "room/socket.js";
import { toast } from "room/views/toast.js";

/** Send a command and say it if it is refused; resolves to its answer. */
export async function act(name, data) {
  const answer = await send(name, data);
  if (!answer.ok && answer.code !== "confirm") toast(answer.message);
  return answer;
}
