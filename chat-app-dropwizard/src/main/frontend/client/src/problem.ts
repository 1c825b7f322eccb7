/**
 * The service refused: an answer of 400 or more, or an `error` frame of the WebSocket.
 */
export class ChatProblem extends Error {
  override readonly name = "ChatProblem";
  /** For programs, say `not_found`; `unexpected` where the answer was not the service's own. */
  readonly code: string;
  /** The HTTP status, also where it came over the WebSocket. */
  readonly status: number;
  /** For people. */
  readonly detail: string;
  /** What is wrong with which field. */
  readonly fieldErrors: Readonly<Record<string, readonly string[]>>;
  /** Seconds to wait before it is worth asking again, if the service says so. */
  readonly retryAfter: number | undefined;
  /** With status 410: the cursor to go on from, once everything was loaded afresh. */
  readonly last: number | undefined;

  constructor(problem: {
    code: string;
    status: number;
    detail: string;
    fieldErrors?: Readonly<Record<string, readonly string[]>>;
    retryAfter?: number | undefined;
    last?: number | undefined;
  }) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`);
    this.code = problem.code;
    this.status = problem.status;
    this.detail = problem.detail;
    this.fieldErrors = problem.fieldErrors ?? {};
    this.retryAfter = problem.retryAfter;
    this.last = problem.last;
  }
}

/** No answer came: what was asked may have been done or not. */
export class ConnectionFailed extends Error {
  override readonly name = "ConnectionFailed";

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
  }
}

/** Whether asking again later may be answered otherwise: no answer, too many requests, or a fault of the service's. */
export function isPassing(failure: unknown): boolean {
  return (
    failure instanceof ConnectionFailed ||
    (failure instanceof ChatProblem && (failure.status >= 500 || [408, 425, 429].includes(failure.status)))
  );
}

/** Whether nobody is signed in any more. */
export function isSignedOut(failure: unknown): boolean {
  return failure instanceof ChatProblem && failure.status === 401;
}

/** The problem that a frame or the body of an answer tells of; `client_id` in a frame is what it answers, and no field. */
export function problemOf(
  members: Readonly<Record<string, unknown>>,
  status: number,
  retryAfter?: number,
): ChatProblem {
  const { code, detail, last, retry_after: inBody, client_id_errors: clientId, ...rest } = members;
  return new ChatProblem({
    code: typeof code === "string" ? code : "unexpected",
    status,
    detail: typeof detail === "string" ? detail : "The service gave no reason.",
    fieldErrors: fieldErrors(isTexts(clientId) ? { ...rest, client_id: clientId } : rest),
    retryAfter: retryAfter ?? (typeof inBody === "number" ? inBody : undefined),
    last: typeof last === "number" ? last : undefined,
  });
}

function fieldErrors(members: Readonly<Record<string, unknown>>): Record<string, readonly string[]> {
  const errors: Record<string, readonly string[]> = {};
  for (const [field, texts] of Object.entries(members)) {
    if (isTexts(texts)) {
      errors[field] = texts;
    }
  }
  return errors;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}
