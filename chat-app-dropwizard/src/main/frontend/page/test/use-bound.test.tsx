import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FRAMES } from "../src/conversation/rows.js";
import { type Bound, useBound } from "../src/conversation/use-bound.js";

const ROW = 50;
const VIEW = 500;

const element = document.createElement("div");
/** The seqs of what is loaded. */
let loaded: number[];
let isShift: boolean;
let held: number;
let isStill: boolean;
const onArrived = vi.fn();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["requestAnimationFrame", "cancelAnimationFrame"] });
  loaded = Array.from({ length: 100 }, (_, i) => 101 + i);
  isShift = isStill = false;
  held = -1;
  element.scrollTop = 0;
  Object.defineProperties(element, {
    clientHeight: { value: VIEW, configurable: true },
    scrollHeight: { get: () => loaded.length * ROW, configurable: true },
    scrollTo: { value: ({ top }: { top: number }) => (element.scrollTop = top), configurable: true },
  });
  element.replaceChildren();
  onArrived.mockReset();
});
afterEach(() => {
  vi.useRealTimers();
  element.remove();
});

const view = {
  findItemIndex: (offset: number) => Math.floor(offset / ROW),
  getItemOffset: (index: number) => index * ROW,
  getItemSize: () => ROW,
  get scrollOffset() {
    return element.scrollTop;
  },
};

const scroller = { current: element };
const current = { current: view };

function list(): Bound {
  return useBound({
    scroller,
    view: current,
    indexOf: (seq) => ((loaded[0] ?? 0) > seq ? -1 : loaded.findIndex((one) => one >= seq)),
    seqAt: (index) => loaded[index],
    last: loaded.length - 1,
    isShift,
    held,
    isStill: () => isStill,
    onArrived,
  });
}

function shown(to: "end" | number): { readonly bound: () => Bound; readonly load: (seqs: number[]) => void } {
  const hook = renderHook(list);
  act(() => {
    hook.result.current.goTo(to === "end" ? to : { seq: to, align: "start" });
  });
  return {
    bound: () => hook.result.current,
    load: (seqs) => {
      loaded = seqs;
      hook.rerender();
      hook.result.current.follow();
    },
  };
}

/** The seq of the first row in view. */
const first = (): number | undefined => loaded[element.scrollTop / ROW];
const last = (): number | undefined => loaded[(element.scrollTop + VIEW) / ROW - 1];
const more = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** One that can be seen at once, as jsdom lays nothing out. */
function putRow(): void {
  const row = document.createElement("div");
  row.dataset["index"] = "0";
  row.getBoundingClientRect = () => ({ top: -20, bottom: -10 }) as DOMRect;
  element.getBoundingClientRect = () => ({ top: -30, bottom: 0 }) as DOMRect;
  element.append(row);
  document.body.append(element);
}

function frames(count: number): void {
  for (let i = 0; i < count; i++) {
    vi.advanceTimersToNextFrame();
  }
}

test("the end is where it stays, until somebody scrolls back, be it by a little", () => {
  const { bound, load } = shown("end");
  expect(last()).toBe(200);
  frames(FRAMES);
  load([...loaded, 201]);
  expect(last()).toBe(201);
  bound().touch();
  bound().scrolled(element.scrollTop);
  element.scrollTop -= 10;
  expect(bound().scrolled(element.scrollTop), "by hand").toBe(true);
  bound().settle(true);
  load([...loaded, 202]);
  expect(element.scrollTop, "whoever is about to scroll back is not drawn to the end").toBe(91 * ROW - 10);
  element.scrollTop = 92 * ROW - 10;
  expect(bound().scrolled(element.scrollTop)).toBe(false);
  bound().settle(true);
  load([...loaded, 203]);
  expect(last(), "whoever comes near to the end means to see what comes").toBe(203);
  expect(bound().isToEnd()).toBe(true);
  bound().settle(false);
  load([...loaded, 204]);
  expect(last(), "an end behind which there is more is none").toBe(203);
});

test("a view that cannot be scrolled as far while it is higher is drawn from the end by nobody", () => {
  const { bound } = shown("end");
  frames(FRAMES);
  bound().touch();
  bound().scrolled(element.scrollTop);
  element.scrollTop -= 70; // as the browser has it while what is below is not there
  Object.defineProperty(element, "clientHeight", { value: VIEW - 120, configurable: true });
  expect(bound().scrolled(element.scrollTop)).toBe(false);
  bound().settle(true);
  expect(bound().isToEnd()).toBe(true);
  expect(element.scrollTop).toBe(loaded.length * ROW - VIEW + 120);
  bound().scrolled(element.scrollTop);
  element.scrollTop -= 10;
  expect(bound().scrolled(element.scrollTop), "by hand, from then on").toBe(true);
});

test("what is read is not carried off, and it goes on to the end once that is over, or when somebody goes there", () => {
  const { bound, load } = shown("end");
  frames(FRAMES);
  isStill = true;
  load([...loaded, 201, 202]);
  bound().settle(true);
  load([...loaded, 203]);
  expect([last(), bound().isToEnd()]).toEqual([200, true]);
  isStill = false;
  load(loaded);
  expect(last()).toBe(203);
  isStill = true;
  load([...loaded, 204]);
  bound().goTo("end");
  expect(last()).toBe(204);
});

test("what is held stays where it is in the view, also where something above it changes its height", () => {
  const { bound, load } = shown("end");
  frames(FRAMES);
  bound().touch();
  bound().scrolled(element.scrollTop);
  held = 97;
  load([...loaded, 201]);
  const top = (): number => held * ROW - element.scrollTop;
  const before = top();
  for (const index of [98, 96]) {
    held = index; // as if what is above had become higher by a row, and then lower by two
    load(loaded);
    expect(top()).toBe(before);
    bound().scrolled(element.scrollTop);
    bound().settle(true);
  }
  held = -1;
  load(loaded);
  expect(last()).toBe(201);
});

test("what scrolls back by itself draws nobody from the end", () => {
  const { bound, load } = shown("end");
  frames(FRAMES);
  bound().scrolled(element.scrollTop);
  element.scrollTop -= 10; // rows were not so high as they were thought to be
  expect(bound().scrolled(element.scrollTop)).toBe(false);
  bound().settle(true);
  load([...loaded, 201]);
  expect(last()).toBe(201);
});

test("what comes and is yet to be followed draws nobody from the end, and whoever scrolls back by any means leaves it", () => {
  const { bound, load } = shown("end");
  frames(FRAMES);
  loaded = more(101, 260); // measured, and not followed
  bound().scrolled(element.scrollTop);
  bound().settle(true);
  expect(bound().isToEnd()).toBe(true);
  load(more(101, 261));
  expect(last()).toBe(261);
  loaded = more(101, 240); // so it cannot be scrolled as far as it was, and then it grows
  element.scrollTop = 130 * ROW;
  bound().scrolled(element.scrollTop);
  bound().settle(true);
  load(more(101, 270));
  expect(last()).toBe(270);
  element.scrollTop -= 50; // as a browser does that finds a text
  bound().scrolled(element.scrollTop);
  bound().settle(true);
  load(more(101, 271));
  expect(last()).toBe(269);
});

test("a place is gone to, also while messages are loaded in front of it and the view says where it was", () => {
  const { bound, load } = shown(150);
  expect(first()).toBe(150);
  element.scrollTop = 90 * ROW; // a list that keeps what was in view there
  bound().settle(true);
  load([...more(51, 100), ...loaded]);
  expect(first()).toBe(150);
  expect(bound().isGoing()).toBe(true);
  frames(FRAMES);
  expect(onArrived).toHaveBeenCalledTimes(1);
  expect(bound().isGoing()).toBe(false);
  element.scrollTop = 0;
  load([...loaded, 201]);
  expect(first(), "once it was there, it may be left").toBe(51);
});

test("what is read stays where it is when all is loaded afresh", () => {
  const { bound, load } = shown("end");
  frames(FRAMES);
  element.scrollTop = 39 * ROW + 20;
  bound().settle(true);
  load(more(131, 230));
  expect(element.scrollTop, "140 is at the head, and 20 pixels of it above").toBe(9 * ROW + 20);
  frames(FRAMES);
  load(more(136, 235));
  expect(element.scrollTop).toBe(4 * ROW + 20);
  frames(FRAMES);
  element.scrollTop = 14 * ROW + 20;
  bound().settle(true);
  load(more(141, 240)); // 150 is where 145 was
  expect(bound().isGoing(), "until the rows in front of it have been measured").toBe(true);
  frames(FRAMES);
  element.scrollTop = 10 * ROW;
  bound().settle(true);
  load(more(142, 241));
  expect(bound().isGoing()).toBe(true);
  frames(FRAMES);
  element.scrollTop = 10 * ROW;
  bound().settle(true);
  load(more(143, 242));
  expect(first()).toBe(152);
  expect(bound().isGoing(), "also where it goes to the same row as before").toBe(true);
  frames(FRAMES);
  load(more(101, 200));
  frames(FRAMES);
  element.scrollTop = 39 * ROW + 20;
  bound().settle(true);
  load(more(101, 200).filter((seq) => seq !== 140));
  expect(element.scrollTop, "if it is not there, what is behind it").toBe(39 * ROW + 20);
  frames(FRAMES);
  bound().touch();
  bound().settle(true);
  load(more(91, 200));
  expect(element.scrollTop).toBe(50 * ROW + 20);
});

test("what comes in front of what is read is up to the list", () => {
  const { bound, load } = shown("end");
  frames(FRAMES);
  element.scrollTop = 40 * ROW;
  bound().settle(true);
  isShift = true;
  load(more(51, 200));
  expect(element.scrollTop).toBe(40 * ROW);
  element.scrollTop = 90 * ROW;
  isShift = false;
  load(more(51, 201));
  expect(element.scrollTop).toBe(90 * ROW);
});

test("it has arrived as soon as what is in view has come to rest", () => {
  shown(150);
  frames(5);
  expect(onArrived, "nothing is there").not.toHaveBeenCalled();
  putRow();
  frames(1);
  expect(onArrived).not.toHaveBeenCalled();
  frames(1);
  expect(onArrived).toHaveBeenCalledTimes(1);
  frames(FRAMES);
  expect(onArrived).toHaveBeenCalledTimes(1);
});

test("whoever touches it on its way has it go no further", () => {
  const { bound, load } = shown(150);
  bound().touch();
  expect(onArrived).toHaveBeenCalledTimes(1);
  load([...more(51, 100), ...loaded]);
  expect(first()).toBe(100);
});

test("a place that is not there any more is not gone to, nor what then has its number", () => {
  const { load } = shown(150);
  load(more(301, 400));
  expect(first()).toBe(350);
  load(more(101, 200));
  expect(first()).toBe(150);
  load(more(51, 200));
  expect(first()).toBe(100);
});
