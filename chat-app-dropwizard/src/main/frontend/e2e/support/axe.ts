import { expect, type Page } from "@playwright/test";
import axe, { type AxeResults } from "axe-core";

/** Fails with everything that axe finds on a page as it is now. */
export async function expectAccessible(page: Page): Promise<void> {
  // Evaluated by the tester's door, which the page's policy has no say in.
  await page.evaluate(axe.source);
  const results = await page.evaluate(async () => {
    const { axe: here } = globalThis as unknown as { axe: { run: () => Promise<AxeResults> } };
    return here.run();
  });
  const found = results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html}\n  ${failureSummary ?? ""}`),
  );
  expect(found, "what axe finds").toEqual([]);
}
