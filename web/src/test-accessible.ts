/** For tests: what axe finds in what a page shows. Dialogs are looked at after each test; what is closed by then, and a screen, where a test says so. */

import type { AxeResults, RunOptions } from "axe-core";
import { expect } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    /** The titles of those that were looked at. */
    dialogs?: string[];
  }
}

export const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** They ask for sizes, colours, a canvas or sound: the stories have them, a page without a browser has none. */
export const NEED_A_BROWSER = [
  "avoid-inline-spacing",
  "color-contrast",
  "label-content-name-mismatch",
  "link-in-text-block",
  "no-autoplay-audio",
  "scrollable-region-focusable",
  "target-size",
];

const OPTIONS: RunOptions = {
  runOnly: RULES,
  rules: Object.fromEntries(NEED_A_BROWSER.map((rule) => [rule, { enabled: false }])),
  resultTypes: ["violations"],
  selectors: false,
  preload: false,
};

const DIALOG = "[role=dialog], [role=alertdialog]";

/** What was looked at, in which file: the same is not looked at twice. */
const known = new Set<string>();
/** Of the dialogs that this test has shown. */
const titles = new Set<string>();

/** Looks at the dialog that is open, or at the screen. */
export async function look(): Promise<void> {
  const dialogs = shown(DIALOG);
  const parts = dialogs.length > 0 ? dialogs : shown("main");
  expect(parts.length, "dialogs or screens that are shown").toBeGreaterThan(0);
  for (const part of parts) await lookAt(part);
}

export async function lookAtDialogs(): Promise<void> {
  for (const dialog of shown(DIALOG)) await lookAt(dialog);
}

/** Those since they were taken last. */
export function takeTitles(): string[] {
  const taken = [...titles];
  titles.clear();
  return taken;
}

/** What is broken, where, and why. */
export function findingsOf({ violations }: AxeResults): string[] {
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("; ")}`);
}

async function lookAt(part: HTMLElement): Promise<void> {
  const title = part.querySelector("h1, h2")?.textContent ?? "";
  if (part.matches(DIALOG)) titles.add(title);
  const shape = [...part.querySelectorAll("*")].map((one) => `${one.localName}${one.getAttribute("aria-invalid") ?? ""}${one.getAttribute("aria-expanded") ?? ""}`);
  const looked = [expect.getState().testPath, title, ...shape].join(" ");
  if (known.has(looked)) return;
  known.add(looked);
  const { default: axe } = await import("axe-core");
  expect(findingsOf(await axe.run(part, OPTIONS)), `findings in “${title}”`).toEqual([]);
}

/** What another dialog lies over is hidden from everybody. */
function shown(selector: string): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(selector)].filter((part) => part.closest("[aria-hidden=true]") === null);
}
