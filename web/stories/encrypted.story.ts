/** Nobody else can listen: what two people see of it, and what somebody without the invitation's secret sees. */

import assert from "node:assert/strict";
import { join } from "node:path";

import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { decoded, heard, inTheRoom, joinByLink, openStage, received, setUpOwner, type Stage, startMeeting, until } from "./stage.ts";

let stage: Stage;
let visiting: BrowserContext;
let host: Page;
let guest: Page;
let stranger: Page;
let link: string;

beforeAll(async () => {
  stage = await openStage();
  visiting = await stage.person();
});
afterAll(() => stage.close());

test("two people meet, and the shield says that only they can listen", async () => {
  host = await setUpOwner(stage, await stage.person());
  link = await startMeeting(host);
  assert.match(link, /#[\w-]{43}\.[\w-]{43}$/, "the link names the host's key");
  guest = await joinByLink(visiting, link, "Bo Lindqvist");

  for (const page of [host, guest]) await encrypted(page);
});

test("both see the same people and the same security code, and know the host by the link", async () => {
  const [one, other] = await sameCode();
  assert.deepEqual(one.people, ["Dr. Amara Okafor (You) Host, confirmed by the invitation", "Bo Lindqvist Guest, not verified"]);
  assert.deepEqual(other.people, ["Dr. Amara Okafor Host, confirmed by the invitation", "Bo Lindqvist (You) Guest, not verified"]);
  assert.match(one.code, /^(\d \d \d \d \d(, )?){6}$/);
});

test("pictures, sound and messages arrive", async () => {
  for (const page of [host, guest]) {
    await until("pictures arrive", () => decoded(page), (frames) => frames > 40, 60);
    await until("sound is heard", () => heard(page), (energy) => energy > 0);
  }
  await guest.getByRole("button", { name: "Chat" }).click();
  await guest.getByLabel("Message").fill("Only for you");
  await guest.getByLabel("Message").press("Enter");
  await host.getByRole("button", { name: "Chat, 1 unread message" }).click();
  await host.getByRole("list", { name: "Chat" }).getByText("Only for you", { exact: true }).waitFor();
  for (const page of [host, guest]) await page.getByRole("button", { name: "Close" }).click();
});

test("who reloads is back in the group, under new keys that both have", async () => {
  const before = await shield(host);
  await guest.reload();
  await inTheRoom(guest);
  await encrypted(guest);

  const [now] = await sameCode();
  assert.deepEqual(now.people, before.people);
  assert.notEqual(now.code, before.code);
  for (const page of [host, guest]) {
    const frames = await decoded(page);
    await until("the picture is back", () => decoded(page), (count) => count > frames + 20, 60);
  }
});

test("somebody who came by code is sent the key by the host's page, is marked on both sides, and keeps it through a reload", async () => {
  const cy = await knock("Cy Marin");
  await host.getByRole("button", { name: "Let in Cy Marin" }).click();
  await encrypted(cy);
  await until("pictures arrive", () => decoded(cy), (frames) => frames > 20, 60);

  const marked = await until("the mark is there", () => shield(host), ({ people }) => people.length === 3);
  assert.equal(marked.people[2], "Cy Marin Came by code, not verified");
  await cy.getByRole("button", { name: /^Encryption:/ }).click();
  await cy.getByText("You came by code: the key came through the server.").waitFor();
  await cy.getByRole("button", { name: "Close" }).click();

  await cy.reload();
  await encrypted(cy);
  await until("pictures are back", () => decoded(cy), (frames) => frames > 20, 60);
  await cy.getByRole("button", { name: "Leave" }).click();
  await cy.getByRole("heading", { name: "You left the meeting" }).waitFor();
});

test("who leaves is gone from the group, and who comes again is in it again", async () => {
  await until("the group is two", () => shield(host), ({ people }) => people.length === 2);
  await guest.getByRole("button", { name: "Leave" }).click();
  await guest.getByRole("heading", { name: "You left the meeting" }).waitFor();
  await until("the host is alone in the group", () => shield(host), ({ people }) => people.length === 1);
  await guest.getByRole("button", { name: "Join again" }).click();
  await guest.getByLabel("Your name").fill("Bo Lindqvist");
  await guest.getByRole("button", { name: "Join now" }).click();
  await inTheRoom(guest);
  await encrypted(guest);
  await sameCode();
  await until("pictures arrive", () => decoded(guest), (frames) => frames > 20, 60);
});

test("somebody whom the server lets in without the secret decodes nothing, and is named", async () => {
  stranger = await knock("Mallory");
  // As if a server had handed out a secret of its own.
  await stranger.evaluate((key) => sessionStorage.setItem(key, "A".repeat(43)), `conclave.sent.${codeOf(link)}`);
  await host.getByRole("button", { name: "Let in Mallory" }).click();
  await stranger.getByRole("region", { name: "Meeting controls" }).waitFor();

  const packets = await until("frames reach the stranger", () => packetsOf(stranger), (count) => count > 200, 60);
  assert.ok(packets > 200);
  await host.getByText("Not encrypted with you yet, so they can’t hear or see you: Mallory.").waitFor({ timeout: 60_000 });
  await picture(host, "alarm");
  await stranger.getByRole("figure", { name: "Dr. Amara Okafor" }).getByText("Waiting for key…").waitFor();
  await picture(stranger, "locked");
  assert.equal(await decoded(stranger), 0, "no picture was decoded");
  assert.equal(await heard(stranger), 0, "no sound was heard");
});

test("the two go on", async () => {
  // By their sound: pictures may be paused on a machine that has three of them to encode.
  for (const page of [host, guest]) {
    const before = await heard(page);
    await until("they hear each other", () => heard(page), (energy) => energy > before, 60);
  }
  const [one, other] = await sameCode();
  assert.deepEqual([one.people.length, other.people.length], [2, 2]);
});

function codeOf(invitation: string): string {
  return /\/j\/([\d-]+)/.exec(invitation)?.[1] ?? "";
}

/** With the code alone, in front of the door. */
async function knock(name: string): Promise<Page> {
  const page = await (await stage.person()).newPage();
  await page.goto(`${stage.url}/j/${codeOf(link)}`);
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Join now" }).click();
  await page.getByRole("heading", { name: "Please wait a moment" }).waitFor();
  return page;
}

async function encrypted(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Encryption: Encrypted" }).waitFor({ timeout: 30_000 });
}

interface Shield {
  people: string[];
  code: string;
}

/** What the sheet behind the shield shows. */
async function shield(page: Page): Promise<Shield> {
  await page.getByRole("button", { name: /^Encryption:/ }).click();
  const sheet = page.getByRole("dialog", { name: "Who can see and hear this meeting" });
  await sheet.waitFor();
  const code = (await sheet.getByRole("img").first().getAttribute("aria-label")) ?? "";
  const people = await sheet.locator("section", { has: page.getByRole("heading", { name: "With whom" }) }).getByRole("listitem").all();
  const shown = { code, people: await Promise.all(people.map(async (person) => (await person.locator("> span").allInnerTexts()).join(" "))) };
  await picture(page, "shield");
  await sheet.getByRole("button", { name: "Close" }).click();
  await sheet.waitFor({ state: "detached" });
  return shown;
}

/** Of the host and the guest; epochs may still change when somebody has just come. */
async function sameCode(): Promise<[Shield, Shield]> {
  return await until("both have the same code", async (): Promise<[Shield, Shield]> => [await shield(host), await shield(guest)], ([one, other]) =>
    one.code === other.code && ![...one.people, ...other.people].some((mark) => mark.includes("not checked yet")),
  );
}

async function packetsOf(page: Page): Promise<number> {
  return (await received(page)).reduce((sum, { packets }) => sum + packets, 0);
}

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env["STORY_SHOTS"];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
}
