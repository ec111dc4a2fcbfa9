/** Every screen, in light and dark, on a desk and on the smallest phone: no finding of axe, nothing cut off. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

import type { AxeResults } from "axe-core";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { findingsOf, NEED_A_BROWSER, RULES } from "../src/test-accessible.ts";
import { joinByLink, openStage, OWNER, setUpOwner, signInOwner, type Stage, startMeeting } from "./stage.ts";

const SIZES = { desk: { width: 1360, height: 850 }, phone: { width: 320, height: 640 } };
/** What a screen's size changes and what its colours change are found apart; what neither changes is looked for once. */
const VIEWS = [
  ["desk", "light", NEED_A_BROWSER],
  ["phone", "dark", RULES],
] as const;
/** Of a screen that is made of what others have shown. */
const SMALLEST = VIEWS.slice(1);

let stage: Stage;
let axe: string;
let hosting: BrowserContext;
let host: Page;
/** Knocks at the host's meeting. */
let waiting: Page;
let link: string;

beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  stage = await openStage({ fps: 2 });
  hosting = await stage.person();
});
afterAll(() => stage.close());

test("outside of meetings", async () => {
  const page = await (await stage.person()).newPage();
  await page.goto(stage.setUpLink);
  await page.getByRole("button", { name: "Create the owner account" }).click();
  await look(page, "set-up");
  await page.goto(`${stage.url}/sign-in`);
  await look(page, "sign-in");
  await page.goto(stage.url);
  await look(page, "start");
  await page.goto(`${stage.url}/j/12`);
  await look(page, "missing");
});

test("at home", async () => {
  host = await setUpOwner(stage, hosting, look);
  await host.getByRole("button", { name: "Schedule for later" }).click();
  await look(host, "schedule");
  await host.getByLabel("What is it about?").fill("Ward round, team B");
  await host.getByLabel("Does it come again?").selectOption("Every week");
  await look(host, "schedule-weekly");
  await host.getByRole("button", { name: "Schedule", exact: true }).click();
  await host.getByRole("heading", { name: "Ward round, team B" }).first().waitFor();
  await look(host, "home");
  await host.getByRole("button", { name: "Cancel" }).first().click();
  await host.getByRole("button", { name: "Cancel this time" }).waitFor();
  await look(host, "cancel");
  await host.getByRole("button", { name: "Keep it" }).click();
});

test("the account's browsers", async () => {
  await host.getByRole("button", { name: "Your browsers" }).click();
  await host.getByRole("heading", { name: "Recovery code" }).waitFor();
  await host.getByRole("heading", { name: "Where you are signed in" }).waitFor();
  await look(host, "browsers");
  const mailed = await hosting.newPage();
  await mailed.goto(`${stage.url}/email#secret`);
  await mailed.getByRole("button", { name: "Use this address" }).waitFor();
  await look(mailed, "confirm-email");
  await mailed.close();
  await host.getByRole("button", { name: "Go to the start page" }).click();

  const other = await (await stage.person()).newPage();
  await other.goto(`${stage.url}/account`);
  await other.getByLabel("E-mail").fill(OWNER.email);
  await other.getByLabel("Password", { exact: true }).fill(OWNER.password);
  await other.getByRole("button", { name: "Sign in", exact: true }).click();
  await other.getByRole("heading", { name: "One more step" }).waitFor();
  await look(other, "second-step");
  await other.getByRole("button", { name: "Back to the password" }).click();
  await signInOwner(stage, other);
  await other.getByText("Waiting for the other browser").waitFor();
  await look(other, "outside");
  await other.close();
});

test("the organisation's people", async () => {
  await host.getByRole("button", { name: "People" }).click();
  await host.getByRole("button", { name: "Invite somebody" }).click();
  await host.getByLabel("E-mail").fill("bo@lindenhof.example");
  await host.getByRole("button", { name: "Invite", exact: true }).click();
  await host.getByText("Give this link to").waitFor();
  await look(host, "invite");
  const invitation = /https?:\S+\/invited#\S+/.exec(await host.getByText("/invited#").innerText())?.[0] ?? "";
  const { pathname, hash } = new URL(invitation);
  await host.getByRole("button", { name: "Close" }).last().click();

  const invited = await (await stage.person()).newPage();
  await invited.goto(`${stage.url}/forgot`);
  await look(invited, "forgot");
  await invited.goto(`${stage.url}${pathname}${hash}`);
  await look(invited, "invited");
  await invited.getByLabel("Your name").fill("Bo Lindqvist");
  await invited.getByLabel("Password", { exact: true }).fill("nine slow barges under a paper moon");
  await invited.getByRole("button", { name: "Create my account" }).click();
  await invited.getByRole("heading", { name: "Hello, Bo Lindqvist" }).waitFor();
  await invited.close();
  await host.reload();
  await host.getByRole("button", { name: "Change Bo Lindqvist" }).click();
  await look(host, "organisation");
  await host.getByRole("menuitem", { name: "Suspend" }).click();
  await look(host, "suspend");
  await host.getByRole("button", { name: "Cancel" }).click();
  await host.getByRole("button", { name: "Go to the start page" }).click();
});

test("remote support", async () => {
  const page = await hosting.newPage();
  await page.goto(`${stage.url}/support`);
  await page.getByRole("button", { name: "New session" }).click();
  await page.getByRole("img", { name: /^Code/ }).waitFor();
  await page.getByText("What to say on the phone").click();
  await look(page, "support");
  const code = await page.getByRole("img", { name: /^Code/ }).innerText();
  const [console] = await Promise.all([page.waitForEvent("popup"), page.getByRole("link", { name: /^Open the session/ }).click()]);
  await console.getByRole("heading", { name: "Waiting for the person whom you help" }).waitFor();
  await look(console, "console-waiting");
  const helped = await (await stage.person()).newPage();
  await helped.goto(`${stage.url}/help`);
  await look(helped, "help");
  await helped.getByLabel("Code from the technician").fill(code);
  await helped.getByRole("button", { name: "Show who it is" }).click();
  await helped.getByRole("heading", { name: /wants to help you/ }).waitFor();
  await look(helped, "help-offer");
  await helped.close();
  await console.getByRole("button", { name: "End" }).click();
  await console.getByRole("button", { name: "End the session" }).click();
  await console.getByRole("heading", { name: "The session is over" }).waitFor();
  await look(console, "console-over");
  await console.close();
  await page.close();
});

test("groups and policies", async () => {
  const page = await hosting.newPage();
  await page.goto(`${stage.url}/admin/groups`);
  await page.getByLabel("Name of the group").fill("Ward 3");
  await page.getByRole("button", { name: "Make the group" }).press("Enter");
  await page.getByRole("button", { name: "Show “Ward 3”" }).click();
  await page.getByLabel("Add somebody").selectOption({ index: 1 });
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("button", { name: /from the group/ }).waitFor();
  await look(page, "group");
  await page.goto(`${stage.url}/admin/policies`);
  await page.getByLabel("Share screens").selectOption("off");
  await page.getByRole("button", { name: "Review the change" }).press("Enter");
  await page.getByText("Share screens: on becomes off, for 2 people, and for guests.").waitFor();
  await look(page, "preview");
  await page.getByRole("button", { name: "Cancel" }).press("Enter");
  await page.getByLabel("Whose policy").selectOption({ index: 2 });
  await page.getByRole("heading", { name: /Why is this so/ }).waitFor();
  await look(page, "policies");
  await page.goto(`${stage.url}/admin/programs`);
  await page.getByRole("button", { name: "Make a program" }).click();
  const sheet = page.getByRole("dialog", { name: "Make a program" });
  await sheet.getByLabel("Name of the program").fill("Entra, our directory");
  await sheet.getByRole("switch", { name: "Bring and remove people (SCIM)" }).press("Space");
  await look(page, "program");
  await sheet.getByRole("button", { name: "Make it" }).press("Enter");
  await page.getByText("Copy it into the program now.").waitFor();
  await look(page, "key");
  await page.getByRole("button", { name: "Close" }).last().press("Enter");
  await page.getByRole("button", { name: "Revoke Entra, our directory" }).waitFor();
  await look(page, "programs");
  await page.goto(`${stage.url}/admin/audit`);
  await page.getByRole("row", { name: /Group made/ }).getByRole("button", { name: /Verify in my browser/ }).click();
  await page.getByText("Verified here").waitFor();
  await look(page, "audit");
  await page.getByRole("button", { name: "Group made", exact: true }).press("Enter");
  await page.getByRole("dialog").waitFor();
  await look(page, "audit-entry");
  await page.close();
});

test("in front of a meeting", async () => {
  link = await startMeeting(host);
  await look(host, "alone");
  const asking = await stage.browser.newContext();
  const stranger = await asking.newPage();
  await stranger.goto(link.split("#")[0] ?? "");
  await look(stranger, "ask");
  await asking.close();

  waiting = await (await stage.person()).newPage();
  await waiting.goto(link.split("#")[0] ?? "");
  await waiting.getByText("Camera, microphone and speaker").click();
  await waiting.getByText("We can hear you").waitFor();
  await look(waiting, "pre-join");
  await waiting.getByLabel("Your name").fill("Grandma Nakamura");
  await waiting.getByRole("button", { name: "Join now" }).click();
  await waiting.getByRole("heading", { name: "Please wait a moment" }).waitFor();
  await look(waiting, "waiting");
});

test("in a meeting", async () => {
  const guest = await joinByLink(await stage.person(), link, "Bo Lindqvist");
  await host.locator("video").nth(1).waitFor();
  await look(host, "room");
  await host.getByRole("button", { name: "Chat" }).click();
  await guest.getByRole("button", { name: "Chat" }).click();
  await guest.getByLabel("Message").fill("Good morning. Can you see the X-ray?");
  await guest.getByLabel("Message").press("Enter");
  await host.getByRole("list", { name: "Chat" }).getByText("Can you see the X-ray?").waitFor();
  await look(host, "chat");
  await host.getByRole("button", { name: "People" }).click();
  await look(host, "people");
  await host.getByRole("button", { name: "Close" }).click();
  await host.getByRole("button", { name: "More" }).click();
  await look(host, "more");
  await host.getByRole("menuitem", { name: "Settings" }).click();
  await look(host, "settings");
  await host.getByRole("button", { name: "Close" }).click();
  await host.getByRole("button", { name: "Encryption: Encrypted" }).click();
  await look(host, "shield");
  await host.getByRole("button", { name: "Close" }).click();
  await host.getByRole("button", { name: "Leave" }).click();
  await look(host, "leave");
  await guest.getByRole("button", { name: "Close" }).click();
  await guest.getByRole("button", { name: "Leave" }).click();
  await guest.getByRole("heading", { name: "You left the meeting" }).waitFor();
  await look(guest, "over");
  await guest.close();
  await waiting.close();
});

test("looking after meetings", async () => {
  const page = await hosting.newPage();
  await page.goto(`${stage.url}/admin/meetings`);
  await page.getByRole("button", { name: /^Show people/ }).click();
  await page.getByRole("heading", { name: /^In the meeting of/ }).waitFor();
  await look(page, "live");
  await page.getByRole("button", { name: /^End the meeting/ }).click();
  await look(page, "live-end");
  await page.close();
});

test("sessions and reports", async () => {
  const page = await hosting.newPage();
  await page.goto(`${stage.url}/admin/sessions`);
  // Whoever tabs into a table is on its row first; a key that is sent to a button in it at once would be the row's.
  await page.getByRole("button", { name: /^Show the meeting of/ }).first().click();
  await page.getByText("The meeting began").waitFor();
  await page.getByRole("button", { name: "By minute: Guest 1" }).click();
  // What the guest who left had sent and received was measured.
  await page.getByRole("region", { name: "Table: streams of Guest 1" }).getByRole("cell", { name: "Sent sound" }).first().waitFor();
  await look(page, "session");
  // Nothing that follows needs pictures and sound.
  await host.close();
  await page.getByRole("button", { name: "All sessions" }).press("Enter");
  await page.getByRole("button", { name: "Search", exact: true }).waitFor();
  await look(page, "sessions");
  await page.goto(`${stage.url}/admin/reports`);
  await page.getByRole("figure", { name: /^Meetings/ }).waitFor();
  await page.getByRole("button", { name: "Save this view" }).press("Enter");
  await page.getByLabel("Name", { exact: true }).fill("Last month");
  await look(page, "save-view");
  await page.getByRole("button", { name: "Save", exact: true }).press("Enter");
  await page.getByRole("button", { name: "Last month", exact: true }).waitFor();
  await look(page, "reports");
  await page.goto(`${stage.url}/admin/anomalies`);
  await page.getByRole("button", { name: "Save the rules" }).waitFor();
  await look(page, "anomalies");
  await page.goto(`${stage.url}/admin/people`);
  await page.getByRole("link", { name: /^Timeline of/ }).first().click();
  await page.getByRole("heading", { name: /^Timeline of/ }).waitFor();
  await look(page, "timeline");
  await page.close();
});

test("evidence", async () => {
  const page = await hosting.newPage();
  await page.goto(`${stage.url}/admin/evidence`);
  await page.getByRole("button", { name: "Decide about Automatic logoff" }).waitFor();
  await page.getByText("What it rests on: After 15 minutes at the latest").click();
  await look(page, "evidence");
  await page.getByRole("button", { name: "Decide about Automatic logoff" }).press("Enter");
  await page.getByRole("dialog", { name: "Decide about Automatic logoff" }).waitFor();
  await look(page, "decide");
  await page.goto(`${stage.url}/admin/promises`);
  await page.getByRole("heading", { name: "What nothing here protects from" }).waitFor();
  await look(page, "promises");
  await page.goto(`${stage.url}/admin/review`);
  await page.getByRole("button", { name: "Sign the review" }).waitFor();
  await look(page, "review");
  await page.goto(`${stage.url}/admin/agreements`);
  await page.getByRole("button", { name: "Enter an agreement" }).press("Enter");
  const sheet = page.getByRole("dialog", { name: "Enter an agreement" });
  await sheet.getByLabel("Company").fill("Lindenhof Hosting");
  await sheet.getByLabel("Signed on").fill("2026-01-05");
  await sheet.getByRole("button", { name: "Keep it" }).press("Enter");
  await page.getByText("In force").waitFor();
  await look(page, "agreements");
  await page.goto(`${stage.url}/admin/risks`);
  await page.getByRole("button", { name: /^Assess: Somebody with rights/ }).press("Enter");
  const risk = page.getByRole("dialog", { name: "Assess a risk" });
  await risk.getByLabel("Why, and what you do").fill("We are few, and read the record.");
  await look(page, "risks");
  await page.goto(`${stage.url}/admin/complaints`);
  await page.getByRole("button", { name: "Enter a complaint or request" }).press("Enter");
  const complaint = page.getByRole("dialog", { name: "Enter a complaint or request" });
  await complaint.getByLabel("Came in on").fill("2026-01-05");
  await complaint.getByLabel("Who wants what").fill("Somebody wants to see what is kept.");
  await complaint.getByRole("button", { name: "Enter it" }).press("Enter");
  await page.getByRole("heading", { name: /^A complaint, / }).waitFor();
  await look(page, "complaints");
  await page.goto(`${stage.url}/admin/exports`);
  await page.getByRole("heading", { name: "Taken out" }).waitFor();
  await look(page, "exports");
  await page.goto(`${stage.url}/admin/training`);
  await page.getByRole("button", { name: "Enter a training" }).waitFor();
  await look(page, "training", SMALLEST);
  await page.close();
});

test("computers and recordings", async () => {
  const page = await hosting.newPage();
  await page.goto(`${stage.url}/admin/computers`);
  await page.getByText("No computer is enrolled.").waitFor();
  await look(page, "computers", SMALLEST);
  await page.goto(`${stage.url}/admin/recordings`);
  await page.getByRole("button", { name: "Make a key" }).waitFor();
  await look(page, "recordings", SMALLEST);
  await page.close();
});

test("breaking the glass, and looking at it", async () => {
  const page = await hosting.newPage();
  await page.goto(`${stage.url}/admin/policies`);
  await page.getByLabel("Take emergency access").selectOption("on");
  await page.getByRole("button", { name: "Review the change" }).press("Enter");
  await page.getByRole("button", { name: "Save", exact: true }).press("Enter");
  await page.getByRole("button", { name: "Save", exact: true }).waitFor({ state: "detached" });
  await page.goto(`${stage.url}/emergency`);
  await page.getByLabel("What is the matter?").fill("She fell, and nobody answers.");
  await look(page, "emergency");
  await page.getByRole("button", { name: "Take emergency access" }).press("Enter");
  await page.getByRole("heading", { name: "Meetings that go on" }).waitFor();
  await look(page, "emergency-open");
  await page.getByRole("button", { name: "End it now" }).press("Enter");
  await page.getByLabel("What is the matter?").waitFor();
  await page.goto(`${stage.url}/admin/emergency`);
  await look(page, "emergencies");
  await page.getByRole("button", { name: /^Show what/ }).click();
  await page.getByRole("button", { name: "Read what was said" }).press("Enter");
  await page.getByText("She fell, and nobody answers.").waitFor();
  await look(page, "emergency-words");
  await page.close();
});

/** Looks at what the page shows now, in every size and colour or in those that are named, and from right to left. */
async function look(page: Page, name: string, views: readonly (typeof VIEWS)[number][] = VIEWS): Promise<void> {
  const before = page.viewportSize() ?? SIZES.desk;
  for (const [device, colorScheme, rules] of views) {
    await page.setViewportSize(SIZES[device]);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await settled(page);
    await picture(page, `${name}-${device}-${colorScheme}`);
    assert.deepEqual(await lasting(page, rules), [], `${name}, ${device}, ${colorScheme}`);
    await fits(page, `${name} on a ${device}`);
    await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
    await fits(page, `${name} on a ${device} from right to left`);
    await page.evaluate(() => document.documentElement.removeAttribute("dir"));
  }
  await page.setViewportSize(before);
}

/** In milliseconds: a colour may still be on its way from one scheme to the other, on a busy machine for long. */
const LOOK_AGAIN = [200, 1_000];

async function lasting(page: Page, rules: readonly string[]): Promise<string[]> {
  let found = await findings(page, rules);
  for (const wait of LOOK_AGAIN) {
    if (found.length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, wait));
    found = await findings(page, rules);
  }
  return found;
}

async function findings(page: Page, rules: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  const results = await page.evaluate(
    (rules) => (globalThis as unknown as { axe: { run(node: Document, options: object): Promise<AxeResults> } }).axe.run(document, { runOnly: rules, resultTypes: ["violations"], selectors: false, preload: false }),
    rules,
  );
  return findingsOf(results);
}

/** What a script lays out may come a moment after the size. */
async function fits(page: Page, what: string): Promise<void> {
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  if (!(await wide())) return;
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  assert.ok(!(await wide()), `${what} is wider than its window`);
}

/** What a script lays out by the new size is there with the second frame, and drawn with the third. */
async function settled(page: Page): Promise<void> {
  for (let frame = 0; frame < 3; frame += 1) {
    await page.evaluate(() => new Promise<void>((resolve) => requestAnimationFrame(() => resolve())));
  }
}

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env["STORY_SHOTS"];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
}
