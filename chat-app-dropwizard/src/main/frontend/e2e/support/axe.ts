import { expect, type Page } from "@playwright/test";
import axe, { type AxeResults } from "axe-core";
import { THEMES } from "./looks.js";

/** Fails with everything that axe finds on a page as it is now, in either theme of the system. */
export async function expectAccessible(page: Page): Promise<void> {
  // Evaluated by the tester's door, which the page's policy has no say in.
  await page.evaluate(axe.source);
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme });
    const results = await page.evaluate(async () => {
      // Colours go over into each other, be it for a frame.
      const passing = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
      await Promise.allSettled(passing.map(({ finished }) => finished));
      const { axe: here } = globalThis as unknown as { axe: { run: () => Promise<AxeResults> } };
      return here.run();
    });
    const found = results.violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html}\n  ${failureSummary ?? ""}`),
    );
    expect(found, `what axe finds, ${colorScheme}`).toEqual([]);
  }
}
