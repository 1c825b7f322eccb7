import { act, cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { type ReactNode, useState } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { en } from "../src/i18n/en.js";
import { Chunk, loadAllWhenIdle, loadChunk, Outdated } from "../src/parts/chunk.js";
import { pane, popup } from "../src/parts/part.js";
import { Toasts } from "../src/ui/toast.js";

const online = vi.fn(() => true);
const answers = vi.fn<(url: URL) => Promise<Response>>();

function chunksNeed(files: Readonly<Record<string, readonly string[]>>): void {
  document.head.innerHTML = "";
  const meta = document.createElement("meta");
  meta.name = "chunks";
  meta.content = JSON.stringify(files);
  document.head.append(meta);
}

beforeEach(() => {
  online.mockReturnValue(true);
  Object.defineProperty(navigator, "onLine", { configurable: true, get: online });
  answers.mockImplementation(() =>
    navigator.onLine ? Promise.resolve(new Response()) : Promise.reject(new TypeError("no network")),
  );
  chunksNeed({ part: ["assets/part.js"] });
  vi.stubGlobal("fetch", answers);
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(navigator, "onLine");
  document.head.innerHTML = "";
});

const lost = (): Promise<never> => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));

/** What a chunk loads; what it needs can be had only where there is a network. */
function loading<P>(component: (props: P) => ReactNode): () => Promise<{ readonly default: (props: P) => ReactNode }> {
  return vi.fn(() => Promise.resolve({ default: component }));
}

describe("a chunk", () => {
  test("is loaded once, and asked for again when that failed", async () => {
    const load = loading(() => null);
    const chunk = new Chunk("part", load);
    online.mockReturnValue(false);
    await expect(Promise.all([chunk.load(), chunk.load()])).rejects.toThrow(TypeError);
    expect([answers.mock.calls.length, chunk.there]).toEqual([1, undefined]);
    online.mockReturnValue(true);
    await Promise.all([chunk.load(), chunk.load()]);
    await chunk.load();
    expect(load).toHaveBeenCalledOnce();
    expect(chunk.there).toBeDefined();
  });

  test("has its files fetched before it is imported, by a network that may be gone for a moment", async () => {
    chunksNeed({ part: ["assets/part.js", "assets/other.js"] });
    const load = vi.fn(() => Promise.resolve("there"));
    answers.mockResolvedValueOnce(new Response()).mockResolvedValue(new Response("", { status: 503 }));
    await expect(loadChunk("part", load, [1])).rejects.toThrow("503");
    expect(answers).toHaveBeenCalledTimes(4);
    expect(load).not.toHaveBeenCalled();
    answers
      .mockRejectedValueOnce(new TypeError("no network"))
      .mockImplementation(() => Promise.resolve(new Response()));
    expect(await loadChunk("part", load, [1])).toBe("there");
    expect(answers.mock.calls.map(([url]) => url.pathname)).toContain("/assets/other.js");
  });

  test("is outdated where the service does not have it, or it cannot be imported any more", async () => {
    chunksNeed({ part: ["assets/part.js"] });
    answers.mockResolvedValue(new Response("", { status: 404 }));
    await expect(loadChunk("part", lost)).rejects.toThrow(Outdated);
    expect(answers).toHaveBeenCalledOnce();
    await expect(loadChunk("another", lost)).rejects.toThrow(Outdated);
  });

  test("is loaded before it is needed, once there is time, or when the network is back", async () => {
    const chunk = new Chunk(
      "part",
      loading(() => null),
    );
    online.mockReturnValue(false);
    vi.useFakeTimers();
    const stop = loadAllWhenIdle();
    expect(answers).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_500);
    vi.useRealTimers();
    await vi.waitFor(() => {
      expect(answers).toHaveBeenCalled(); // one after another: this is not the only chunk
    });
    expect(chunk.there).toBeUndefined();
    online.mockReturnValue(true);
    dispatchEvent(new Event("online"));
    await vi.waitFor(() => {
      expect(chunk.there).toBeDefined();
    });
    stop();
  });
});

describe("a part of the page whose chunk cannot be had", () => {
  test("says so, and is there when it is tried again", async () => {
    online.mockReturnValue(false);
    const load = loading(({ name }: { readonly name: string }) => <p>hello {name}</p>);
    const Part = pane("part", load);
    render(<Part name="bob" fallback={<p>soon</p>} />);
    expect(screen.getByText("soon")).toBeDefined();
    expect((await screen.findByRole("alert")).textContent).toContain(en.couldNotLoad);
    await userEvent.setup().click(screen.getByRole("button", { name: en.tryAgain }));
    await screen.findByRole("alert");
    online.mockReturnValue(true);
    await userEvent.setup().click(screen.getByRole("button", { name: en.tryAgain }));
    expect(await screen.findByText("hello bob")).toBeDefined();
  });

  test("is there by itself when the network is back", async () => {
    online.mockReturnValue(false);
    const Part = pane(
      "part",
      loading(() => <p>hello</p>),
    );
    render(<Part />);
    await screen.findByRole("alert");
    online.mockReturnValue(true);
    act(() => {
      dispatchEvent(new Event("online"));
    });
    expect(await screen.findByText("hello")).toBeDefined();
  });

  test("is had by loading the page again where the page has changed", async () => {
    const Part = pane("part", lost);
    render(<Part />);
    expect(await screen.findByRole("button", { name: en.reload })).toBeDefined();
  });

  test("closes where it would have opened, says so, and opens the next time", async () => {
    online.mockReturnValue(false);
    const Menu = popup(
      "part",
      loading(({ open = true }: { open?: boolean; onClose: () => void }) => open && <p>choices</p>),
    );
    function Opener({ stays }: { readonly stays: boolean }): ReactNode {
      const [open, setOpen] = useState(false);
      const close = (): void => {
        setOpen(false);
      };
      return (
        <>
          <button
            onClick={() => {
              setOpen(true);
            }}
          >
            open
          </button>
          <output>{open ? "opened" : "closed"}</output>
          {stays ? <Menu open={open} onClose={close} /> : open && <Menu onClose={close} />}
          <Toasts />
        </>
      );
    }
    const user = userEvent.setup();
    for (const stays of [false, true]) {
      online.mockReturnValue(false);
      render(<Opener stays={stays} />);
      await user.click(screen.getByRole("button"));
      expect(await screen.findByText(new RegExp(en.couldNotLoad))).toBeDefined();
      expect(screen.getByText("closed")).toBeDefined();
      cleanup();
    }
    render(<Opener stays />);
    await user.click(screen.getByRole("button"));
    expect(screen.getByText("closed")).toBeDefined();
    online.mockReturnValue(true);
    await user.click(screen.getByRole("button"));
    expect(await screen.findByText("choices")).toBeDefined();
  });
});
