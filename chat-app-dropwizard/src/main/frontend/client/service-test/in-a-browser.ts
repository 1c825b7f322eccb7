// Compiled, and not run: there is no browser here.
import { ChatClient, type Conversation, type LiveChat, type Message, type Outgoing } from "@message-center/client";
import { ChatModel } from "@message-center/client/model";

export async function signIn(password: string): Promise<string> {
  const client = new ChatClient({ url: location.origin, auth: "cookie" });
  const { username } = await client.sessions.signIn("alice", password);
  return username;
}

export async function keep(
  live: LiveChat,
  show: (conversations: readonly Conversation[], messages: readonly Message[], outgoing: readonly Outgoing[]) => void,
): Promise<void> {
  const model = new ChatModel(live);
  model.follow();
  await live.start();
  await model.open("bob");
  model.onChange(() => show(model.conversations, model.messages("bob"), live.outgoing));
}
