/** Firefox, as far as a story needs it: Playwright does not drive the one of the distribution, Puppeteer does. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { launch, type Page } from "puppeteer-core";

export interface Firefox {
  /** One person's page. */
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

/** `before` runs in each page, before its own scripts. */
export async function openFirefox(...before: readonly (() => void)[]): Promise<Firefox> {
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
      for (const script of before) await page.evaluateOnNewDocument(script);
      return page;
    },
    async close() {
      await browser.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
