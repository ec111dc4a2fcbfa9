// Two browsers behind one interface: a page whose guests are called by name.

import { createServer } from "node:http";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";
import puppeteer from "puppeteer-core";

// Its engine alone: the page is the same, and so is what it sends.
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell";
const FIREFOX = process.env.FIREFOX ?? "/usr/bin/firefox-esr";

const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-background-timer-throttling",
  "--disable-renderer-backgrounding",
  "--autoplay-policy=no-user-gesture-required",
  "--use-fake-ui-for-media-stream",
  "--use-fake-device-for-media-stream=fps=15",
];

const FIREFOX_PREFERENCES = {
  "media.navigator.streams.fake": true,
  "media.navigator.permission.disabled": true,
  // Loopback is a candidate only where it is allowed and the page may use the devices.
  "media.peerconnection.ice.loopback": true,
  "permissions.default.microphone": 1,
  "permissions.default.camera": 1,
  "media.peerconnection.ice.obfuscate_host_addresses": false,
  "media.autoplay.default": 0,
};

/** @typedef {{ call: (method: string, ...parameters: unknown[]) => Promise<any>, close: () => Promise<void> }} Page */

/** @returns {Promise<{ page: () => Promise<Page>, close: () => Promise<void> }>} */
export async function launch(name) {
  const site = await serveSite();
  const launchers = {
    chromium: () => chrome(site.url),
    firefox: () => firefox(site.url, {}),
    "firefox without UDP": () => firefox(site.url, { "media.peerconnection.ice.force_ice_tcp": true }),
  };
  const browser = await launchers[name]();
  return {
    page: browser.page,
    close: async () => {
      await browser.close();
      site.close();
    },
  };
}

async function chrome(url) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
  return {
    page: async () => {
      const context = await browser.newContext();
      const page = await context.newPage();
      page.on("pageerror", (error) => console.error(error));
      await page.goto(url);
      return guestsOf(page, () => context.close());
    },
    close: () => browser.close(),
  };
}

async function firefox(url, preferences) {
  const home = await mkdtemp(join(tmpdir(), "firefox-"));
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: FIREFOX,
    headless: true,
    extraPrefsFirefox: { ...FIREFOX_PREFERENCES, ...preferences },
    env: { ...process.env, HOME: home },
  });
  return {
    page: async () => {
      const page = await browser.newPage();
      await page.goto(url);
      return guestsOf(page, () => page.close());
    },
    close: async () => {
      await browser.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

function guestsOf(page, close) {
  const call = (method, ...parameters) =>
    page.evaluate(([method, parameters]) => globalThis.guests[method](...parameters), [
      method,
      parameters,
    ]);
  return { call, close };
}

/** The page with the SDK, on loopback: a secure context, so that devices are there. */
async function serveSite() {
  const file = (path) => readFile(new URL(path, import.meta.url));
  const files = {
    "/": ["text/html", await file("page/index.html")],
    "/guests.js": ["text/javascript", await file("page/guests.js")],
    "/livekit-client.umd.js": [
      "text/javascript",
      await file("node_modules/livekit-client/dist/livekit-client.umd.js"),
    ],
  };
  const server = createServer((request, response) => {
    const [type, body] = files[request.url] ?? [];
    response.writeHead(body ? 200 : 404, body && { "content-type": type });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}
