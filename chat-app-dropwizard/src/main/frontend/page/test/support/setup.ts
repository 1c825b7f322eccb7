import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach } from "vitest";

configure({ asyncUtilTimeout: 20_000 }); // a machine may be busy

class FakeMedia extends EventTarget {
  constructor(readonly media: string) {
    super();
  }
  /** A mouse and a keyboard. */
  get matches(): boolean {
    return this.media === "(pointer: fine)";
  }
}

if ("document" in globalThis) {
  // What jsdom lacks: it lays nothing out.
  const nothing = (): void => undefined;
  Object.assign(globalThis, {
    ResizeObserver: class {
      observe = nothing;
      unobserve = nothing;
      disconnect = nothing;
    },
    matchMedia: (query: string) => new FakeMedia(query),
  });
  Object.assign(Element.prototype, { scrollIntoView: nothing, scrollTo: nothing, scrollBy: nothing });

  beforeEach(() => {
    localStorage.clear();
    history.replaceState(null, "", "/");
  });
  afterEach(cleanup);
}
