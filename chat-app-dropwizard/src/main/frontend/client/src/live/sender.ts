import { type Message, sameUser } from "../contract.js";
import type { Cancel, Environment } from "../environment.js";
import { ChatProblem, ConnectionFailed } from "../problem.js";
import type { Draft, Messages } from "../rest/messages.js";
import type { Connection } from "./connection.js";
import type { StoredMessage } from "./outbox-storage.js";

/** Bytes of a request that is surely too large. The service may hang up on it before it has said so. */
const MAX_REQUEST = 4 * 1024 * 1024;

interface Waiting {
  readonly sent: (message: Message) => void;
  readonly failed: (failure: Error) => void;
  readonly cancelTimeout: Cancel;
}

/** Sends a message once: over the connection while there is one, else by request, until that is ended. Under its key, so it may be repeated. */
export class Sender {
  readonly #connection: Connection;
  readonly #messages: Messages;
  readonly #user: string;
  readonly #environment: Environment;
  readonly #patience: number;
  readonly #waiting = new Map<string, Waiting>();

  /**
   * @param user who sends
   * @param patience milliseconds that an ack may take
   */
  constructor(connection: Connection, messages: Messages, user: string, environment: Environment, patience: number) {
    this.#connection = connection;
    this.#messages = messages;
    this.#user = user;
    this.#environment = environment;
    this.#patience = patience;
  }

  async send({ client_id, recipient, body, reply_to }: StoredMessage): Promise<Message> {
    const message = { client_id, recipient, body, ...(reply_to !== undefined && { reply_to }) };
    if (new TextEncoder().encode(JSON.stringify(message)).length > MAX_REQUEST) {
      throw new ChatProblem({
        code: "request_entity_too_large",
        status: 413,
        detail: `The request would be larger than ${MAX_REQUEST} bytes.`,
      });
    }
    if (this.#connection.connected) {
      try {
        return await this.#overSocket(message);
      } catch (failure) {
        if (!(failure instanceof ConnectionFailed) || this.#connection.ended) {
          throw failure; // whoever has stopped sends no more
        }
      }
    }
    const sent = await this.#messages.send(message);
    if (!sameUser(sent.user, this.#user)) {
      throw new ChatProblem({ code: "somebody_else", status: 401, detail: "Somebody else is signed in." });
    }
    return sent;
  }

  acknowledged(clientId: string, message: Message): void {
    this.#take(clientId)?.sent(message);
  }

  /** False if nothing waits for an answer under that key. */
  refused(clientId: string, problem: ChatProblem): boolean {
    const waiting = this.#take(clientId);
    waiting?.failed(problem);
    return waiting !== undefined;
  }

  /** The service could not read some frame, and cannot say which: any that it has not answered may have been it. */
  doubt(): void {
    this.#failAll("The service may not have been able to read it.");
  }

  /** The connection is gone, and with it the answers. */
  lost(): void {
    this.#failAll("The connection was lost before the answer.");
  }

  #failAll(why: string): void {
    for (const clientId of [...this.#waiting.keys()]) {
      this.#take(clientId)?.failed(new ConnectionFailed(why));
    }
  }

  #take(clientId: string): Waiting | undefined {
    const waiting = this.#waiting.get(clientId);
    this.#waiting.delete(clientId);
    waiting?.cancelTimeout();
    return waiting;
  }

  #overSocket(message: Draft & { readonly client_id: string }): Promise<Message> {
    const { client_id } = message;
    return new Promise((sent, failed) => {
      const began = this.#environment.now();
      const cancelTimeout = this.#environment.after(this.#patience, () => {
        this.#take(client_id)?.failed(new ConnectionFailed("The answer did not come in time."));
        if (this.#connection.heard <= began) {
          this.#connection.restart(); // nothing came at all: it is dead
        }
      });
      this.#waiting.set(client_id, { sent, failed, cancelTimeout });
      if (!this.#connection.send({ type: "send", ...message })) {
        this.#take(client_id)?.failed(new ConnectionFailed("The connection takes nothing."));
      }
    });
  }
}
