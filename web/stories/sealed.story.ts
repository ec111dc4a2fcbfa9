/** What is on the wire is sealed: no frame comes to somebody's receiver as its sender's encoder made it. */

import assert from "node:assert/strict";

import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { decoded, inTheRoom, joinByLink, openStage, setUpOwner, silently, type Stage, startMeeting, until } from "./stage.ts";

const SHARED = "Shared picture";

let stage: Stage;
let hosting: BrowserContext;
let host: Page;
let guest: Page;
let observer: Page;
let link: string;

beforeAll(async () => {
  stage = await openStage({ sharedTab: SHARED });
});
afterAll(() => stage.close());

// Shows: REQ-CR-02.
test("a guest's page that takes frames from its receivers before they are opened finds none of those that the host's encoder made", async () => {
  hosting = await stage.person();
  await hosting.addInitScript(keepSent);
  host = await setUpOwner(stage, hosting);
  link = await startMeeting(host);
  guest = await joinByLink(await stage.person(), link, "Bo Lindqvist");

  // It has the link, and so every right to open the frames: what it sees is what the server passes on.
  const watching = await stage.person();
  await watching.addInitScript(keepReceived);
  observer = await joinByLink(watching, link, "Cy Marin", silently);
  await inTheRoom(observer);
  await until("pictures arrive", () => decoded(guest), (frames) => frames > 20, 60);
  await noneInClear(200);
});

test("nor after the camera and the microphone were off and on again", async () => {
  const before = await countOf(observer);
  for (const [off, on] of [["Mute", "Unmute"], ["Stop camera", "Start camera"]] as const) {
    await host.getByRole("button", { name: off, exact: true }).click();
    await host.getByRole("button", { name: on, exact: true }).click();
    await host.getByRole("button", { name: off, exact: true }).waitFor();
  }
  await noneInClear(before + 200);
});

// Shows: REQ-CR-03, REQ-MODE-03.
test("nor of a shared screen", async () => {
  const page = await hosting.newPage();
  await page.setContent(`<title>${SHARED}</title><canvas width="1280" height="720"></canvas>`);
  await page.evaluate(() => {
    const picture = document.querySelector("canvas")?.getContext("2d");
    let step = 0;
    setInterval(() => {
      step += 1;
      picture?.fillText(String(step), (step * 37) % 1280, (step * 53) % 720);
    }, 50);
  });
  await host.bringToFront();
  const sent = await countOf(host);
  const before = await countOf(observer);
  await host.getByRole("button", { name: "Share" }).click();
  await guest.getByRole("figure", { name: "Dr. Amara Okafor shares" }).waitFor();

  await until("the screen is sent", () => countOf(host), (count) => count > sent + 100, 60);
  await noneInClear(before + 200);
  // What follows needs neither.
  await host.getByRole("button", { name: "Stop sharing" }).first().click();
  await page.close();
  await guest.getByRole("button", { name: "Leave" }).click();
  await guest.getByRole("heading", { name: "You left the meeting" }).waitFor();
});

test("what a page sends as it was made is found, so the search finds what there is", async () => {
  const careless = await stage.person();
  await careless.addInitScript(sendAsMade);
  const sender = await joinByLink(careless, link, "Di Sorel");

  await until("frames come as they were made", () => asMade(sender), (count) => count > 50, 60);
});

/** How many of the sender's latest frames came to the observer as they were made. */
async function asMade(sender: Page): Promise<number> {
  const sent = new Set(await latestOf(sender));
  return (await latestOf(observer)).filter((frame) => sent.has(frame)).length;
}

/** Of some seconds: what was kept before is much to hand over again and again. */
function latestOf(page: Page): Promise<string[]> {
  return page.evaluate(() => (globalThis as unknown as Kept).keptFrames.slice(-3_000));
}

/** Once so many frames have come, and as many went out. */
async function noneInClear(count: number): Promise<void> {
  await until("frames reach the observer", () => countOf(observer), (came) => came > count, 60);
  const came = await framesOf(observer);
  const sent = new Set(await framesOf(host));
  assert.ok(sent.size > 100, `the host's encoders made ${sent.size} different frames`);
  assert.equal(came.filter((frame) => sent.has(frame)).length, 0, "frames that came as they were made");
}

interface Kept {
  keptFrames: string[];
}

function framesOf(page: Page): Promise<string[]> {
  return page.evaluate(() => (globalThis as unknown as Kept).keptFrames);
}

function countOf(page: Page): Promise<number> {
  return page.evaluate(() => (globalThis as unknown as Kept).keptFrames.length);
}

/** Runs in the page before its own scripts: keeps a part of each frame that comes out of an encoder. */
function keepSent(): void {
  const kept: string[] = [];
  Object.assign(globalThis, { keptFrames: kept });
  interface Streams {
    readable: ReadableStream<{ data: ArrayBuffer }>;
    writable: WritableStream;
  }
  const ends = RTCRtpSender.prototype as unknown as { createEncodedStreams(): Streams };
  const original = ends.createEncodedStreams;
  ends.createEncodedStreams = function (): Streams {
    const { readable, writable } = original.call(this);
    const tap = new TransformStream<{ data: ArrayBuffer }, { data: ArrayBuffer }>({
      transform(frame, controller) {
        // Behind the bytes that stay readable so that a picture can be cut into packets.
        if (frame.data.byteLength > 60) kept.push(new Uint8Array(frame.data, 10, 40).join(" "));
        controller.enqueue(frame);
      },
    });
    return { readable: readable.pipeThrough(tap), writable };
  };
}

/** As `keepSent`, of a page whose frames go around its encryption. */
function sendAsMade(): void {
  const kept: string[] = [];
  Object.assign(globalThis, { keptFrames: kept });
  interface Streams {
    readable: ReadableStream<{ data: ArrayBuffer }>;
    writable: WritableStream;
  }
  const ends = RTCRtpSender.prototype as unknown as { createEncodedStreams(): Streams };
  const original = ends.createEncodedStreams;
  ends.createEncodedStreams = function (): Streams {
    const { readable, writable } = original.call(this);
    const tap = new TransformStream<{ data: ArrayBuffer }, { data: ArrayBuffer }>({
      transform(frame, controller) {
        if (frame.data.byteLength > 60) kept.push(new Uint8Array(frame.data, 10, 40).join(" "));
        controller.enqueue(frame);
      },
    });
    void readable.pipeThrough(tap).pipeTo(writable).catch(() => {});
    return { readable: new ReadableStream(), writable: new WritableStream() };
  };
}

/** The same of each frame that comes to a receiver, before anything opens it; the page itself gets none. */
function keepReceived(): void {
  const kept: string[] = [];
  Object.assign(globalThis, { keptFrames: kept });
  interface Streams {
    readable: ReadableStream<{ data: ArrayBuffer }>;
    writable: WritableStream;
  }
  const ends = RTCRtpReceiver.prototype as unknown as { createEncodedStreams(): Streams };
  const original = ends.createEncodedStreams;
  ends.createEncodedStreams = function (): Streams {
    const { readable, writable } = original.call(this);
    const tap = new TransformStream<{ data: ArrayBuffer }, { data: ArrayBuffer }>({
      transform(frame, controller) {
        if (frame.data.byteLength > 60) kept.push(new Uint8Array(frame.data, 10, 40).join(" "));
        controller.enqueue(frame);
      },
    });
    void readable.pipeThrough(tap).pipeTo(writable).catch(() => {});
    return { readable: new ReadableStream(), writable: new WritableStream() };
  };
}
