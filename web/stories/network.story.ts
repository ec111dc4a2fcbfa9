/** The network goes and comes back: nobody loses their place, is unmuted, or gets another microphone. */

import assert from "node:assert/strict";

import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { decoded, heard, inTheRoom, keptParticipant, openStage, setUpOwner, type Stage, startMeeting, until } from "./stage.ts";

let stage: Stage;
let host: Page;
let guest: Page;
let before: Kept;

/** What has to be the same afterwards. */
interface Kept {
  participant: string | undefined;
  microphone: string | undefined;
}

beforeAll(async () => {
  stage = await openStage();
  host = await setUpOwner(stage, await stage.person());
});
afterAll(() => stage.close());

test("a guest chooses another microphone, is heard with it, and mutes", async () => {
  const link = await startMeeting(host);
  guest = await (await stage.person()).newPage();
  await guest.goto(link);
  await guest.getByText("Camera, microphone and speaker").click();
  const choice = guest.getByLabel("Microphone", { exact: true });
  const ids = await choice.locator("option").evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
  const chosen = ids.at(-1) ?? "";
  await choice.selectOption(chosen);
  await guest.getByLabel("Your name").fill("Bo Lindqvist");
  await guest.getByRole("button", { name: "Join now" }).click();
  await inTheRoom(guest);
  const silence = await heard(host);
  await until("the guest is heard", () => heard(host), (energy) => energy > silence);

  await guest.getByRole("button", { name: "Mute" }).click();
  await guest.getByRole("button", { name: "Unmute" }).waitFor();

  before = await kept(guest);
  assert.notEqual(ids[0], chosen);
  assert.equal(before.microphone, chosen);
});

test("where nothing comes any more both are told so before anything is lost, and it passes", async () => {
  // Nobody misses what has only just begun.
  await Promise.all([host, guest].map((page) => goesOn(page, 15)));
  await stage.freeze(async () => {
    await Promise.all([host, guest].map((page) => silent(page).waitFor({ timeout: 10_000 })));
    for (const page of [host, guest]) assert.equal(await lost(page).count(), 0);
  });

  for (const page of [host, guest]) await silent(page).waitFor({ state: "detached" });
  await isAsBefore();
});

test("while the line is cut both are told so, and it passes", async () => {
  await stage.line.cut();
  await isTold();
  await stage.line.mend();

  await isAsBefore();
});

test("when the server was restarted the meeting goes on", async () => {
  await stage.restart(isTold);

  await isAsBefore();
});

test("who mutes while the line is cut is muted when it is back", async () => {
  const silence = await heard(host);
  await guest.getByRole("button", { name: "Unmute" }).click();
  await until("the guest is heard", () => heard(host), (energy) => energy > silence);

  await stage.line.cut();
  await isTold();
  await guest.getByRole("button", { name: "Mute" }).click();
  await guest.getByRole("button", { name: "Unmute" }).waitFor();
  await stage.line.mend();

  await isAsBefore();
});

test("the guest can still be heard", async () => {
  const silence = await heard(host);
  await guest.getByRole("button", { name: "Unmute" }).click();

  await until("the guest is heard again", () => heard(host), (energy) => energy > silence);
});

function silent(page: Page): Locator {
  return page.getByText("Nothing is coming over your connection. Waiting for it…");
}

function lost(page: Page): Locator {
  return page.getByText("Connection lost. Reconnecting…");
}

async function isTold(): Promise<void> {
  for (const page of [host, guest]) await lost(page).first().waitFor();
}

async function isAsBefore(): Promise<void> {
  const pages = [host, guest];
  for (const page of pages) await until("the connection is back", () => lost(page).count(), (count) => count === 0, 60);
  await Promise.all(pages.map((page) => goesOn(page, 5)));
  // In the same seconds: nobody is unmuted by a connection that comes back.
  await Promise.all([isSilent(), ...pages.map((page) => goesOn(page, 15))]);
  assert.deepEqual(await kept(guest), before);
  await guest.getByRole("button", { name: "Unmute" }).waitFor();
  await host.getByText("2 people").waitFor();
}

async function goesOn(page: Page, more: number): Promise<void> {
  const frames = await decoded(page);
  await until("pictures go on", () => decoded(page), (count) => count > frames + more, 60);
}

/** At the host's. The fake microphone beeps each second. */
async function isSilent(): Promise<void> {
  const energy = await heard(host);
  await host.waitForTimeout(2_500);
  assert.ok((await heard(host)) - energy < 1e-6, "nothing is heard of who is muted");
}

async function kept(page: Page): Promise<Kept> {
  const microphone = await page.evaluate(() => {
    const { keptConnections } = globalThis as unknown as { keptConnections: RTCPeerConnection[] };
    return keptConnections
      .filter(({ connectionState }) => connectionState !== "closed")
      .flatMap((connection) => connection.getSenders())
      .find(({ track }) => track?.kind === "audio" && track.readyState === "live")
      ?.track?.getSettings().deviceId;
  });
  return { participant: await keptParticipant(page), microphone };
}
