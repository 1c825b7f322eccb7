import { ChatProblem, ConnectionFailed } from "@message-center/client";
import type { Texts } from "../i18n/en.js";

/** What the service says about a field, behind its name, in words of the page's own. What it does not know stays as it was said. */
const FIELD_TEXTS: readonly (readonly [RegExp, keyof Texts & FieldText])[] = [
  [/^q: .*no word/i, "noWord"],
  [/^q: .*no more than/i, "tooMuchToFind"],
  [/valid username/i, "invalidUsername"],
  [/at least \d+ characters/i, "tooShort"],
  [/too common/i, "tooCommon"],
  [/not your password/i, "notYourPassword"],
  [/valid email/i, "invalidEmail"],
  [/link is not valid/i, "linkInvalid"],
  [/may not be blank|is required|may not be null/i, "required"],
  [/no more than/i, "tooLong"],
];
type FieldText =
  | "noWord"
  | "tooMuchToFind"
  | "invalidUsername"
  | "tooShort"
  | "tooCommon"
  | "notYourPassword"
  | "invalidEmail"
  | "linkInvalid"
  | "required"
  | "tooLong";

/** What went wrong, for people: one sentence, and one for each field that it is about. */
export interface Explained {
  readonly text?: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
}

/** Nothing is said where nothing went wrong: then there is no failure. */
export function explain(failure: unknown, texts: Texts): Explained {
  if (failure === undefined) {
    return { fields: {} };
  }
  if (!(failure instanceof ChatProblem)) {
    return { text: failure instanceof ConnectionFailed ? texts.noAnswer : texts.failed, fields: {} };
  }
  const fields: Record<string, string> = {};
  for (const [field, [said = ""]] of Object.entries(failure.fieldErrors)) {
    const known = FIELD_TEXTS.find(([pattern]) => pattern.test(`${field}: ${said}`))?.[1];
    fields[field] = known === undefined ? said : texts[known];
  }
  return Object.keys(fields).length > 0 ? { fields } : { text: sentence(failure, texts), fields };
}

function sentence(problem: ChatProblem, texts: Texts): string {
  switch (problem.code) {
    case "wrong_credentials":
      return texts.wrongCredentials;
    case "username_taken":
      return texts.usernameTaken;
    case "too_many_requests":
      return texts.tooMany(problem.retryAfter);
    case "forbidden":
      return texts.notAllowed;
    case "not_found":
      return texts.notFound;
    case "overloaded":
    case "unavailable":
      return texts.noAnswer;
    default:
      return texts.failed;
  }
}

/** In one sentence. */
export function explained(failure: unknown, texts: Texts): string {
  const { text, fields } = explain(failure, texts);
  return text ?? Object.values(fields).join(" ");
}

/** Why a message was not sent, within a sentence. */
export function whyNotSent(failure: unknown, texts: Texts): string {
  const status = failure instanceof ChatProblem ? failure.status : 0;
  return status === 403 ? texts.blockedYou : status === 404 ? texts.gone : explained(failure, texts);
}
