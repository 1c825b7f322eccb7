/** So long it is waited before a chunk is asked for once more, in milliseconds. */
const WAITS = [300, 1_000];

const chunks = new Set<Chunk<unknown>>();

/** It will not be there, however often it is asked for: the service has a later page by now. */
export class Outdated extends Error {
  override readonly name = "Outdated";
}

/** Code that is not loaded with the page, but when it is first needed, or before, once there is time. */
export class Chunk<T> {
  readonly #name: string;
  readonly #load: () => Promise<T>;
  #there: T | undefined;
  #coming: Promise<T> | undefined;

  /** @param name the module that it begins with, as below `src` */
  constructor(name: string, load: () => Promise<T>) {
    this.#name = name;
    this.#load = load;
    chunks.add(this);
  }

  /** Undefined until it is loaded. */
  get there(): T | undefined {
    return this.#there;
  }

  /** Loads it once. A failure is not kept: who asks again has it tried again. */
  async load(): Promise<T> {
    this.#coming ??= loadChunk(this.#name, this.#load);
    try {
      this.#there = await this.#coming;
      return this.#there;
    } catch (failure) {
      this.#coming = undefined;
      throw failure;
    }
  }
}

/**
 * Imports a chunk; a network that is gone for a moment is waited for.
 *
 * Browsers import a module that could not be had once never again. So its files are fetched first, which can be done any
 * number of times, and then come out of the browser's cache.
 */
export async function loadChunk<T>(name: string, load: () => Promise<T>, waits: readonly number[] = WAITS): Promise<T> {
  try {
    await Promise.all(filesOf(name).map(fetched));
  } catch (failure) {
    const [wait, ...further] = waits;
    if (wait === undefined || !navigator.onLine || failure instanceof Outdated) {
      throw failure;
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
    return loadChunk(name, load, further);
  }
  try {
    return await load();
  } catch (failure) {
    throw new Outdated("This page cannot import it any more.", { cause: failure });
  }
}

async function fetched(file: string): Promise<void> {
  const answer = await fetch(new URL(import.meta.env.BASE_URL + file, location.href));
  if (!answer.ok) {
    throw answer.status === 404 ? new Outdated(`${file} is gone.`) : new Error(`${answer.status} for ${file}`);
  }
  await answer.arrayBuffer();
}

/** What has to be there for a chunk besides what the page begins with; the build says so. */
function filesOf(name: string): readonly string[] {
  const content = document.querySelector<HTMLMetaElement>('meta[name="chunks"]')?.content;
  return content === undefined ? [] : ((JSON.parse(content) as Record<string, readonly string[]>)[name] ?? []);
}

const LATEST = 1_500;

/** Once there is time, loads what is not there yet, one after another: so it is there when the network is not. */
export function loadAllWhenIdle(): () => void {
  let going = true;
  const loadAll = async (): Promise<void> => {
    for (const chunk of chunks) {
      if (going && chunk.there === undefined) {
        await chunk.load().catch(() => undefined); // whoever needs it asks again
      }
    }
  };
  const run = (): void => void loadAll();
  const idle = "requestIdleCallback" in globalThis ? requestIdleCallback(run, { timeout: LATEST }) : undefined;
  const timer = idle === undefined ? setTimeout(run, LATEST) : undefined;
  addEventListener("online", run);
  return () => {
    going = false;
    removeEventListener("online", run);
    clearTimeout(timer);
    if (idle !== undefined) {
      cancelIdleCallback(idle);
    }
  };
}
