import { ChatClient } from "@message-center/client";

/** Compiled, and not run: there is no browser here. */
export async function signIn(password: string): Promise<string> {
  const client = new ChatClient({ url: location.origin, auth: "cookie" });
  const { username } = await client.sessions.signIn("alice", password);
  return username;
}
