import { render, type RenderResult } from "@testing-library/react";
import type { ReactNode } from "react";
import { FakeService } from "../../../client/test/support/fake-service.js";
import { World } from "../../../client/test/support/world.js";
import { ChatClient } from "@message-center/client";
import { Chat } from "../../src/session/chat.js";
import { Session } from "../../src/session/session.js";
import { ChatContext, SessionContext } from "../../src/session/use-session.js";
import { Toasts } from "../../src/ui/toast.js";

/** A service in memory, and somebody's chat with it. Time passes when a test says so. */
export class FakeChat {
  readonly service: FakeService;
  readonly chat: Chat;

  private constructor(service: FakeService, chat: Chat) {
    this.service = service;
    this.chat = chat;
  }

  static async connected(...names: readonly [string, ...string[]]): Promise<FakeChat> {
    const service = new FakeService(new World(), ...names);
    return FakeChat.at(service, names[0]);
  }

  static async at(service: FakeService, user: string): Promise<FakeChat> {
    service.cookie = user;
    const client = new ChatClient({
      url: service.url,
      auth: "cookie",
      environment: service.world,
      sockets: service.sockets,
    });
    const fake = new FakeChat(service, new Chat(user, client, new Set(), service.world));
    await fake.chat.live.start();
    await fake.pass();
    return fake;
  }

  /** Lets a little time pass, there and here. */
  async pass(millis = 100): Promise<void> {
    await this.service.world.pass(millis);
    await new Promise((resolve) => setTimeout(resolve, 20)); // in which changes are gathered
  }

  show(what: ReactNode): RenderResult {
    const session = new Session(this.service.url);
    return render(
      <SessionContext value={session}>
        <ChatContext value={this.chat}>
          {what}
          <Toasts />
        </ChatContext>
      </SessionContext>,
    );
  }
}
