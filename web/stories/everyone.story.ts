/**
 * Browsers of both kinds and native clients in one encrypted meeting: whatever one of them sends, in whatever codec, the
 * others open without an error; whoever has no secret opens nothing of it.
 */

import assert from "node:assert/strict";
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { BrowserContext, Page, Route } from "playwright-core";
import type { Page as FirefoxPage } from "puppeteer-core";
import { afterAll, beforeAll, test } from "vitest";

import type { Drops } from "../src/e2ee/orders.ts";
import { type Firefox, openFirefox } from "./firefox.ts";
import { type Guest, openGuest, type Report, type Track } from "./guest.ts";
import { type Decoded, decodePictures, decodeSound, PICTURE, recordPicture, recordTone } from "./recordings.ts";
import { inTheRoom, joinByLink, LARGE, openStage, rememberConnections, setUpOwner, type Stage, startMeeting, until } from "./stage.ts";
import { alarmsOf, dropsOf, rememberWorkers, type Stream, streamsOf, type Viewer } from "./viewer.ts";

const SHARED = "Shared picture";

let stage: Stage;
let firefox: Firefox;
let folder: string;
let hosting: BrowserContext;
let host: Page;
let bo: FirefoxPage;
let cy: Page;
let nia: Guest;
let ode: Guest;
let link: string;
/** What the host's page publishes in; taken up at its next reload. */
let codec = "vp8";
const guests: Guest[] = [];
let writings = 0;

beforeAll(async () => {
  [folder, stage, firefox] = await Promise.all([
    mkdtemp(join(tmpdir(), "conclave-recordings-")),
    openStage({ sharedTab: SHARED, fps: 5, viewport: LARGE }),
    openFirefox(rememberConnections, rememberWorkers),
  ]);
});
afterAll(async () => {
  await keepPicture();
  await Promise.all(guests.map((guest) => guest.close()));
  await firefox.close();
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

test("somebody in Firefox and two with native clients come to somebody in Chromium, and all show the same code", async () => {
  hosting = await stage.person();
  await hosting.addInitScript(rememberWorkers);
  await hosting.route("**/assets/media-*.js", (route) => inTheCodec(route));
  host = await setUpOwner(stage, hosting);
  await recordPicture(host, join(folder, "picture"));
  await recordTone(host, join(folder, "tone"));
  link = await startMeeting(host);
  bo = await firefox.page();
  await bo.goto(link);
  await bo.locator("input[autocomplete=name]").fill("Bo Lindqvist");
  await bo.locator("::-p-text(Join now)").click();
  await bo.waitForSelector("[aria-label='Encryption: Encrypted']", { timeout: 60_000 });
  nia = await come("Nia", { member: link }, true);
  ode = await come("Ode", { member: link }, false);

  await until("all are in one group", codes, (all) => all.length === 4 && new Set(all).size === 1, 60);
});

test("pictures and sound of each reach each, and none of it is dropped from then on", async () => {
  await until("Chromium sees and hears Firefox and Nia", () => flowing(host), ([seen, heard]) => seen >= 2 && heard >= 2, 60);
  await until("Firefox sees and hears Chromium and Nia", () => flowing(bo), ([seen, heard]) => seen >= 2 && heard >= 2, 60);
  await until("Nia sees and hears both browsers", () => arriving(nia), (tracks) => tracks.length >= 4, 60);
  await until("Ode sees and hears all three", () => arriving(ode), (tracks) => tracks.length >= 6, 60);

  await nothingIsDropped(async () => {
    await Promise.all([nativesGoOn(), ...[host, bo].map((viewer) => goesOn(viewer, "video/vp8"))]);
  });
});

test("what the native client opened is what was shown and said", async () => {
  const [theirs, hosts] = await Promise.all([trackOf(ode, nia, "CAMERA"), tracksOf(ode, "CAMERA")]);
  const sound = await trackOf(ode, nia, "MICROPHONE");

  await until("Nia's picture", () => pictures(ode, theirs), ({ known }) => known > 10);
  await until("Nia's tone", () => sounds(ode, sound), ({ known }) => known > 10);
  for (const track of hosts) await until("a browser's picture", () => pictures(ode, track), ({ all }) => all > 10);
});

test("the layer that somebody asks for is opened", async () => {
  const [track] = (await tracksOf(ode, "CAMERA")).toSorted((a, b) => b.width - a.width);
  assert.ok(track !== undefined);
  const width = async (): Promise<number> => ode.report().tracks.find((one) => one.track === track.track)?.width ?? 0;

  await nothingIsDropped(async () => {
    ode.tell({ quality: { track: track.track, quality: 0 } });
    const low = await until("the smallest layer", width, (now) => now > 0 && now <= 320, 30);
    ode.tell({ quality: { track: track.track, quality: 2 } });
    await until("a larger layer", width, (now) => now > low, 60);
  });
});

test("messages pass in each direction", async () => {
  await nothingIsDropped(async () => {
    await host.getByRole("button", { name: "Chat" }).click();
    await host.getByLabel("Message").fill("Only for you");
    await host.getByLabel("Message").press("Enter");
    await bo.locator("[aria-label='Chat, 1 unread message']").click();
    await bo.waitForSelector("::-p-text(Only for you)");
    await until("Ode reads it", async () => ode.report().heard, (heard) => heard.some(({ text }) => text.includes("Only for you")));

    nia.tell({ say: { topic: "conclave.chat", text: JSON.stringify({ id: "nia-1", text: "From a native client" }) } });
    await host.getByRole("list", { name: "Chat" }).getByText("From a native client", { exact: true }).waitFor();
    await bo.waitForSelector("::-p-text(From a native client)");
    await host.getByRole("button", { name: "Close" }).click();
  });
});

test("a shared screen is seen, and its sound heard", async () => {
  const page = await hosting.newPage();
  // It is encoded and decoded as large as it is.
  await page.setViewportSize({ width: 640, height: 400 });
  await page.setContent(`<title>${SHARED}</title><button>Play</button><canvas width="600" height="320"></canvas>`);
  await page.evaluate(showAndSound);
  await page.getByRole("button").click();
  await host.bringToFront();

  await nothingIsDropped(async () => {
    await host.getByRole("button", { name: "Share" }).click();
    for (const source of ["SCREEN_SHARE", "SCREEN_SHARE_AUDIO"] as const) {
      await until(`Ode gets ${source}`, async () => arriving(ode), (tracks) => tracks.some((track) => track.source === source), 60);
    }
    await bo.waitForSelector("figure[aria-label='Dr. Amara Okafor shares'] video", { timeout: 60_000 });
    await until("Firefox sees three and hears three", () => flowing(bo), ([seen, heard]) => seen >= 3 && heard >= 3, 60);
  });
  await host.getByRole("button", { name: "Stop sharing" }).first().click();
  await page.close();
});

test("so are scalable AV1, and H264 where the browser has it", async () => {
  await bo.locator("::-p-text(Stop camera)").click();
  const visiting = await stage.person();
  await visiting.addInitScript(rememberWorkers);
  cy = await joinByLink(visiting, link, "Cy Marin");
  await cy.getByRole("button", { name: "Stop camera" }).click();

  for (const [name, viewers] of [
    ["av1", [cy, bo]],
    ["h264", [cy]],
  ] as const) {
    codec = name;
    await host.reload();
    await inTheRoom(host);
    for (const viewer of viewers) {
      await until(`pictures in ${name}`, () => streamsOf(viewer), (streams) => streams.some((one) => isIn(one, name) && one.pictures > 10), 60);
    }
    const ofHost = ({ mime, frames }: Track): boolean => mime?.toLowerCase() === `video/${name}` && frames > 20;
    await until(`Ode opens ${name}`, async () => ode.report().tracks, (tracks) => tracks.some(ofHost), 60);
    await nothingIsDropped(async () => {
      await Promise.all([nativesGoOn(), ...viewers.map((viewer) => goesOn(viewer, `video/${name}`))]);
    }, [host, ...viewers]);
  }
  // What nobody looks at any more is decoded all the same.
  await visiting.close();
});

// Shows: REQ-CR-04.
test("a file passes between native clients; nobody else takes it for anything", async () => {
  const file = "page of a file, ".repeat(700);
  nia.tell({ say: { topic: "conclave.file", text: file } });
  await until("Ode has it", async () => ode.report().heard[0], (heard) => heard?.text === file);
});

// Shows: REQ-CR-14.
test("whoever has no secret opens nothing, though the server lets them in and forwards all", async () => {
  const eve = open("Eve", { stranger: link });
  await host.getByRole("button", { name: "Let in Eve" }).click();
  const tap = open("Ted", { tap: link });
  await host.getByRole("button", { name: "Let in Ted" }).click();

  const came = await until("frames reach her", async () => eve.report().tracks, (tracks) => tracks.filter(({ unopened }) => unopened > 25).length >= 4, 60);
  assert.deepEqual(came.filter(({ frames }) => frames > 0), [], "she opened some");

  const [picture, sound] = await Promise.all([trackOf(tap, nia, "CAMERA"), trackOf(tap, nia, "MICROPHONE")]);
  // Decoders of sound make noise of any bytes: what counts is what they should have made.
  assert.equal((await pictures(tap, picture)).known, 0, "a picture was seen in what the server forwards");
  assert.equal((await sounds(tap, sound)).known, 0, "a tone was heard in what the server forwards");
});

test("the same tap sees and hears all in a developer's room without encryption", async () => {
  open("dev", { developer: "room" }, true);
  const tap = open("tap", { developer: "room" });
  const tracks = await until("frames come", async () => tap.report().tracks, (all) => all.filter(({ frames }) => frames > 40).length === 2, 60);
  const [picture, sound] = [tracks.find(({ width }) => width > 0), tracks.find(({ width }) => width === 0)];
  assert.ok(picture !== undefined && sound !== undefined);

  await until("its picture", () => pictures(tap, picture), ({ known }) => known > 10);
  await until("its tone", () => sounds(tap, sound), ({ known }) => known > 10);
});

/** As the application would publish if it were told so: everything else is its own. */
async function inTheCodec(route: Route): Promise<void> {
  const response = await route.fetch();
  const before = await response.text();
  const after = before.replace(/(simulcast:(?:!0|true),videoCodec:)(["'`])vp8\2/, `$1$2${codec}$2`);
  if (codec !== "vp8") assert.notEqual(after, before, "the application's choice of a codec was found");
  await route.fulfill({ response, body: after });
}

function open(name: string, role: Parameters<typeof openGuest>[1]["role"], isPublishing = false): Guest {
  const guest = openGuest(stage, {
    name,
    role,
    ...(isPublishing ? { camera: { recording: join(folder, "picture"), ...PICTURE }, microphone: join(folder, "tone") } : {}),
  });
  guests.push(guest);
  return guest;
}

async function come(name: string, role: Parameters<typeof openGuest>[1]["role"], isPublishing: boolean): Promise<Guest> {
  const guest = open(name, role, isPublishing);
  await until(`${name} is in`, async () => guest.report().encryption?.epoch ?? null, (epoch) => epoch !== null, 60);
  return guest;
}

/** Security codes, as digits. */
async function codes(): Promise<string[]> {
  await host.getByRole("button", { name: "Encryption: Encrypted" }).click();
  const sheet = host.getByRole("dialog");
  const ofHost = await sheet.getByRole("img").first().getAttribute("aria-label");
  await sheet.getByRole("button", { name: "Close" }).click();
  await sheet.waitFor({ state: "detached" });
  await bo.locator("[aria-label='Encryption: Encrypted']").click();
  const shown = await bo.waitForSelector("[role=dialog] [role=img]");
  const ofBo = await shown?.evaluate((element) => element.getAttribute("aria-label"));
  await bo.keyboard.press("Escape");
  const all = [ofHost, ofBo, nia.report().encryption?.code, ode.report().encryption?.code];
  return all.flatMap((code) => (code === null || code === undefined ? [] : [code.replaceAll(/\D/g, "")]));
}

/** How many streams a page sees, and how many it hears. */
async function flowing(viewer: Viewer): Promise<[seen: number, heard: number]> {
  const streams = await streamsOf(viewer);
  return [streams.filter(({ pictures: count }) => count > 20).length, streams.filter(({ energy }) => energy > 0).length];
}

async function arriving(guest: Guest): Promise<Track[]> {
  return guest.report().tracks.filter(({ frames }) => frames > 20);
}

async function goesOn(viewer: Viewer, mime: string): Promise<void> {
  const count = async (): Promise<number> =>
    (await streamsOf(viewer)).filter((stream) => stream.mime === mime).reduce((sum, { pictures: shown }) => sum + shown, 0);
  const before = await count();
  await until(`${mime} goes on`, count, (now) => now > before + 10, 60);
}

async function nativesGoOn(): Promise<void> {
  await Promise.all(
    [nia, ode].map(async (guest) => {
      const before = framesOf(guest.report());
      await until("frames go on", async () => framesOf(guest.report()), (now) => now > before + 100, 60);
    }),
  );
}

function framesOf({ tracks }: Report): number {
  return tracks.reduce((sum, { frames }) => sum + frames, 0);
}

/** Neither in a page's worker, nor in a native client; and no page is alarmed. */
async function nothingIsDropped(during: () => Promise<void>, viewers: readonly Viewer[] = [host, bo]): Promise<void> {
  const before = await allDrops(viewers);
  await during();
  assert.deepEqual(await allDrops(viewers), before);
  for (const viewer of viewers) assert.deepEqual(await alarmsOf(viewer), []);
}

async function allDrops(viewers: readonly Viewer[]): Promise<Partial<Drops>[]> {
  const inPages = await Promise.all(viewers.map((viewer) => dropsOf(viewer)));
  const all = [...inPages, ...[nia, ode].map((guest) => guest.report().encryption?.drops ?? null)];
  return all.map((drops) => {
    assert.ok(drops !== null, "everybody counts");
    // What was late is sent again, comes twice then, and opens once.
    const { replayed: _twice, ...errors } = drops;
    return errors;
  });
}

function isIn({ mime }: Stream, name: string): boolean {
  return mime === `video/${name}`;
}

async function tracksOf(guest: Guest, source: Track["source"]): Promise<Track[]> {
  return guest.report().tracks.filter((track) => track.source === source && track.frames > 20);
}

/** Of `from`, as `guest` gets it. */
async function trackOf(guest: Guest, from: Guest, source: Track["source"]): Promise<Track> {
  const { participant } = from.report();
  const find = async (): Promise<Track | null> => (await tracksOf(guest, source)).find((track) => track.from === participant) ?? null;
  // Pictures are paused for a while on a machine that is busy.
  const track = await until(`a track of ${source}`, find, (found) => found !== null, 90);
  assert.ok(track !== null);
  return track;
}

async function pictures(guest: Guest, track: Track): Promise<Decoded> {
  return await decodePictures(host, await written(guest, track));
}

async function sounds(guest: Guest, track: Track): Promise<Decoded> {
  return await decodeSound(host, await written(guest, track));
}

async function written(guest: Guest, { track }: Track): Promise<string> {
  const recording = join(folder, `${(writings += 1)}`);
  guest.tell({ write: { track, recording } });
  await until("the frames are written", () => access(recording).then(() => true, () => false), Boolean);
  return recording;
}

/** Runs in the page. */
function showAndSound(): void {
  const picture = document.querySelector("canvas")?.getContext("2d");
  let step = 0;
  setInterval(() => {
    step += 1;
    picture?.fillText(String(step), (step * 37) % 600, (step * 53) % 320);
  }, 100);
  document.querySelector("button")?.addEventListener("click", () => {
    const context = new AudioContext();
    const tone = new OscillatorNode(context);
    tone.connect(context.destination);
    tone.start();
  });
}

async function keepPicture(): Promise<void> {
  const shots = process.env["STORY_SHOTS"];
  if (shots !== undefined && bo !== undefined) await bo.screenshot({ path: join(shots, "firefox.png") });
}
