/** Everything by keyboard alone, with a focus that can be seen. */

import assert from "node:assert/strict";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { inTheRoom, openStage, OWNER, type Stage } from "./stage.ts";

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openStage();
  page = await (await stage.person()).newPage();
});
afterAll(() => stage.close());

test("the owner's account is made", async () => {
  await page.goto(stage.setUpLink);
  await page.getByLabel("Organisation").waitFor();

  for (const [field, value] of [
    ["Organisation", OWNER.organisation],
    ["Your name", OWNER.name],
    ["E-mail", OWNER.email],
    ["Password", OWNER.password],
  ] as const) {
    await tabTo(field);
    await page.keyboard.type(value);
  }
  await page.keyboard.press("Enter");

  await page.getByRole("heading", { name: `Hello, ${OWNER.name}` }).waitFor();
});

test("a dialog takes the focus, and gives it back to what opened it", async () => {
  await tabTo("Schedule for later");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Schedule a meeting" }).waitFor();
  await tabTo("What is it about?");
  await page.keyboard.press("Escape");

  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.textContent === "Schedule for later");
});

test("a meeting is started", async () => {
  await tabTo("Start now");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Join now" }).waitFor();
  await tabTo("Join now");
  await page.keyboard.press("Enter");

  await inTheRoom(page);
});

test("keys mute, and the chat opens, takes a message and gives focus back", async () => {
  await page.keyboard.press("m");
  await page.getByRole("button", { name: "Unmute" }).waitFor();

  await tabTo("Chat");
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "Message" }).waitFor();
  await page.keyboard.type("my notes");
  await page.keyboard.press("Enter");
  await page.getByText("my notes").waitFor();
  await page.getByRole("button", { name: "Unmute" }).waitFor();
  await page.keyboard.press("Escape");

  assert.equal(await focused(), "Chat");
});

test("the menu opens, moves and closes", async () => {
  await tabTo("More");
  await page.keyboard.press("Enter");
  await page.getByRole("menu").waitFor();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");

  await page.getByRole("dialog", { name: "Settings" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

test("the host ends the meeting", async () => {
  await tabTo("Leave");
  await page.keyboard.press("Enter");
  await page.getByRole("alertdialog").waitFor();
  await tabTo("End for everyone");
  await page.keyboard.press("Enter");

  await page.getByRole("heading", { name: "The meeting has ended" }).waitFor();
});

const MOST_TABS = 60;

/** Presses Tab until the focus is on what has this name; each stop on the way must show its focus. */
async function tabTo(name: string): Promise<void> {
  for (let count = 0; count < MOST_TABS; count += 1) {
    if ((await focused()) === name) return;
    await page.keyboard.press("Tab");
    assert.ok(await isFocusVisible(), `focus can't be seen on “${await focused()}”`);
  }
  assert.fail(`“${name}” can't be reached by Tab; last was “${await focused()}”`);
}

function focused(): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : null;
    return element?.getAttribute("aria-label") ?? label ?? element?.textContent ?? "";
  });
}

/** Three pixels around the element, or around what draws for it. */
function isFocusVisible(): Promise<boolean> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return true;
    const drawn = [element, element.closest("label"), element.parentElement];
    return drawn.some((candidate) => {
      if (candidate === null) return false;
      const { outlineStyle, outlineWidth } = getComputedStyle(candidate);
      return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 3;
    });
  });
}
