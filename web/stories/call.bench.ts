/**
 * Figures of a call between two pages: pictures per second each way, and the time from the click
 * on “Join now” to the other's first picture. Prints them; judges nothing.
 *
 * `npm run bench:call`, with CONCLAVE_BIN and a built page, as for the stories.
 */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { decoded, LARGE, openStage, received, setUpOwner, type Stage, startMeeting, until } from "./stage.ts";

const JOINS = 5;
const SECONDS = 20;

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ fps: 20, viewport: LARGE });
});
afterAll(() => stage.close());

test("a call between two pages", async () => {
  const host = await setUpOwner(stage, await stage.person());
  const link = await startMeeting(host);
  const times: number[] = [];
  for (let count = 1; count < JOINS; count += 1) {
    const guest = await door(link);
    times.push(await clickToPicture(guest));
    await guest.getByRole("button", { name: "Leave" }).click();
    await guest.getByRole("heading", { name: "You left the meeting" }).waitFor();
    await guest.context().close();
  }
  const guest = await door(link);
  times.push(await clickToPicture(guest));
  print(`click to the other's first picture: median ${median(times)} ms of ${times.map(Math.round).join(", ")}`);

  await until("the host sees the guest", () => decoded(host), (frames) => frames > 20);
  const [toHost, toGuest] = await Promise.all([perSecond(host), perSecond(guest)]);
  print(`pictures per second over ${SECONDS} s: ${toHost} to the host (${await size(host)}), ${toGuest} to the guest (${await size(guest)})`);
  print(`the senders' encoders were limited by: ${await limits(host)} at the host, ${await limits(guest)} at the guest`);
});

/** In front of the meeting, with everything loaded and the camera running. */
async function door(link: string): Promise<Page> {
  const page = await (await stage.person()).newPage();
  await page.goto(link);
  await page.getByLabel("Your name").fill("Bo Lindqvist");
  await page.getByText("We can see you").waitFor();
  await page.waitForLoadState("networkidle");
  return page;
}

/** In milliseconds, by the page's own clock: to when its video element shows a frame of the other. */
async function clickToPicture(page: Page): Promise<number> {
  await page.evaluate(watchForThePicture);
  await page.getByRole("button", { name: "Join now" }).click();
  const clock = await until("the first picture", () => page.evaluate(readClock), ({ shown }) => shown !== null, 60);
  return (clock.shown ?? 0) - (clock.clicked ?? 0);
}

interface Clock {
  clicked: number | null;
  shown: number | null;
}

/** Runs in the page. */
function watchForThePicture(): void {
  const clock: Clock = { clicked: null, shown: null };
  Object.assign(globalThis, { clock });
  document.addEventListener("click", () => (clock.clicked ??= performance.now()), { capture: true });
  new MutationObserver(() => {
    const others = [...document.querySelectorAll("figure:not([aria-label=You]) video")] as HTMLVideoElement[];
    for (const video of others) {
      if (video.dataset["watched"] !== undefined) continue;
      video.dataset["watched"] = "";
      video.requestVideoFrameCallback(() => (clock.shown ??= performance.now()));
    }
  }).observe(document.body, { childList: true, subtree: true });
}

function readClock(): Clock {
  return (globalThis as unknown as { clock: Clock }).clock;
}

async function perSecond(page: Page): Promise<string> {
  const before = new Map((await received(page)).map(({ track, framesDecoded }) => [track, framesDecoded]));
  const began = Date.now();
  await page.waitForTimeout(SECONDS * 1_000);
  const streams = await received(page);
  const frames = streams.reduce((sum, { track, framesDecoded }) => sum + framesDecoded - (before.get(track) ?? 0), 0);
  return (frames / ((Date.now() - began) / 1_000)).toFixed(1);
}

async function size(page: Page): Promise<string> {
  const widest = (await received(page)).toSorted((a, b) => b.frameWidth - a.frameWidth)[0];
  return `${widest?.frameWidth} × ${widest?.frameHeight}`;
}

/** What kept the encoders from more: the machine, the network or nothing. */
function limits(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const { keptConnections } = globalThis as unknown as { keptConnections: RTCPeerConnection[] };
    const open = keptConnections.filter(({ connectionState }) => connectionState !== "closed");
    const reports = await Promise.all(open.map((connection) => connection.getStats()));
    const streams = reports.flatMap((report) => [...report.values()] as Record<string, string>[]);
    const reasons = streams.filter(({ type, kind }) => type === "outbound-rtp" && kind === "video").map((stream) => stream["qualityLimitationReason"]);
    return [...new Set(reasons)].join(" and ");
  });
}

function median(values: readonly number[]): number {
  return Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
