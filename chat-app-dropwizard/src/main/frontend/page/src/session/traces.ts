/**
 * All that the page leaves in the browser's storage: what was not sent yet (the client's outbox), drafts and a user's
 * choices, which go when that user signs out; and the device's looks, which stay. No session is among it.
 */
const ALL = "message-center:";
const DEVICE = `${ALL}device:`;

type DeviceSetting = "theme" | "language";
type UserSetting = "notify";

/** What was begun, here or in another tab; of its message the number alone, so that it is shown as it is by then. */
export interface Begun {
  readonly type: "reply" | "edit";
  readonly id: number;
  /** What an edit has come to. */
  readonly text?: string | undefined;
}

/** What the browser does not keep: it is there for as long as the page. */
const unkept = new Map<string, string>();

export function deviceSetting(name: DeviceSetting): string | undefined {
  return read(DEVICE + name);
}

export function setDeviceSetting(name: DeviceSetting, value: string): void {
  write(DEVICE + name, value);
}

/** Hears of what is chosen in another tab. */
export function onDeviceSetting(tell: (name: DeviceSetting) => void): () => void {
  const stops = (["theme", "language"] as const).map((name) =>
    onChosen(DEVICE + name, () => {
      tell(name);
    }),
  );
  return () => {
    stops.forEach((stop) => {
      stop();
    });
  };
}

/** What is chosen in another tab counts here, too, also where the browser has not kept what was chosen here. */
function onChosen(entry: string, tell: () => void): () => void {
  const hear = ({ key }: StorageEvent): void => {
    if (key === entry) {
      unkept.delete(entry);
      tell();
    }
  };
  addEventListener("storage", hear);
  return () => {
    removeEventListener("storage", hear);
  };
}

export function userSetting(user: string, name: UserSetting): string | undefined {
  return read(settingKey(user, name));
}

/** Hears of what is chosen in another tab. */
export function onUserSetting(user: string, name: UserSetting, tell: () => void): () => void {
  return onChosen(settingKey(user, name), tell);
}

export function setUserSetting(user: string, name: UserSetting, value: string): void {
  write(settingKey(user, name), value);
}

function settingKey(user: string, name: UserSetting): string {
  return `${ALL}user:${keyOf(user)}:${name}`;
}

/** The name of a draft's entry: it is its own tab's alone to write, but all tabs show it. */
export function draftKey(user: string, other: string): string {
  return `${ALL}draft:${keyOf(user)}:${keyOf(other)}`;
}

export function draft(user: string, other: string): string {
  return read(draftKey(user, other)) ?? "";
}

/** To whom somebody has drafts: by name, in small letters. */
export function drafted(user: string): readonly string[] {
  const prefix = draftKey(user, "");
  const names = all().filter((name) => name.startsWith(prefix));
  return names.map((name) => decodeURIComponent(name.slice(prefix.length))).sort();
}

export function setDraft(user: string, other: string, text: string): void {
  write(draftKey(user, other), text.trim() === "" ? undefined : text);
}

/** The name of the entry for what is being written besides a message of its own; all tabs have the same. */
export function begunKey(user: string, other: string): string {
  return `${ALL}begun:${keyOf(user)}:${keyOf(other)}`;
}

export function begun(user: string, other: string): Begun | undefined {
  return parsed(read(begunKey(user, other)));
}

export function setBegun(user: string, other: string, begun: Begun | undefined): void {
  write(begunKey(user, other), begun && JSON.stringify(begun));
}

/** Whether the browser keeps an entry, or has none of that name; what it does not keep is this tab's alone. */
export function isKept(name: string): boolean {
  return !unkept.has(name);
}

/** How many drafts and edits somebody has. */
export function countTexts(user: string): number {
  return all().filter((name) => isText(user, name)).length;
}

/** Whether somebody has one that would be lost with the page. */
export function hasUnkeptText(user: string): boolean {
  return [...unkept.keys()].some((name) => isText(user, name));
}

function isText(user: string, name: string): boolean {
  return (
    name.startsWith(draftKey(user, "")) ||
    (name.startsWith(begunKey(user, "")) && parsed(read(name))?.text !== undefined)
  );
}

/** Whoever signed out, here or in another tab, leaves nothing behind. */
export function forgetOne(user: string): void {
  forget((name) => isOf(user, name));
}

/** Whoever signs in finds nothing of somebody else's, whose session may have ended without signing out. */
export function forgetOthers(user: string): void {
  forget((name) => !isOf(user, name));
}

function isOf(user: string, name: string): boolean {
  const [kind, owner = ""] = name.slice(ALL.length).split(":");
  return (kind === "outbox" ? owner.split("/").at(-1) : owner) === keyOf(user);
}

function forget(which: (name: string) => boolean): void {
  for (const name of all()) {
    if (name.startsWith(ALL) && !name.startsWith(DEVICE) && which(name)) {
      write(name, undefined);
    }
  }
}

/** The names of all entries, kept or not. */
function all(): readonly string[] {
  return [...new Set([...unkept.keys(), ...stored()])];
}

/** The names of all that is in the storage. */
function stored(): readonly string[] {
  try {
    return Object.keys(localStorage);
  } catch {
    return []; // a browser may forbid it
  }
}

function keyOf(user: string): string {
  return encodeURIComponent(user.toLowerCase());
}

function parsed(kept: string | undefined): Begun | undefined {
  try {
    const { type, id, text } = JSON.parse(kept ?? "{}") as Partial<Begun>;
    return (type === "reply" || type === "edit") && typeof id === "number" ? { type, id, text } : undefined;
  } catch {
    return undefined; // not what was written here
  }
}

function read(name: string): string | undefined {
  try {
    return unkept.get(name) ?? localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined; // a browser may forbid it
  }
}

function write(name: string, value: string | undefined): void {
  unkept.delete(name);
  if (value === undefined) {
    remove(name);
  } else {
    unkept.set(name, value);
  }
  for (const [name, value] of unkept) {
    if (store(name, value)) {
      unkept.delete(name); // there may be room by now, also for what there was none before
    }
  }
}

function store(name: string, value: string): boolean {
  try {
    localStorage.setItem(name, value);
    return true;
  } catch {
    return false; // full or forbidden
  }
}

function remove(name: string): void {
  try {
    localStorage.removeItem(name);
  } catch {
    // A browser may forbid it; then it has none.
  }
}
