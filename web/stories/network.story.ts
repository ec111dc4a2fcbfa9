/** The network goes and comes back: nobody loses their place, is unmuted, or gets another microphone. */

import assert from "node:assert/strict";

import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { decoded, decodesOn, heard, inTheRoom, keptParticipant, openStage, setUpOwner, type Stage, startMeeting, until } from "./stage.ts";

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
  const listed = (): Promise<string[]> => choice.locator("option").evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
  const ids = await until("microphones are listed", listed, (all) => all.length > 1);
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
  // Nobody misses what has only just begun, or comes now and then.
  await until("pictures flow at both", flowing, (frames) => frames >= 6, 60);
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
  await Promise.all(pages.map((page) => decodesOn(page, 5)));
  // In the same seconds: nobody is unmuted by a connection that comes back.
  await Promise.all([isSilent(), ...pages.map((page) => decodesOn(page, 15))]);
  assert.deepEqual(await kept(guest), before);
  await guest.getByRole("button", { name: "Unmute" }).waitFor();
  await host.getByText("2 people").waitFor();
}

/** How many pictures came in two seconds where fewer did. */
async function flowing(): Promise<number> {
  const before = await Promise.all([host, guest].map(decoded));
  await host.waitForTimeout(2_000);
  const after = await Promise.all([host, guest].map(decoded));
  return Math.min(...after.map((count, at) => count - (before[at] ?? 0)));
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
