// Compiled, and not run: there is no browser here, and the service has no list of conversations yet.
import { ChatClient, type Conversation, type LiveChat, type Message, type Outgoing } from "@message-center/client";
import { ChatModel } from "@message-center/client/model";

export async function signIn(password: string): Promise<string> {
  const client = new ChatClient({ url: location.origin, auth: "cookie" });
  const { username } = await client.sessions.signIn("alice", password);
  return username;
}

export async function keep(
  client: ChatClient,
  live: LiveChat,
  username: string,
  show: (conversations: readonly Conversation[], messages: readonly Message[], outgoing: readonly Outgoing[]) => void,
): Promise<void> {
  const model = new ChatModel(username, client);
  model.attach(live);
  await live.start();
  await model.open("bob");
  model.onChange(() => show(model.conversations, model.messages("bob"), live.outgoing));
}
