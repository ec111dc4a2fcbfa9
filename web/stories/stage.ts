/** What every story needs: a server of its own, browsers with fake cameras, and a look at what they decode. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { type Browser, type BrowserContext, type BrowserContextOptions, type CDPSession, chromium, type Page } from "playwright-core";

import { type Line, openLine } from "./line.ts";

export interface Stage {
  url: string;
  /** The one-time link that makes the owner. */
  setUpLink: string;
  browser: Browser;
  line: Line;
  /** The folder of all that the server keeps. */
  data: string;
  /** The owner's, as their authenticator has them: each use counts. */
  passkeys: VirtualPasskey[];
  /** Ends the server and starts it again, with the same ports and data. */
  restart(meanwhile: () => Promise<void>): Promise<void>;
  /** The server does nothing meanwhile, and nobody is told: as if a cable were pulled. */
  freeze(meanwhile: () => Promise<void>): Promise<void>;
  /** A person: their own cookies and storage, camera and microphone allowed. */
  person(options?: BrowserContextOptions): Promise<BrowserContext>;
  close(): Promise<void>;
}

interface StageOptions {
  /** Pictures a second of each fake camera. Encoding them is what a story spends most of the machine on. */
  fps?: number;
  /** Of each page. A larger one asks for larger pictures. */
  viewport?: { width: number; height: number };
  /**
   * The title of the tab that the browser's chooser picks. Without it pages are shown by the engine alone, which does the
   * same for two thirds of the processor's time and has no chooser: whoever shares shows a screen that is made up.
   */
  sharedTab?: string;
  /** More of the server's configuration: tables. */
  config?: string;
}

/** Of each page that is not said to have another. */
export const USUAL = { width: 1024, height: 720 };
/** On which somebody's picture is shown, and so asked for, in 720p. */
export const LARGE = { width: 1600, height: 1000 };

export const OWNER = {
  organisation: "Lindenhof Clinic",
  name: "Dr. Amara Okafor",
  email: "amara@lindenhof.example",
  password: "seven quiet herons at dawn",
};

export async function openStage({ config = "", sharedTab, fps = 5, viewport = USUAL }: StageOptions = {}): Promise<Stage> {
  const [server, browser] = await Promise.all([startServer(config), startBrowser(fps, sharedTab)]);
  return {
    ...server,
    browser,
    passkeys: [],
    async person(options = {}) {
      // What turns while somebody waits is drawn sixty times a second, by the processor.
      const context = await browser.newContext({ viewport, reducedMotion: "reduce", ...options });
      await context.grantPermissions(["camera", "microphone", "clipboard-read", "clipboard-write"], { origin: server.url });
      await context.addInitScript(rememberConnections);
      await context.addInitScript(offerNothingUnasked);
      if (process.env["STORY_LOG"] !== undefined) {
        context.on("console", (message) => process.stderr.write(`page: ${message.text()}\n`));
        context.on("response", (response) => {
          if (response.status() >= 400) process.stderr.write(`page: ${response.status()} ${response.url()}\n`);
        });
      }
      return context;
    },
    async close() {
      await keepPictures(browser);
      await Promise.all([browser.close(), server.stop()]);
    },
  };
}

function startBrowser(fps: number, sharedTab: string | undefined): Promise<Browser> {
  const alone = "/usr/bin/chromium-headless-shell";
  return chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? (sharedTab === undefined ? alone : "/usr/bin/chromium"),
    // It silences what is captured of a tab too.
    ignoreDefaultArgs: ["--mute-audio"],
    args: [
      "--no-sandbox",
      // Else a graphics card is computed, to draw with it.
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      `--use-fake-device-for-media-stream=fps=${fps}`,
      // The engine alone has nobody who could be asked.
      sharedTab === undefined ? "--use-fake-ui-for-media-stream" : `--auto-select-tab-capture-source-by-title=${sharedTab}`,
    ],
  });
}

/** What each page shows at the end, into the folder of STORY_SHOTS: for whoever asks why a story failed. */
async function keepPictures(browser: Browser): Promise<void> {
  const folder = process.env["STORY_SHOTS"];
  if (folder === undefined) return;
  const pages = browser.contexts().flatMap((context) => context.pages());
  await Promise.all(pages.map((page, index) => page.screenshot({ path: join(folder, `end-${index}.png`) })));
}

interface RunningServer {
  url: string;
  setUpLink: string;
  line: Line;
  data: string;
  /** Ends the server and starts it again, with the same ports and data. */
  restart(meanwhile: () => Promise<void>): Promise<void>;
  freeze(meanwhile: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** The binary of CONCLAVE_BIN, with a data directory and ports of its own, behind a line that can be cut. */
async function startServer(more: string): Promise<RunningServer> {
  const program = process.env["CONCLAVE_BIN"];
  if (program === undefined) throw new Error("CONCLAVE_BIN names the server's binary");
  const data = await mkdtemp(join(tmpdir(), "conclave-story-"));
  const port = await freePort();
  const mediaPort = await freePort();
  const config = join(data, "conclave.toml");
  await writeFile(config, `[admin]\nlisten = "127.0.0.1:${await freePort()}"\n${more}`);

  function launch(): ChildProcess {
    const places = ["--listen", `127.0.0.1:${port}`, "--media-port", String(mediaPort), "--config", config, "--data-dir", join(data, "data")];
    return spawn(String(program), ["serve", "--dev", ...places], {
      stdio: ["ignore", "pipe", process.env["STORY_LOG"] === undefined ? "ignore" : "inherit"],
    });
  }
  let child = launch();
  const printed = new URL(await printedLink(child));
  const line = await openLine(port);
  // Browsers make passkeys for names, never for addresses.
  const url = `${printed.protocol}//localhost:${line.port}`;
  return {
    url,
    setUpLink: `${url}${printed.pathname}${printed.hash}`,
    line,
    data: join(data, "data"),
    async restart(meanwhile) {
      await ended(child);
      await meanwhile();
      child = launch();
      child.stdout?.resume();
      await until("the server answers", () => fetch(url).then(({ ok }) => ok, () => false), Boolean);
    },
    async freeze(meanwhile) {
      child.kill("SIGSTOP");
      try {
        await meanwhile();
      } finally {
        child.kill("SIGCONT");
      }
    },
    async stop() {
      await line.cut();
      await ended(child);
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill();
  await exit;
}

function printedLink(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const { stdout } = child;
    if (stdout === null) throw new Error("the server's output is not piped");
    createInterface(stdout).on("line", (line) => {
      const link = /https?:\/\/\S+\/setup#\S+/.exec(line)?.[0];
      if (link !== undefined) resolve(link);
    });
    child.once("exit", (code) => reject(new Error(`the server ended with ${code} before it printed a set-up link`)));
    setTimeout(() => reject(new Error("the server printed no set-up link within 30 seconds")), 30_000).unref();
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}

/** Runs in the page before its own scripts. A virtual authenticator takes what the page offers unasked by itself, before
 * anybody chose it. */
function offerNothingUnasked(): void {
  if ("PublicKeyCredential" in globalThis) PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
}

/** Runs in the page before its own scripts: keeps its peer connections for `received`. */
export function rememberConnections(): void {
  const kept: RTCPeerConnection[] = [];
  Object.assign(globalThis, { keptConnections: kept });
  const Original = RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      kept.push(this);
    }
  };
}

export interface Received {
  /** Of the track as this page knows it; another one after a reconnection. */
  track: string;
  kind: "audio" | "video";
  framesDecoded: number;
  frameWidth: number;
  frameHeight: number;
  /** Of sound, summed over all samples: rises only when something is heard. */
  energy: number;
  packets: number;
}

/** What each incoming stream of the page has brought so far. */
export function received(page: Page): Promise<Received[]> {
  return page.evaluate(async () => {
    const { keptConnections } = globalThis as unknown as { keptConnections: RTCPeerConnection[] };
    const open = keptConnections.filter(({ connectionState }) => connectionState !== "closed");
    const reports = await Promise.all(open.map((connection) => connection.getStats()));
    return reports
      .flatMap((report) => [...report.values()] as Record<string, number & string>[])
      .filter(({ type }) => type === "inbound-rtp")
      .map((stream) => ({
        track: stream["trackIdentifier"] ?? "",
        kind: stream["kind"] as unknown as "audio" | "video",
        framesDecoded: stream["framesDecoded"] ?? 0,
        frameWidth: stream["frameWidth"] ?? 0,
        frameHeight: stream["frameHeight"] ?? 0,
        energy: stream["totalAudioEnergy"] ?? 0,
        packets: stream["packetsReceived"] ?? 0,
      }));
  });
}

/** All pictures decoded so far. A stream that ends takes its own along: compare only what is close together. */
export async function decoded(page: Page): Promise<number> {
  return (await received(page)).reduce((sum, { framesDecoded }) => sum + framesDecoded, 0);
}

/** Waits for so many more pictures, whatever streams end meanwhile. */
export async function decodesOn(page: Page, more: number): Promise<void> {
  let before = await decoded(page);
  let come = 0;
  await until("pictures go on", async () => {
    const now = await decoded(page);
    come += Math.max(0, now - before);
    before = now;
    return come;
  }, (count) => count > more, 60);
}

/** All sound heard so far. */
export async function heard(page: Page): Promise<number> {
  return (await received(page)).reduce((sum, { energy }) => sum + energy, 0);
}

/** The seat that the page keeps through a reload. */
export function keptParticipant(page: Page): Promise<string | undefined> {
  return page.evaluate(() => {
    const key = Object.keys(sessionStorage).find((name) => name.startsWith("conclave.seat."));
    return key === undefined ? undefined : (JSON.parse(sessionStorage.getItem(key) ?? "{}") as { participant: string }).participant;
  });
}

/** Waits until the condition holds; on time-out says what was last seen. */
export async function until<T>(what: string, look: () => Promise<T>, holds: (seen: T) => boolean, seconds = 30): Promise<T> {
  const deadline = Date.now() + seconds * 1_000;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s; last seen ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** A passkey as Chromium's virtual authenticator gives it out. */
type VirtualPasskey = Awaited<ReturnType<typeof credentialsOf>>[number];

/** The page's own authenticator. It confirms by itself that its person is there. */
export interface Authenticator {
  passkeys(): Promise<VirtualPasskey[]>;
}

export async function withAuthenticator(page: Page, passkeys: readonly VirtualPasskey[] = []): Promise<Authenticator> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
  });
  for (const credential of passkeys) await devtools.send("WebAuthn.addCredential", { authenticatorId, credential });
  return {
    async passkeys() {
      return await credentialsOf(devtools, authenticatorId);
    },
  };
}

async function credentialsOf(devtools: CDPSession, authenticatorId: string) {
  const { credentials } = await devtools.send("WebAuthn.getCredentials", { authenticatorId });
  return credentials;
}

/** Signs in as the owner, on a page that asks for it. */
export async function signInOwner(stage: Stage, page: Page): Promise<void> {
  const authenticator = await withAuthenticator(page, stage.passkeys);
  const button = page.getByRole("button", { name: "Sign in with a passkey" });
  await button.click();
  await button.waitFor({ state: "detached" });
  stage.passkeys = await authenticator.passkeys();
}

type Look = (page: Page, name: string) => Promise<void>;

/** Opens the set-up link and makes the owner, by the page's own fields and buttons. */
export async function setUpOwner(stage: Stage, context: BrowserContext, look: Look = () => Promise.resolve()): Promise<Page> {
  const page = await context.newPage();
  await page.goto(stage.setUpLink);
  await page.getByLabel("Organisation").fill(OWNER.organisation);
  await page.getByLabel("Your name").fill(OWNER.name);
  await page.getByLabel("E-mail").fill(OWNER.email);
  await page.getByLabel("Password", { exact: true }).fill(OWNER.password);
  const authenticator = await withAuthenticator(page);
  await page.getByRole("button", { name: "Create the owner account" }).click();
  const button = page.getByRole("button", { name: "Set up a passkey" });
  await button.waitFor();
  await look(page, "secure");
  await button.click();
  await page.getByRole("heading", { name: "Your backup codes" }).waitFor();
  await look(page, "codes");
  await page.getByRole("button", { name: "I have written them down" }).click();
  await page.getByRole("heading", { name: `Hello, ${OWNER.name}` }).waitFor();
  stage.passkeys = await authenticator.passkeys();
  return page;
}

/** From the start page into a meeting; resolves to its invitation link. */
export async function startMeeting(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Start now" }).click();
  await page.getByRole("button", { name: "Join now" }).click();
  await inTheRoom(page);
  await page.getByRole("button", { name: "Copy invitation" }).first().click();
  const text = await until("the invitation is copied", () => page.evaluate(() => navigator.clipboard.readText()), (copied) =>
    copied.includes("/j/"),
  );
  const link = /https?:\/\/\S+\/j\/\S+/.exec(text)?.[0];
  if (link === undefined) throw new Error(`no link in “${text}”`);
  return link;
}

export async function joinByLink(context: BrowserContext, link: string, name: string, before: (page: Page) => Promise<void> = async () => {}): Promise<Page> {
  const page = await context.newPage();
  await page.goto(link);
  await page.getByLabel("Your name").fill(name);
  await before(page);
  await page.getByRole("button", { name: "Join now" }).click();
  await inTheRoom(page);
  return page;
}

/** Before they join: for somebody who only looks on. Each camera and microphone costs the machine a tenth. */
export async function silently(page: Page): Promise<void> {
  for (const [off, on] of [["Stop camera", "Start camera"], ["Mute", "Unmute"]] as const) {
    await page.getByRole("button", { name: off, exact: true }).click();
    await page.getByRole("button", { name: on, exact: true }).waitFor();
  }
}

export async function inTheRoom(page: Page): Promise<void> {
  await page.getByRole("region", { name: "Meeting controls" }).waitFor({ timeout: 30_000 });
  await until("everybody is connected", () => page.getByText("Connecting…").count(), (count) => count === 0);
}
