/** Nobody else can listen: what two people see of it, and what somebody without the invitation's secret sees. */

import assert from "node:assert/strict";
import { join } from "node:path";

import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { decoded, decodesOn, heard, inTheRoom, joinByLink, openStage, received, setUpOwner, silently, type Stage, startMeeting, until } from "./stage.ts";

let stage: Stage;
let visiting: BrowserContext;
let host: Page;
let guest: Page;
let stranger: Page;
let di: Page;
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
  await guest.getByRole("button", { name: "Chat" }).click();
  await guest.getByLabel("Message").fill("Only for you");
  await guest.getByLabel("Message").press("Enter");
  await host.getByRole("button", { name: "Chat, 1 unread message" }).click();
  await host.getByRole("list", { name: "Chat" }).getByText("Only for you", { exact: true }).waitFor();
  for (const page of [host, guest]) await page.getByRole("button", { name: "Close" }).click();

  // Last, as they come all the while.
  for (const page of [host, guest]) {
    await until("pictures arrive", () => decoded(page), (frames) => frames > 40, 60);
    await until("sound is heard", () => heard(page), (energy) => energy > 0);
  }
});

test("who reloads is back in the group, under new keys that both have", async () => {
  const before = await shield(host);
  await guest.reload();
  await inTheRoom(guest);
  await encrypted(guest);

  const [now] = await sameCode();
  assert.deepEqual(now.people, before.people);
  assert.notEqual(now.code, before.code);
  await Promise.all(
    [host, guest].map(async (page) => {
      await decodesOn(page, 20);
    }),
  );
});

test("somebody who came by code is sent the key when the host says so, is marked on both sides, and keeps it through a reload", async () => {
  const cy = await knock("Cy Marin");
  await host.getByRole("button", { name: "Let in Cy Marin" }).click();
  await host.getByText("Cy Marin came by code, without the passcode").waitFor();
  await picture(host, "asker");
  await host.getByRole("button", { name: "Let Cy Marin hear and see without passcode" }).click();
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
  // While they are there each of their tries is refused, and whoever is in the group by then is warned.
  await stranger.getByRole("button", { name: "Leave" }).click();
  await stranger.getByRole("heading", { name: "You left the meeting" }).waitFor();
});

// Shows: REQ-AC-02.
test("somebody with a passcode that the host has changed is refused, and with the one that holds is known like one with the link", async () => {
  const former = await invitedPasscode();
  await host.getByRole("button", { name: "People" }).click();
  await host.getByRole("button", { name: "Change the passcode" }).click();
  await host.getByText("The passcode was changed, and the one before is refused.").waitFor();
  await host.getByRole("button", { name: "Copy invitation" }).last().click();
  const passcode = await until("the invitation says another", invitedPasscode, (digits) => digits !== "" && digits !== former);
  await host.getByRole("button", { name: "Close" }).click();
  di = await knock("Di Sorel", former);
  await host.getByRole("button", { name: "Let in Di Sorel" }).click();
  await di.getByText("That passcode was refused.").waitFor({ timeout: 60_000 });
  await host.getByText("Di Sorel typed another passcode than yours. They can try again.").waitFor();
  await picture(di, "passcode");

  await di.getByLabel("Passcode, if you have one").fill(passcode);
  await di.getByRole("button", { name: "Try this passcode" }).click();

  await di.getByRole("button", { name: "Encryption: Encrypted", exact: true }).waitFor({ timeout: 30_000 });
  const { people } = await until("they are in the group", () => shield(host), (seen) => seen.people.length === 3);
  assert.equal(people[2], "Di Sorel Guest, not verified");
});

test("whoever is put out does not come back by the link, and the others go on under new keys", async () => {
  const before = await shield(host);
  await host.getByRole("button", { name: "People" }).click();
  await host.getByRole("button", { name: "Remove Di Sorel" }).click();
  await picture(host, "expel");
  await host.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();

  await di.getByRole("heading", { name: "You were removed from the meeting" }).waitFor();
  await host.getByText("The link alone lets nobody in any more").waitFor();
  await host.getByRole("button", { name: "Close" }).click();
  await until("the group is two", () => shield(host), ({ people }) => people.length === 2);
  const [now] = await sameCode();
  assert.notEqual(now.code, before.code);
  // Another fragment alone would load nothing.
  await di.goto("about:blank");
  await di.goto(link);
  await di.getByLabel("Your name").fill("Di Sorel");
  await di.getByRole("button", { name: "Join now" }).click();
  await di.getByRole("heading", { name: "Please wait a moment" }).waitFor();
  await host.getByRole("button", { name: "Not now, Di Sorel" }).click();
  await di.getByRole("heading", { name: "You were not let in" }).waitFor();
});

test("from then on whoever has the link comes in when the host lets them in", async () => {
  const eve = await (await stage.person()).newPage();
  await eve.goto(link);
  await eve.getByLabel("Your name").fill("Eve Moreau");
  await silently(eve);
  await eve.getByRole("button", { name: "Join now" }).click();
  await eve.getByRole("heading", { name: "Please wait a moment" }).waitFor();
  await host.getByRole("button", { name: "Let in Eve Moreau" }).click();

  await eve.getByRole("button", { name: "Encryption: Encrypted", exact: true }).waitFor({ timeout: 60_000 });
  await until("pictures arrive", () => decoded(eve), (frames) => frames > 20, 60);
});

/** Of the invitation that the host copied last. */
async function invitedPasscode(): Promise<string> {
  const text = await host.evaluate(() => navigator.clipboard.readText());
  return /passcode ([\d ]+\d)/.exec(text)?.[1] ?? "";
}

function codeOf(invitation: string): string {
  return /\/j\/([\d-]+)/.exec(invitation)?.[1] ?? "";
}

/** With the code alone, in front of the door. */
async function knock(name: string, passcode?: string): Promise<Page> {
  const page = await (await stage.person()).newPage();
  await page.goto(`${stage.url}/j/${codeOf(link)}`);
  await page.getByLabel("Your name").fill(name);
  if (passcode !== undefined) await page.getByLabel("Passcode, if you have one").fill(passcode);
  await silently(page);
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
