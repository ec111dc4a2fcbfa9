/** People come by code: the host sees and hears them knock, lets one in and turns another away. */

import assert from "node:assert/strict";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { inTheRoom, openStage, setUpOwner, type Stage, startMeeting, until } from "./stage.ts";

let stage: Stage;
let host: Page;
let code: string;

beforeAll(async () => {
  stage = await openStage();
  const context = await stage.person();
  await context.addInitScript(countTones);
  host = await setUpOwner(stage, context);
  const link = await startMeeting(host);
  code = /\/j\/([\d-]+)/.exec(link)?.[1] ?? "";
});
afterAll(() => stage.close());

test("who has only the code waits, and the host hears and sees it", async () => {
  const before = await tones(host);
  const guest = await knock("Cy Marin");

  await guest.getByRole("heading", { name: "Please wait a moment" }).waitFor();
  await host.getByRole("region", { name: "Waiting to come in" }).getByText("Cy Marin wants to come in").waitFor();
  assert.match(await host.title(), /^\(1\) Someone is waiting/);
  await until("the knock is heard", () => tones(host), (count) => count > before);

  await host.getByRole("button", { name: "Let in Cy Marin" }).click();
  await inTheRoom(guest);
  await host.getByRole("figure", { name: "Cy Marin" }).waitFor();
  assert.doesNotMatch(await host.title(), /waiting/);
});

test("who is turned away is told so, kindly", async () => {
  const guest = await knock("Di Sorel");

  await host.getByRole("button", { name: "Not now, Di Sorel" }).click();

  await guest.getByRole("heading", { name: "You were not let in" }).waitFor();
  await host.getByRole("region", { name: "Waiting to come in" }).waitFor({ state: "detached" });
});

test("a code that nobody has leads to a plain answer", async () => {
  const guest = await knock("Eve", code === "000-000-001" ? "000-000-002" : "000-000-001");

  await guest.getByText("There is no meeting with this invitation.").waitFor();
});

async function knock(name: string, at = code): Promise<Page> {
  const page = await (await stage.person()).newPage();
  await page.goto(stage.url);
  await page.getByLabel("Meeting code or link").fill(at.replaceAll("-", " "));
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Join now" }).click();
  return page;
}

/** Runs in the page: counts the tones that it plays. */
function countTones(): void {
  const counter = { tones: 0 };
  Object.assign(globalThis, { counter });
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (this: OscillatorNode, when?: number) {
    counter.tones += 1;
    return start.call(this, when);
  };
}

function tones(page: Page): Promise<number> {
  return page.evaluate(() => (globalThis as unknown as { counter: { tones: number } }).counter.tones);
}
