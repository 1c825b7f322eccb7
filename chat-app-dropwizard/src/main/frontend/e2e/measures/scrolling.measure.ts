import type { Page } from "@playwright/test";
import { converse, loadOlder, scrollTop } from "../support/feed.js";
import { parts } from "../support/page.js";
import { expect, test } from "../support/test.js";

const MANY = 10_000;
const FEW = 300;
const ROUNDS = 7;
/** In one round, and how far each goes: as fast as a wheel is turned in earnest. */
const FRAMES = 150;
const PIXELS = 100;

interface Frames {
  /** From one frame to the next, in milliseconds. */
  readonly gaps: readonly number[];
  /** What the page does for one, in milliseconds, until it is ready to be drawn. */
  readonly work: readonly number[];
}

async function scrollUp(page: Page): Promise<Frames> {
  await page.bringToFront();
  await scrollTop(page, Number.MAX_SAFE_INTEGER);
  return await parts.messages(page).evaluate(
    async (feed, { frames, pixels }) => {
      const [gaps, work]: number[][] = [[], []];
      const frame = (): Promise<number> => new Promise(requestAnimationFrame);
      for (let i = 0; i < 10; i++) {
        await frame();
      }
      for (let i = 0, last = await frame(); i < frames; i++) {
        const began = performance.now();
        feed.scrollTop -= pixels;
        feed.dispatchEvent(new Event("scroll")); // which would come before the next frame
        await new Promise<void>((resolve) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => {
            resolve();
          };
          port2.postMessage(0);
        });
        feed.getBoundingClientRect(); // what has changed is laid out
        work?.push(performance.now() - began);
        const now = await frame();
        gaps?.push(now - last);
        last = now;
      }
      return { gaps: gaps ?? [], work: work ?? [] };
    },
    { frames: FRAMES, pixels: PIXELS },
  );
}

function quantile(values: readonly number[], of: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(of * sorted.length))] ?? Number.NaN;
}

function told(frames: readonly Frames[]): string {
  const [gaps, work] = [frames.flatMap((one) => one.gaps), frames.flatMap((one) => one.work)];
  const late = (100 * gaps.filter((gap) => gap > 25).length) / gaps.length;
  const of = (values: readonly number[]): string =>
    [0.5, 0.95, 0.99].map((part) => quantile(values, part).toFixed(1)).join(" / ");
  return `work for a frame ${of(work)} ms, from frame to frame ${of(gaps)} ms (p50 / p95 / p99), ${late.toFixed(1)} % late`;
}

test("scrolling through 10,000 loaded messages, beside 300", async ({ person, visit }) => {
  test.setTimeout(600_000);
  const [alice, bob] = [await person("alice"), await person("bob")];
  await converse(bob, alice, MANY);
  const open = async (): Promise<Page> => {
    const page = await visit({ as: alice, path: `/#with=${bob.name}` });
    await expect(page.getByRole("article").first()).toBeVisible();
    return page;
  };
  const [few, many] = [await open(), await open()];
  await loadOlder(few, (FEW / MANY) * MANY * 80);
  await loadOlder(many);
  await scrollUp(few);
  await scrollUp(many);
  const frames: { few: Frames[]; many: Frames[] } = { few: [], many: [] };
  for (let round = 0; round < ROUNDS; round++) {
    frames.few.push(await scrollUp(few));
    frames.many.push(await scrollUp(many));
  }
  const ratio =
    quantile(
      frames.many.flatMap((one) => one.work),
      0.5,
    ) /
    quantile(
      frames.few.flatMap((one) => one.work),
      0.5,
    );
  console.log(`${FEW} loaded: ${told(frames.few)}`);
  console.log(`${MANY} loaded: ${told(frames.many)}`);
  console.log(`Work for half of the frames: ${ratio.toFixed(2)} times`);
});
