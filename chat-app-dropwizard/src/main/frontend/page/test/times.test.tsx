import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useTimes } from "../src/i18n/times.js";

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 10, 27, 23, 59) });
});

afterEach(() => {
  vi.useRealTimers();
});

test("times are the same for all who show them until the day ends, and then say another day", () => {
  const [one, other] = [renderHook(useTimes), renderHook(useTimes)];
  const before = one.result.current;
  expect(other.result.current).toBe(before);
  const at = new Date(2026, 10, 27, 12).getTime();
  expect(before.day(at)).toBe("Today");
  act(() => {
    vi.advanceTimersByTime(2 * 60_000);
  });
  expect(one.result.current).not.toBe(before);
  expect(other.result.current).toBe(one.result.current);
  expect(one.result.current.day(at)).toBe("Yesterday");
  act(() => {
    vi.advanceTimersByTime(86_400_000);
  });
  expect(one.result.current.day(at)).not.toBe("Yesterday");
  one.unmount();
  other.unmount();
  expect(vi.getTimerCount()).toBe(0);
});
