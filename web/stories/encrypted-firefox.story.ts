/** Chromium and Firefox meet, encrypted: their frames take two different ways through the browser. */

import assert from "node:assert/strict";
import { join } from "node:path";

import type { Page } from "playwright-core";
import type { Page as FirefoxPage } from "puppeteer-core";
import { afterAll, beforeAll, test } from "vitest";

import { decodedBy, type Firefox, heardBy, openFirefox } from "./firefox.ts";
import { decoded, heard, openStage, rememberConnections, setUpOwner, type Stage, startMeeting, until } from "./stage.ts";

let stage: Stage;
let firefox: Firefox;
let host: Page;
let guest: FirefoxPage;

beforeAll(async () => {
  stage = await openStage();
  firefox = await openFirefox(rememberConnections);
});
afterAll(async () => {
  await keepPicture();
  await firefox.close();
  await stage.close();
});

test("somebody in Firefox opens the link, and both are encrypted", async () => {
  host = await setUpOwner(stage, await stage.person());
  guest = await firefox.page();
  await guest.goto(await startMeeting(host));
  await guest.locator("input[autocomplete=name]").fill("Bo Lindqvist");
  await guest.locator("::-p-text(Join now)").click();

  await guest.waitForSelector("[aria-label='Encryption: Encrypted']", { timeout: 60_000 });
  await host.getByRole("figure", { name: "Bo Lindqvist" }).waitFor();
});

test("pictures and sound arrive in both, and go on", async () => {
  for (const more of [20, 40]) {
    await until("Firefox sees Chromium", () => decodedBy(guest), (frames) => frames > more, 60);
    await until("Chromium sees Firefox", () => decoded(host), (frames) => frames > more, 60);
  }
  await until("Firefox hears Chromium", () => heardBy(guest), (energy) => energy > 0);
  await until("Chromium hears Firefox", () => heard(host), (energy) => energy > 0);
});

test("a message arrives", async () => {
  await host.getByRole("button", { name: "Chat" }).click();
  await host.getByLabel("Message").fill("Only for you");
  await host.getByLabel("Message").press("Enter");
  await guest.locator("[aria-label='Chat, 1 unread message']").click();
  await guest.waitForSelector("::-p-text(Only for you)");
});

test("both show the same security code", async () => {
  await host.getByRole("button", { name: "Encryption: Encrypted" }).click();
  await guest.locator("[aria-label='Encryption: Encrypted']").click();
  const code = await host.getByRole("dialog").getByRole("img").first().getAttribute("aria-label");
  const shown = await guest.waitForSelector("[role=dialog] [role=img]");

  assert.equal(await shown?.evaluate((element) => element.getAttribute("aria-label")), code);
});

async function keepPicture(): Promise<void> {
  const folder = process.env["STORY_SHOTS"];
  if (folder !== undefined && guest !== undefined) await guest.screenshot({ path: join(folder, "firefox.png") });
}
