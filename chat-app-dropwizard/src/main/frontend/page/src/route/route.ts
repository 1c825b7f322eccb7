/**
 * Where the page is: a list of people or what was searched for on one side, a conversation or the settings on the other.
 * It stands behind the `#` of the address, so back and forward work, and a conversation can be opened in another tab.
 */
export interface Route {
  /** With whom the open conversation is. */
  readonly with?: string | undefined;
  /** The place in it to go to. */
  readonly at?: number | undefined;
  /** What is looked for in messages; empty before something is typed. It is no part of the address. */
  readonly search?: string | undefined;
  /** With whom it was said; undefined for all. */
  readonly searchIn?: string | undefined;
  /** Whether somebody to write to is being looked for. */
  readonly people?: boolean | undefined;
  readonly settings?: Settings | undefined;
  /** What somebody who is not signed in wants instead. */
  readonly door?: Door | undefined;
  /** Of a link that was mailed. */
  readonly resetToken?: string | undefined;
}

export const SETTINGS = ["account", "devices", "blocked", "preferences"] as const;
export type Settings = (typeof SETTINGS)[number];

const DOORS = ["sign-up", "forgot"] as const;
export type Door = (typeof DOORS)[number];

export const RESET = "password-reset";

export function parseRoute(hash: string): Route {
  const members = new URLSearchParams(hash.replace(/^#/, ""));
  const at = Number(members.get("at"));
  const settings = members.get("settings");
  return {
    with: (members.get("with") ?? "") || undefined,
    at: Number.isSafeInteger(at) && at > 0 ? at : undefined,
    search: members.get("search") ?? undefined,
    searchIn: (members.get("in") ?? "") || undefined,
    people: members.has("people") || undefined,
    settings: settings === null ? undefined : (SETTINGS.find((one) => one === settings) ?? "account"),
    door: DOORS.find((door) => members.has(door)),
    resetToken: (members.get(RESET) ?? "") || undefined,
  };
}

/** The address of a place, without what a link must not carry on, and no browser keep. */
export function hrefOf(route: Route): string {
  const members = new URLSearchParams();
  const put = (name: string, value: string | number | undefined): void => {
    if (value !== undefined) {
      members.set(name, String(value));
    }
  };
  put("search", route.search === undefined ? undefined : "");
  put("in", route.search === undefined ? undefined : route.searchIn);
  put("people", route.people === true ? "" : undefined);
  put("settings", route.settings);
  put("with", route.with);
  put("at", route.at);
  put(route.door ?? "", route.door === undefined ? undefined : "");
  return `#${members.toString().replaceAll(/=(?=&|$)/g, "")}`;
}
