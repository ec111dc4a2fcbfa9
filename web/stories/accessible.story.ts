/** Every screen, in light and dark, on a desk and on the smallest phone: no finding of axe, nothing cut off. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

import type { AxeResults } from "axe-core";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { joinByLink, openStage, OWNER, setUpOwner, type Stage, startMeeting } from "./stage.ts";

/** Colours alone differ in the dark. */
const RULES = { light: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], dark: ["color-contrast"] };
const SIZES = { desk: { width: 1360, height: 850 }, phone: { width: 320, height: 640 } };

let stage: Stage;
let axe: string;
let hosting: BrowserContext;
let host: Page;
let link: string;

beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  stage = await openStage();
  hosting = await stage.person();
});
afterAll(() => stage.close());

test("outside of meetings", async () => {
  const page = await (await stage.person()).newPage();
  await page.goto(stage.setUpLink);
  await page.getByRole("button", { name: "Create the owner account" }).click();
  await look(page, "set-up");
  await page.goto(`${stage.url}/sign-in`);
  await look(page, "sign-in");
  await page.goto(stage.url);
  await look(page, "start");
  await page.goto(`${stage.url}/j/12`);
  await look(page, "missing");
});

test("at home", async () => {
  host = await setUpOwner(stage, hosting);
  await host.getByRole("button", { name: "Schedule for later" }).click();
  await look(host, "schedule");
  await host.getByLabel("What is it about?").fill("Ward round, team B");
  await host.getByRole("button", { name: "Schedule", exact: true }).click();
  await host.getByRole("heading", { name: "Ward round, team B" }).waitFor();
  await look(host, "home");
});

test("the account's browsers", async () => {
  await host.getByRole("button", { name: "Your browsers" }).click();
  await host.getByRole("heading", { name: "Recovery code" }).waitFor();
  await look(host, "browsers");
  await host.getByRole("button", { name: "Go to the start page" }).click();

  const other = await (await stage.person()).newPage();
  await other.goto(`${stage.url}/account`);
  await other.getByLabel("E-mail").fill(OWNER.email);
  await other.getByLabel("Password", { exact: true }).fill(OWNER.password);
  await other.getByRole("button", { name: "Sign in" }).click();
  await other.getByText("Waiting for the other browser").waitFor();
  await look(other, "outside");
  await other.close();
});

test("in front of a meeting", async () => {
  link = await startMeeting(host);
  await look(host, "alone");
  const asking = await stage.browser.newContext();
  const stranger = await asking.newPage();
  await stranger.goto(link.split("#")[0] ?? "");
  await look(stranger, "ask");

  const page = await (await stage.person()).newPage();
  await page.goto(link.split("#")[0] ?? "");
  await page.getByText("Camera, microphone and speaker").click();
  await page.getByText("We can hear you").waitFor();
  await look(page, "pre-join");
  await page.getByLabel("Your name").fill("Grandma Nakamura");
  await page.getByRole("button", { name: "Join now" }).click();
  await page.getByRole("heading", { name: "Please wait a moment" }).waitFor();
  await look(page, "waiting");
});

test("in a meeting", async () => {
  const guest = await joinByLink(await stage.person(), link, "Bo Lindqvist");
  await host.locator("video").nth(1).waitFor();
  await look(host, "room");
  await host.getByRole("button", { name: "Chat" }).click();
  await guest.getByRole("button", { name: "Chat" }).click();
  await guest.getByLabel("Message").fill("Good morning. Can you see the X-ray?");
  await guest.getByLabel("Message").press("Enter");
  await host.getByRole("list", { name: "Chat" }).getByText("Can you see the X-ray?").waitFor();
  await look(host, "chat");
  await host.getByRole("button", { name: "People" }).click();
  await look(host, "people");
  await host.getByRole("button", { name: "Close" }).click();
  await host.getByRole("button", { name: "More" }).click();
  await look(host, "more");
  await host.getByRole("menuitem", { name: "Settings" }).click();
  await look(host, "settings");
  await host.getByRole("button", { name: "Close" }).click();
  await host.getByRole("button", { name: "Encryption: Encrypted" }).click();
  await look(host, "shield");
  await host.getByRole("button", { name: "Close" }).click();
  await host.getByRole("button", { name: "Leave" }).click();
  await look(host, "leave");
  await guest.getByRole("button", { name: "Close" }).click();
  await guest.getByRole("button", { name: "Leave" }).click();
  await guest.getByRole("heading", { name: "You left the meeting" }).waitFor();
  await look(guest, "over");
});

/** Looks at what the page shows now, in every size and colour, and from right to left. */
async function look(page: Page, name: string): Promise<void> {
  const before = page.viewportSize() ?? SIZES.desk;
  for (const [device, size] of Object.entries(SIZES)) {
    await page.setViewportSize(size);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await settled(page);
      await picture(page, `${name}-${device}-${colorScheme}`);
      assert.deepEqual(await lasting(page, RULES[colorScheme]), [], `${name}, ${device}, ${colorScheme}`);
    }
    assert.ok(await fits(page), `${name} fits on a ${device}`);
    await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
    assert.ok(await fits(page), `${name} fits on a ${device} from right to left`);
    await page.evaluate(() => document.documentElement.removeAttribute("dir"));
  }
  await page.setViewportSize(before);
}

/** On a busy machine a colour may still be on its way from one scheme to the other. */
async function lasting(page: Page, rules: readonly string[]): Promise<string[]> {
  const found = await findings(page, rules);
  if (found.length === 0) return found;
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  return await findings(page, rules);
}

async function findings(page: Page, rules: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (rules) => (globalThis as unknown as { axe: { run(node: Document, options: object): Promise<AxeResults> } }).axe.run(document, { runOnly: rules }),
    rules,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("; ")}`);
}

function fits(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
}

/** Two frames after the last change of size or colour. */
function settled(page: Page): Promise<void> {
  return page.evaluate(() => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 150)))));
}

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env["STORY_SHOTS"];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
}
