import { ChatClient } from "../../src/client.js";
import type { ChatEvent } from "../../src/contract.js";
import type { TokenSource } from "../../src/credentials.js";
import type { Environment } from "../../src/environment.js";
import { type CursorStorage, MemoryCursorStorage } from "../../src/live/cursor-storage.js";
import type { FreshStart } from "../../src/live/deliveries.js";
import type { LiveChat, LiveTimes } from "../../src/live/live-chat.js";
import { MemoryOutboxStorage, type OutboxStorage } from "../../src/live/outbox-storage.js";
import type { FakeService } from "./fake-service.js";

/** Somebody's live chat, with all that it told. */
export class Chat {
  readonly live: LiveChat;
  readonly client: ChatClient;
  readonly events: ChatEvent[] = [];
  readonly starts: FreshStart[] = [];
  readonly states: string[] = [];
  readonly faults: unknown[] = [];
  readonly cursors: CursorStorage;
  readonly outbox: OutboxStorage;

  constructor(
    readonly service: FakeService,
    readonly user: string,
    options: {
      readonly environment?: Environment;
      readonly cursors?: CursorStorage;
      readonly outbox?: OutboxStorage;
      readonly auth?: "cookie" | "bearer";
      readonly token?: TokenSource;
      readonly times?: Partial<LiveTimes>;
    } = {},
  ) {
    this.cursors = options.cursors ?? new MemoryCursorStorage();
    this.outbox = options.outbox ?? new MemoryOutboxStorage();
    this.client = new ChatClient({
      url: service.url,
      environment: options.environment ?? service.world,
      sockets: service.sockets,
      ...(options.auth === "cookie" ? { auth: "cookie" } : { token: options.token ?? service.token(user) }),
    });
    const { cursors, outbox } = this;
    this.live = this.client.live({ user, cursors, outbox, ...(options.times && { times: options.times }) });
    this.live.onState(({ name }) => this.states.push(name));
    this.live.onFault((fault) => this.faults.push(fault));
    this.live.follow({ load: (start) => void this.starts.push(start), event: (event) => void this.events.push(event) });
  }

  /** Started, and with its first connection. */
  static async connected(...of: ConstructorParameters<typeof Chat>): Promise<Chat> {
    const chat = new Chat(...of);
    await chat.live.start();
    await chat.service.world.pass(100);
    return chat;
  }

  get seqs(): readonly number[] {
    return this.events.map(({ seq }) => seq);
  }

  get key(): string {
    return `${encodeURIComponent(this.service.url)}/${this.user}`;
  }

  get cursor(): unknown {
    return this.cursors.load(this.key);
  }
}

/** From one number to another, both of them in it. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}
