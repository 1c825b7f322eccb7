import { ChatClient, type LiveChat, wsSockets } from "@message-center/client";
import { expect, vi } from "vitest";
import { WebSocket } from "ws";
import type { Service } from "./service.js";

export const PASSWORD = "a long enough one";
export const SOON = { timeout: 60_000, interval: 20 };

/** Somebody new. */
export async function signedUp(service: Service, username: string): Promise<ChatClient> {
  const client = new ChatClient({ url: service.url, sockets: wsSockets(WebSocket) });
  await client.accounts.signUp({ username, password: PASSWORD });
  return client;
}

/** Begins, and is connected then. */
export async function begun(live: LiveChat, within = SOON): Promise<void> {
  await live.start();
  await vi.waitFor(() => {
    expect(live.state.name).toBe("connected");
  }, within);
}
