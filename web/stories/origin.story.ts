/** Nothing on the pages speaks to anybody but their own server, and nothing needs a hole in the security policy. */

import assert from "node:assert/strict";

import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { joinByLink, openStage, setUpOwner, type Stage, startMeeting, until } from "./stage.ts";

let stage: Stage;
const asked: string[] = [];
const violations: string[] = [];
/** In which what keys are made with was sent. */
const codings = new Set<string>();

beforeAll(async () => {
  stage = await openStage({ fps: 1 });
});
afterAll(() => stage.close());

test("a whole meeting stays at its origin", async () => {
  const [hosting, visiting] = await Promise.all([watched(), watched()]);
  const host = await setUpOwner(stage, hosting);
  const guest = await joinByLink(visiting, await startMeeting(host), "Bo Lindqvist");
  await guest.getByRole("button", { name: "Leave" }).click();
  await guest.getByRole("heading", { name: "You left the meeting" }).waitFor();

  const { host: ours } = new URL(stage.url);
  const elsewhere = asked.filter((url) => !/^(blob|data):/.test(url) && new URL(url).host !== ours);
  assert.ok(asked.some((url) => url.includes("/rtc")), "the media connection was seen");
  assert.deepEqual(elsewhere, []);
  assert.ok(codings.size > 0 && !codings.has("none"), `what keys are made with comes compressed: ${[...codings].join()}`);
  assert.deepEqual(violations, []);

  const iceServers = await host.evaluate(() =>
    (globalThis as unknown as { keptConnections: RTCPeerConnection[] }).keptConnections.flatMap(
      (connection) => connection.getConfiguration().iceServers?.flatMap(({ urls }) => urls) ?? [],
    ),
  );
  assert.deepEqual(
    iceServers.filter((url) => !url.includes(new URL(stage.url).hostname)),
    [],
  );
});

// Shows: ABUSE-32.
test("a page of another origin can't frame the application, and has no hold of it", async () => {
  const page = await (await stage.person()).newPage();
  await page.setContent(`<iframe src="${stage.url}/sign-in"></iframe>`);
  await until("the frame is refused", async () => page.frames().at(-1)?.url() ?? "", (url) => url.startsWith("chrome-error:"));

  const [opened] = await Promise.all([page.context().waitForEvent("page"), page.evaluate(open, `${stage.url}/sign-in`)]);
  await opened.getByRole("heading").first().waitFor();

  // Neither has the other: nothing can be posted, nor listened to.
  assert.equal(await opened.evaluate(() => (globalThis as unknown as { opener: unknown }).opener), null);
  assert.equal(await page.evaluate(isClosed), true);
});

/** Runs in the page of another origin. */
function open(url: string): void {
  const world = globalThis as unknown as { open(url: string): unknown; opened: unknown };
  world.opened = world.open(url);
}

/** Runs there: of what it opened, as far as it knows. */
function isClosed(): boolean {
  return (globalThis as unknown as { opened: { closed: boolean } }).opened.closed;
}

test("the page says what it is before any script has run", async () => {
  const context = await stage.browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();

  await page.goto(`${stage.url}/j/123-456-789`);

  await page.getByRole("heading", { name: "Conclave" }).waitFor();
  await page.getByText("Opening…").waitFor();
});

test("the media client is fetched after the page was painted", async () => {
  const page = await (await stage.person()).newPage();

  // A picture that is late on the screen is no script that was early: the page is opened again then.
  await until("the media client is fetched after the page was painted", () => opened(page), ({ painted, fetched }) => fetched > painted);
});

async function opened(page: Page): Promise<{ painted: number; fetched: number }> {
  await page.goto("about:blank");
  await page.goto(`${stage.url}/j/123-456-789`);
  await page.getByRole("heading", { name: "Ready to join?" }).waitFor();
  return await until("both have happened", () => page.evaluate(timesOfLoading), ({ painted, fetched }) => painted > 0 && fetched > 0);
}

/** Runs in the page; in milliseconds since it was opened, 0 for not yet. */
function timesOfLoading(): { painted: number; fetched: number } {
  const entries = performance.getEntries();
  return {
    painted: entries.find(({ name }) => name === "first-contentful-paint")?.startTime ?? 0,
    fetched: entries.find(({ name }) => name.includes("/assets/media-"))?.startTime ?? 0,
  };
}

async function watched(): Promise<BrowserContext> {
  const context = await stage.person();
  context.on("request", (request) => asked.push(request.url()));
  context.on("response", (response) => {
    if (response.url().endsWith(".wasm")) codings.add(response.headers()["content-encoding"] ?? "none");
  });
  context.on("page", (page) => page.on("websocket", (socket) => asked.push(socket.url())));
  context.on("console", (message) => {
    if (/content security policy/i.test(message.text())) violations.push(message.text());
  });
  return context;
}
