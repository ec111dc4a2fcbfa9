/** Two people meet: from the printed set-up link to the end page. */

import assert from "node:assert/strict";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import {
  decodesOn,
  inTheRoom,
  joinByLink,
  keptParticipant,
  LARGE,
  openStage,
  type Received,
  received,
  setUpOwner,
  type Stage,
  startMeeting,
  until,
  USUAL,
} from "./stage.ts";

const SHARED = "Shared picture";
/** What is shared is encoded and decoded as large as it is. */
const SMALL = { width: 640, height: 360 };

let stage: Stage;
let hosting: BrowserContext;
let visiting: BrowserContext;
let host: Page;
let guest: Page;

beforeAll(async () => {
  stage = await openStage({ sharedTab: SHARED, fps: 10, viewport: LARGE });
  hosting = await stage.person();
  visiting = await stage.person();
});
afterAll(() => stage.close());

// Shows: REQ-EM-01, REQ-MT-05.
test("the owner sets up from the printed link and starts a meeting, a guest opens the invitation", async () => {
  host = await setUpOwner(stage, hosting);
  const link = await startMeeting(host);
  guest = await joinByLink(visiting, link, "Bo Lindqvist");

  await host.getByRole("figure", { name: "Bo Lindqvist" }).waitFor();
  await guest.getByRole("figure", { name: "Dr. Amara Okafor" }).waitFor();
  assert.ok(!guest.url().includes("#"), "the secret is out of the address bar");
});

// Shows: REQ-MT-01.
test("both decode the other's 720p picture and hear the other", async () => {
  await Promise.all(
    [host, guest].map(async (page) => {
      const first = await until("720p arrives", () => received(page), (streams) =>
        streams.some(({ kind, frameWidth, framesDecoded }) => kind === "video" && frameWidth === 1280 && framesDecoded > 0),
        90,
      );
      const frames = most(first, "framesDecoded");
      await until("frames go on", () => received(page), (streams) => most(streams, "framesDecoded") > frames + 20);
      await until("sound is heard", () => received(page), (streams) => streams.some(({ kind, energy }) => kind === "audio" && energy > 0));
    }),
  );
  // From here on smaller ones do.
  for (const page of [host, guest]) await page.setViewportSize(USUAL);
});

// Shows: REQ-MT-01, ABUSE-29.
test("a chat message arrives as the text it is", async () => {
  await guest.getByRole("button", { name: "Chat" }).click();
  await guest.getByLabel("Message").fill("Hello <b>doctor</b>, can you see the picture?");
  await guest.getByLabel("Message").press("Enter");

  await host.getByRole("button", { name: "Chat, 1 unread message" }).click();
  await host.getByRole("list", { name: "Chat" }).getByText("Hello <b>doctor</b>, can you see the picture?", { exact: true }).waitFor();
  await host.getByRole("button", { name: "Close" }).click();
});

// Shows: REQ-MT-02.
test("a shared tab arrives with its sound", async () => {
  const before = new Set((await received(guest)).map(({ track }) => track));
  const tab = await openSharedTab(hosting);
  await host.bringToFront();
  await host.getByRole("button", { name: "Share" }).click();

  await guest.getByRole("figure", { name: "Dr. Amara Okafor shares" }).waitFor();
  const shared = await until("the picture and the sound of the tab arrive", () => added(before), (streams) =>
    streams.some(({ kind, framesDecoded }) => kind === "video" && framesDecoded > 5) && loudest(streams) > 0,
  );
  await until("the sound of the tab goes on", () => added(before), (streams) => loudest(streams) > loudest(shared));
  await host.getByRole("button", { name: "Stop sharing" }).click();
  await guest.getByRole("figure", { name: "Dr. Amara Okafor shares" }).waitFor({ state: "detached" });
  await tab.close();
});

test("who reloads is back as the same participant, and who was muted stays muted", async () => {
  await guest.getByRole("button", { name: "Mute" }).click();
  await guest.getByRole("button", { name: "Unmute" }).waitFor();
  const seat = await keptParticipant(guest);
  const roster = await host.getByText("2 people").count();

  await guest.reload();
  await inTheRoom(guest);

  assert.equal(await keptParticipant(guest), seat);
  assert.equal(roster, 1);
  await guest.getByRole("button", { name: "Unmute" }).waitFor();
  await host.getByText("2 people").waitFor();
  await host.getByRole("figure", { name: "Bo Lindqvist" }).getByRole("img", { name: "Muted" }).waitFor();
  await decodesOn(host, 20);
});

test("the host ends the meeting for both", async () => {
  await host.getByRole("button", { name: "Leave" }).click();
  await host.getByRole("button", { name: "End for everyone" }).click();

  for (const page of [host, guest]) await page.getByRole("heading", { name: "The meeting has ended" }).waitFor();
});

/** Streams of the guest that were not there before. */
async function added(before: ReadonlySet<string>): Promise<Received[]> {
  return (await received(guest)).filter(({ track }) => !before.has(track));
}

function loudest(streams: readonly Received[]): number {
  return Math.max(0, ...streams.map(({ energy }) => energy));
}

function most(streams: Awaited<ReturnType<typeof received>>, field: "framesDecoded"): number {
  return Math.max(0, ...streams.map((stream) => stream[field]));
}

/** A tab with something that moves and sounds. */
async function openSharedTab(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.setViewportSize(SMALL);
  await page.setContent(`<title>${SHARED}</title><canvas width="600" height="320"></canvas>`);
  // A page makes sound only after somebody touched it.
  await page.locator("canvas").click();
  await page.evaluate(() => {
    const canvas = document.querySelector("canvas");
    const context2d = canvas?.getContext("2d");
    let step = 0;
    setInterval(() => {
      step += 1;
      if (context2d !== null && context2d !== undefined) {
        context2d.fillStyle = `hsl(${step % 360} 70% 50%)`;
        context2d.fillRect(0, 0, 600, 320);
      }
    }, 100);
    const audio = new AudioContext();
    const tone = new OscillatorNode(audio);
    tone.connect(audio.destination);
    tone.start();
  });
  return page;
}
