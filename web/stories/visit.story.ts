/** A visit of invited colleagues and an uninvited guest, until an administrator who isn't in it ends it. */

import assert from "node:assert/strict";
import { join } from "node:path";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { decoded, inTheRoom, openStage, setUpOwner, silently, type Stage, until } from "./stage.ts";

const HOST = "Dr. Mara Quist";
const MEMBER = "Dita Okoye";
const CO_HOST = "Bo Lindqvist";
const GUEST = "Cy Marin";
const INA = "Dr. Ina Sommer";
const PASSWORD = "nine slow barges under a paper moon";

let stage: Stage;
let admin: Page;
let host: Page;
let coHost: Page;
let member: Page;
let guest: Page;
let link: string;

beforeAll(async () => {
  stage = await openStage({ fps: 1 });
  admin = await setUpOwner(stage, await stage.person());
  [host, coHost, member] = await Promise.all([colleague(HOST), colleague(CO_HOST), colleague(MEMBER)]);
});
afterAll(() => stage.close());

test("whom the host named comes straight in", async () => {
  await host.getByRole("button", { name: "Schedule for later" }).click();
  await host.getByLabel("What is it about?").fill("Ward round");
  await host.getByLabel("Who comes straight in?").selectOption({ label: "Colleagues I name; others wait" });
  await host.getByLabel("E-mail addresses of those who are invited").fill([CO_HOST, MEMBER].map(addressOf).join(", "));
  await host.getByRole("button", { name: "Schedule", exact: true }).click();
  await host.getByRole("button", { name: "Copy invitation" }).first().click();
  const text = await until("the invitation is copied", () => host.evaluate(() => navigator.clipboard.readText()), (copied) => copied.includes("/j/"));
  link = /https?:\/\/\S+\/j\/\S+/.exec(text)?.[0] ?? "";
  await host.getByRole("button", { name: "Start", exact: true }).click();
  await host.getByRole("button", { name: "Join now" }).click();
  await inTheRoom(host);
  await host.getByRole("button", { name: "People" }).click();

  for (const page of [coHost, member]) {
    await page.goto(link);
    await silently(page);
    await page.getByRole("button", { name: "Join now" }).click();
    await inTheRoom(page);
  }
});

test("whoever was not named waits, sees and hears nothing, and is let in by a co-host", async () => {
  await host.getByRole("button", { name: `Make co-host: ${CO_HOST}` }).click();
  guest = await knock();
  await guest.getByRole("heading", { name: "Please wait a moment" }).waitFor();
  assert.equal(await decoded(guest), 0);
  assert.equal(await guest.getByText(HOST).count(), 0);

  await coHost.getByRole("button", { name: `Let in ${GUEST}` }).click();

  await inTheRoom(guest);
  await until("the guest sees", () => decoded(guest), (frames) => frames > 0);
});

test("the screen goes from hand to hand, and one at a time has it", async () => {
  await host.getByRole("button", { name: `Let only ${MEMBER} share` }).click();
  await member.getByText("The screen is yours: only you can share now.").waitFor();
  await member.getByRole("button", { name: "Share", exact: true }).click();
  await guest.getByRole("figure", { name: `${MEMBER} shares` }).waitFor();

  await host.getByRole("button", { name: `Let only ${CO_HOST} share` }).click();

  await guest.getByRole("figure", { name: `${MEMBER} shares` }).waitFor({ state: "detached" });
  await coHost.getByText("The screen is yours: only you can share now.").waitFor();
  await until("the one before can't share", () => member.getByRole("button", { name: "Share", exact: true }).isDisabled(), Boolean);
});

// Shows: ABUSE-19.
test("a co-host puts the guest out, who gets nothing more and knocks in vain at a locked door", async () => {
  await coHost.getByRole("button", { name: "People" }).click();
  await coHost.getByRole("button", { name: `Remove ${GUEST}` }).click();
  await coHost.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  await guest.getByRole("heading", { name: "You were removed from the meeting" }).waitFor();
  await until("nothing arrives any more", () => decoded(guest), (frames) => frames === 0);

  await coHost.getByRole("button", { name: "Lock the meeting" }).click();
  await member.getByText("Locked", { exact: true }).waitFor();
  await guest.context().close();
  guest = await knock();

  await guest.getByText("The host has locked the meeting.").waitFor();
});

// Shows: REQ-EM-02.
test("whoever breaks the glass comes in at the locked door in sight of everybody, hears by a host's word, and is reviewed", async () => {
  const ina = await colleague(INA);
  await admin.evaluate(async () => {
    const address = "/api/v1/policies/organisation";
    const { revision } = (await (await fetch(address)).json()) as { revision: number };
    const body = JSON.stringify({ revision, settings: { emergency_access: { value: true } } });
    await fetch(address, { method: "PUT", headers: { "content-type": "application/json" }, body });
  });
  await ina.goto(`${stage.url}/emergency`);
  await ina.getByLabel("What is the matter?").fill("Mr Quimby does not wake up.");
  await ina.getByRole("button", { name: "Take emergency access" }).click();
  await ina.getByRole("button", { name: `Go in: meeting of ${HOST}` }).click();
  await ina.getByText(`You come in as ${INA}, by emergency access.`).waitFor();
  await silently(ina);
  await ina.getByRole("button", { name: "Join now" }).click();
  await inTheRoom(ina);
  await member.getByText(`${INA} came in by emergency access. Nobody here let them in.`).first().waitFor();
  assert.equal(await decoded(ina), 0);
  await picture(host, "glass-host");
  await picture(member, "glass-member");

  await host.getByRole("button", { name: `Let ${INA} hear and see` }).click();

  await until("she sees", () => decoded(ina), (frames) => frames > 0);
  await picture(ina, "glass-herself");
  await admin.goto(`${stage.url}/admin/emergency`);
  await admin.getByText("Open now").waitFor();
  const giving = await ina.context().newPage();
  await giving.goto(`${stage.url}/emergency`);
  await giving.getByRole("button", { name: "End it now" }).click();
  await ina.getByRole("heading", { name: "You left the meeting" }).waitFor();
  await admin.reload();
  await admin.getByRole("button", { name: `Show what ${INA} took` }).click();
  await admin.getByRole("button", { name: "Read what was said" }).click();
  await admin.getByText("Mr Quimby does not wake up.").waitFor();
  await admin.getByLabel("Note").fill("He was woken.");
  await picture(admin, "glass-review");
  await admin.getByRole("button", { name: "Finish the review" }).click();
  await admin.getByRole("gridcell", { name: "Justified" }).waitFor();
  await ina.context().close();
});

// Shows: REQ-AC-08.
test("an administrator who is not in the meeting ends it for everybody", async () => {
  await admin.goto(`${stage.url}/admin/meetings`);
  await admin.getByRole("button", { name: `Show people in the meeting of ${HOST}` }).click();
  await admin.getByRole("heading", { name: `In the meeting of ${HOST}` }).waitFor();

  await admin.getByRole("button", { name: `End the meeting of ${HOST}` }).click();
  await admin.getByText("Everybody in it leaves at once").waitFor();
  await admin.getByRole("button", { name: "End for everyone" }).click();

  for (const page of [host, coHost, member]) await page.getByRole("heading", { name: "An administrator has ended the meeting" }).waitFor();
  await admin.getByText("No meeting goes on.").waitFor();
});

/** Invited by the administrator, with an account of their own. */
async function colleague(name: string): Promise<Page> {
  const invited = await admin.evaluate(async (email) => {
    const headers = { "content-type": "application/json", "idempotency-key": crypto.randomUUID() };
    const answer = await fetch("/api/v1/invitations", { method: "POST", headers, body: JSON.stringify({ email, role: "member" }) });
    return (await answer.json()) as { link: string };
  }, addressOf(name));
  const { pathname, hash } = new URL(invited.link);
  const page = await (await stage.person()).newPage();
  await page.goto(`${stage.url}${pathname}${hash}`);
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create my account" }).click();
  await page.getByRole("heading", { name: `Hello, ${name}` }).waitFor();
  return page;
}

function addressOf(name: string): string {
  return `${name.toLowerCase().replace(/[^a-z]+/g, ".")}@lindenhof.example`;
}

async function knock(): Promise<Page> {
  const page = await (await stage.person()).newPage();
  await page.goto(link);
  await page.getByLabel("Your name").fill(GUEST);
  await silently(page);
  await page.getByRole("button", { name: "Join now" }).click();
  return page;
}

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env["STORY_SHOTS"];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
}
