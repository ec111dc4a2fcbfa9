/** Firefox, as far as a story needs it: Playwright does not drive the one of the distribution, Puppeteer does. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { launch, type Page } from "puppeteer-core";

export interface Firefox {
  /** One person's page. Has kept its connections since before the page's own scripts, for `decodedBy`. */
  page(): Promise<Page>;
  close(): Promise<void>;
}

const PREFERENCES = {
  "media.navigator.streams.fake": true,
  "media.navigator.permission.disabled": true,
  "permissions.default.microphone": 1,
  "permissions.default.camera": 1,
  // Loopback is a candidate only where it is allowed.
  "media.peerconnection.ice.loopback": true,
  "media.peerconnection.ice.obfuscate_host_addresses": false,
  "media.autoplay.default": 0,
};

export async function openFirefox(remember: () => void): Promise<Firefox> {
  const home = await mkdtemp(join(tmpdir(), "firefox-"));
  const browser = await launch({
    browser: "firefox",
    executablePath: process.env["FIREFOX"] ?? "/usr/bin/firefox-esr",
    headless: true,
    extraPrefsFirefox: PREFERENCES,
    env: { ...process.env, HOME: home },
  });
  return {
    async page() {
      const page = await browser.newPage();
      await page.setViewport({ width: 1360, height: 850 });
      await page.evaluateOnNewDocument(remember);
      return page;
    },
    async close() {
      await browser.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** All pictures that the page has decoded so far. */
export function decodedBy(page: Page): Promise<number> {
  return page.evaluate(sumOf, "framesDecoded");
}

/** All sound that it has heard. */
export function heardBy(page: Page): Promise<number> {
  return page.evaluate(sumOf, "totalAudioEnergy");
}

/** Runs in the page. */
async function sumOf(field: string): Promise<number> {
  const { keptConnections } = globalThis as unknown as { keptConnections: RTCPeerConnection[] };
  const open = keptConnections.filter(({ connectionState }) => connectionState !== "closed");
  const reports = await Promise.all(open.map((connection) => connection.getStats()));
  const streams = reports.flatMap((report) => [...report.values()] as Record<string, number & string>[]);
  return streams.filter(({ type }) => type === "inbound-rtp").reduce((sum, stream) => sum + (stream[field] ?? 0), 0);
}
