/** A person with a keyboard and nothing else. */

import assert from "node:assert/strict";

import type { Page } from "playwright-core";

import { until } from "./stage.ts";

const MOST_TABS = 60;

/** Presses Tab until the focus is on what has this name; each stop on the way must show its focus. */
export async function tabTo(on: Page, name: string): Promise<void> {
  for (let count = 0; count < MOST_TABS; count += 1) {
    if ((await focused(on)) === name) return;
    await on.keyboard.press("Tab");
    // The page draws it once it has heard of the key.
    await until(`the focus can be seen on “${await focused(on)}”`, () => isFocusVisible(on), Boolean);
  }
  assert.fail(`“${name}” can't be reached by Tab; last was “${await focused(on)}”`);
}

/** What the focus is on is called. */
export function focused(on: Page): Promise<string> {
  return on.evaluate(() => {
    const element = document.activeElement;
    const isField = element instanceof HTMLInputElement || element instanceof HTMLSelectElement;
    const label = isField ? element.labels?.[0]?.textContent : null;
    return element?.getAttribute("aria-label") ?? label ?? element?.textContent ?? "";
  });
}

/** Three pixels around the element, or around what draws for it. */
function isFocusVisible(on: Page): Promise<boolean> {
  return on.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return true;
    // No stop of Tab: a title that the page puts the focus on when it changes, in the middle of the way if it comes late.
    if (element.tabIndex < 0) return true;
    const drawn = [element, element.closest("label"), element.parentElement];
    return drawn.some((candidate) => {
      if (candidate === null) return false;
      const { outlineStyle, outlineWidth } = getComputedStyle(candidate);
      return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 3;
    });
  });
}
