import { ChatProblem, ConnectionFailed } from "@message-center/client";
import { act, cleanup, renderHook } from "@testing-library/react";
import { useEffect } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { VirtualizerHandle } from "virtua";
import { useFurther } from "../src/conversation/use-further.js";

const onOlder = vi.fn<() => Promise<void>>();
const onNewer = vi.fn<() => Promise<void>>();
/** 5,000 pixels, of which 500 can be seen. */
const view = { scrollOffset: 0, viewportSize: 500, scrollSize: 5_000 };
const current = { current: view as VirtualizerHandle };
const TOP = 0;
const MIDDLE = 2_000;
const BOTTOM = 4_500;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onOlder.mockResolvedValue();
  onNewer.mockResolvedValue();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What a list does with it. */
function list({ connected = true }: { connected?: boolean }): ReturnType<typeof useFurther> {
  const further = useFurther({
    view: current,
    connected,
    hasOlder: true,
    hasNewer: true,
    onOlder,
    onNewer,
  });
  const { load, loads } = further;
  useEffect(() => {
    void load();
  }, [load, loads]);
  return further;
}

const pass = (millis: number): Promise<unknown> => act(() => vi.advanceTimersByTimeAsync(millis));

/** Scrolled to a place. */
async function shown(at: number): Promise<ReturnType<typeof renderHook<ReturnType<typeof useFurther>, object>>> {
  view.scrollOffset = at;
  const hook = renderHook(list, { initialProps: {} });
  await pass(0);
  return hook;
}

describe("what is behind an end", () => {
  test("is loaded where that is near, and again as long as it is", async () => {
    await shown(MIDDLE);
    expect([onOlder, onNewer].map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
    await shown(TOP);
    await pass(150);
    expect([onOlder, onNewer].map(({ mock }) => mock.calls.length)).toEqual([2, 0]);
    cleanup();
    await shown(BOTTOM);
    expect(onNewer).toHaveBeenCalledOnce();
  });

  test.each([
    ["older", TOP, onOlder],
    ["newer", BOTTOM, onNewer],
  ] as const)("is tried again by itself where that failed, later and later (%s)", async (end, at, on) => {
    on.mockRejectedValue(new ConnectionFailed("No answer."));
    const { result } = await shown(at);
    expect([result.current.failed, result.current.isLoading, on.mock.calls.length]).toEqual([end, false, 1]);
    await pass(1_900);
    await act(() => result.current.load()); // as at each scrolling
    expect(on).toHaveBeenCalledTimes(1);
    await pass(200);
    expect(on).toHaveBeenCalledTimes(2);
    await pass(3_900);
    expect(on).toHaveBeenCalledTimes(2);
    on.mockResolvedValue();
    await pass(200);
    expect([result.current.failed, on.mock.calls.length]).toEqual([undefined, 3]);
  });

  test("is loaded at one end, however it fails at the other", async () => {
    onOlder.mockRejectedValue(new ConnectionFailed("No answer."));
    const { result } = await shown(TOP);
    expect([result.current.failed, onNewer.mock.calls.length]).toEqual(["older", 0]);
    view.scrollOffset = BOTTOM;
    await act(() => result.current.load());
    expect([result.current.failed, onNewer.mock.calls.length]).toEqual([undefined, 1]);
    view.scrollOffset = TOP;
    await act(() => result.current.load());
    expect([result.current.failed, onOlder.mock.calls.length], "not sooner for that").toEqual(["older", 1]);
    view.scrollSize = 1_000; // both are near
    await act(() => result.current.load());
    view.scrollSize = 5_000;
    expect([result.current.failed, onNewer.mock.calls.length]).toEqual(["older", 2]);
    onNewer.mockRejectedValue(new ConnectionFailed("No answer."));
    view.scrollSize = 1_000;
    await act(() => result.current.load());
    const said = new Set<unknown>();
    for (let i = 0; i < 50; i++) {
      await pass(100);
      said.add(result.current.failed);
    }
    expect([...said], "of two ends that fail by turns one is told of").toEqual(["older"]);
    expect(onNewer.mock.calls.length).toBeGreaterThan(2);
    onNewer.mockResolvedValue();
    view.scrollSize = 5_000;
    const tries = onOlder.mock.calls.length;
    onOlder.mockResolvedValue();
    act(result.current.retry);
    await pass(0);
    expect([result.current.failed, onOlder.mock.calls.length]).toEqual([undefined, tries + 1]);
  });

  test("waits for as long as the service says, unless somebody asks for it, though not for a connection", async () => {
    onOlder.mockRejectedValue(new ChatProblem({ status: 429, code: "too_many_requests", detail: "", retryAfter: 20 }));
    const { result, rerender } = await shown(TOP);
    rerender({ connected: false });
    rerender({ connected: true });
    await pass(19_000);
    expect(onOlder).toHaveBeenCalledTimes(1);
    await pass(1_100);
    expect(onOlder).toHaveBeenCalledTimes(2);
    onOlder.mockResolvedValue();
    act(result.current.retry);
    await pass(0);
    expect([result.current.failed, onOlder.mock.calls.length]).toEqual([undefined, 3]);
  });

  test("is tried again when the connection is back, and not at all where it would fail again", async () => {
    onOlder.mockRejectedValueOnce(new ConnectionFailed("No answer."));
    onOlder.mockRejectedValue(new ChatProblem({ status: 400, code: "invalid", detail: "" }));
    const { result, rerender } = await shown(TOP);
    rerender({ connected: false });
    rerender({ connected: true });
    await pass(0);
    expect([result.current.failed, onOlder.mock.calls.length]).toEqual(["older", 2]);
    await pass(600_000);
    expect(onOlder).toHaveBeenCalledTimes(2);
  });

  test("is no failure to somebody who has gone elsewhere", async () => {
    onOlder.mockRejectedValue(new ConnectionFailed("No answer."));
    const { result, unmount } = await shown(TOP);
    view.scrollOffset = MIDDLE;
    await act(() => result.current.load());
    expect(result.current.failed).toBeUndefined();
    await pass(60_000);
    expect(onOlder).toHaveBeenCalledTimes(1);
    view.scrollOffset = TOP;
    await act(() => result.current.load());
    expect(result.current.failed).toBe("older");
    unmount();
    await pass(60_000);
    expect(onOlder).toHaveBeenCalledTimes(2);
  });
});
