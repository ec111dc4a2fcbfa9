/**
 * A second technician, in a browser of their own: the person at the computer is asked about them while everything stops. A no
 * ends the session for everybody; after a yes they watch and do nothing, until the session is handed over to them by that
 * person's word, and then the one before does nothing. Each of it is on record.
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { type Computer, openComputer } from "./computer.ts";
import { type Desktop, openDesktop } from "./desktop.ts";
import { betweenQuestions, closeFarewell, comeToBeHelped, type Offer, offerHelp, sayNo, sayYes } from "./help.ts";
import { accept, invite, onRecord } from "./staff.ts";
import { openStage, setUpOwner, type Stage, until } from "./stage.ts";

const BO = { name: "Bo Lindqvist", email: "bo@lindenhof.example", password: "nine slow barges under a paper moon" };
/** What was on its way has arrived by then, or never will. */
const SETTLED_MS = 1_000;
/** A clock moves each second: a picture that stands still for so long does not come any more. */
const STILL_MS = 2_500;

let stage: Stage;
let computer: Computer;
let desktop: Desktop;
let list: Page;
let page: Page;
/** The colleague's. */
let bo: Page;
let offer: Offer;
let typed: string;

beforeAll(async () => {
  // First: a browser gives up what it loads while the machine's network changes.
  computer = await openComputer();
  [stage, desktop] = await Promise.all([openStage({ viewport: { width: 1360, height: 900 } }), openDesktop()]);
});
afterAll(async () => {
  await desktop.close();
  await computer.close();
  await stage.close();
});

// Shows: REQ-AC-27, ABUSE-58.
test("while the person is asked about a colleague nothing passes, and a no ends the session for everybody", async () => {
  list = await setUpOwner(stage, await stage.person());
  const invitation = await invite(list, BO, "representative");
  typed = join(desktop.home, "typed");
  await desktop.layOut("us");
  desktop.start("xterm", "-T", "Clock", "-geometry", "10x2+20+150", "-e", "sh", "-c", "while date +%T; do sleep 1; done");
  await desktop.window("Clock");
  desktop.start("xterm", "-T", "Editor", "-geometry", "100x20+20+420", "-e", `cat > ${typed}`);
  await desktop.window("Editor");
  [bo] = await Promise.all([accept(stage, BO, invitation), beHelped("")]);
  await takeControl(page);
  const link = await linkForColleague();
  await keyboardOf(page).focus();
  await write(page, "one");
  await arrived("one\n");
  const seen = await pictureOf(page);
  await until("the picture moves", () => pictureOf(page), (picture) => picture !== seen);

  const writing = keepWriting(page);
  await come(link);
  await desktop.window("Conclave asks");
  const look = async (): Promise<string> => (await readFile(typed, "utf8")) + (await pictureOf(page));

  // What is on its way arrives still; the technician writes on.
  await until("nothing new is typed or seen", async () => {
    const before = await look();
    await passed(STILL_MS);
    return (await look()) === before;
  }, Boolean);
  await bo.getByText("You see what your colleague sees, once there is something.").waitFor();
  await desktop.picture("agent-colleague-asked");
  await writing.stop();
  await sayNo(desktop);
  await page.getByText("Somebody else came in, and the person did not agree.").waitFor();
  await bo.getByRole("heading", { name: "The session is over" }).waitFor();
  await closeFarewell(desktop);
  await until("nothing of the program is shown", () => desktop.hasWindow("Conclave.*"), (shown) => !shown);
  // The turn may have ended within a line.
  await desktop.focus(await desktop.window("Editor"));
  await desktop.press("Return");
});

// Shows: REQ-AC-27.
test("after a yes the colleague sees what the technician sees, and their keys do nothing", async () => {
  await beHelped(offer.command);
  const link = await linkForColleague();
  await come(link);
  await sayYes(desktop, "agent-colleague-watches");
  for (const each of [page, bo]) await each.getByText("Pixel-exact").waitFor({ timeout: 60_000 });
  const seen = await pictureOf(bo);
  await until("the colleague's picture moves", () => pictureOf(bo), (picture) => picture !== seen);
  await desktop.picture("agent-colleague-bar");

  const before = await readFile(typed, "utf8");
  await desktop.focus(await desktop.window("Editor"));
  await keyboardOf(bo).focus();
  await write(bo, "from a watcher");
  await passed(SETTLED_MS);

  assert.equal(await readFile(typed, "utf8"), before);
  assert.ok(await bo.getByRole("button", { name: "Ask to see the screen" }).isDisabled());
});

// Shows: REQ-AC-27.
test("it is handed over by the person's word, all is asked anew, and the one before does nothing", async () => {
  const before = await readFile(typed, "utf8");
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Hand over…" }).click();
  await page.getByRole("button", { name: `Hand over to ${BO.name}` }).click();
  await sayYes(desktop, "agent-colleague-hand-over");
  await page.getByText("Somebody else goes on. You watch.").first().waitFor();
  await page.getByText("You see what your colleague sees, once there is something.").waitFor();

  await betweenQuestions();
  await see(bo);
  await takeControl(bo);
  await write(bo, "two");
  await arrived(`${before}two\n`);
  await keyboardOf(page).focus();
  await write(page, "from the one before");
  await passed(SETTLED_MS);
  await keyboardOf(bo).focus();
  await write(bo, "three");

  await arrived(`${before}two\nthree\n`);
});

// Shows: REQ-AC-27.
test("the end is told to both, and on record is who was let watch, who was not, and who went on", async () => {
  await desktop.press("ctrl+alt+shift+F12");
  for (const each of [bo, page]) await each.getByText("The person at the computer stopped it.").waitFor();
  await closeFarewell(desktop);

  const joined = await onRecord(list, "support.joined", 4);
  assert.deepEqual(joined.map(({ detail }) => detail["part"]).toSorted(), ["colleague", "colleague", "customer", "customer"]);
  const ends = await onRecord(list, "support.agent_ended", 2);
  assert.deepEqual(ends.map(({ detail }) => detail["reason"]).toSorted(), ["stopped", "unwelcome"]);
  await onRecord(list, "support.watcher_admitted", 1);
  await onRecord(list, "support.handed_over", 1);
});

/** From the technician's list to a screen that they see. `copied`: the command before. */
async function beHelped(copied: string): Promise<void> {
  offer = await offerHelp(stage, list, copied);
  page = offer.page;
  await comeToBeHelped(computer, desktop, offer);
  await see(page);
}

async function see(technician: Page): Promise<void> {
  await technician.getByRole("button", { name: "Ask to see the screen" }).click();
  await sayYes(desktop, "agent-colleague-view");
  await technician.getByText("Pixel-exact").waitFor({ timeout: 60_000 });
}

/** With the editor under their keys. */
async function takeControl(technician: Page): Promise<void> {
  await betweenQuestions();
  await technician.getByRole("button", { name: "Ask to use keyboard and mouse" }).click();
  await sayYes(desktop, "agent-colleague-control");
  const keyboard = keyboardOf(technician);
  await until("control is given", () => keyboard.getAttribute("tabindex"), (index) => index === "0");
  await desktop.focus(await desktop.window("Editor"));
  await keyboard.focus();
  // The hand that said yes comes first.
  await betweenQuestions();
}

/** As the technician has it for a colleague. */
async function linkForColleague(): Promise<string> {
  await page.bringToFront();
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Hand over…" }).click();
  await page.getByRole("button", { name: "Copy the link for a colleague" }).click();
  const link = await until("the link is copied", () => page.evaluate(() => navigator.clipboard.readText()), (text) => text.startsWith(`${stage.url}/j/`));
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  return link;
}

/** The colleague, from their own page of remote support. */
async function come(link: string): Promise<void> {
  await bo.goto(`${stage.url}/support`);
  await bo.getByLabel("Meeting code or link").fill(link);
  await bo.getByRole("button", { name: "Continue", exact: true }).click();
  await bo.getByText("You watch").first().waitFor();
}

function keyboardOf(technician: Page): Locator {
  return technician.getByLabel(/^Keyboard of the computer/);
}

/** A program gets a line at its end. */
async function write(technician: Page, line: string): Promise<void> {
  await technician.keyboard.type(line);
  await technician.keyboard.press("Enter");
}

/** Until it is told to stop. */
function keepWriting(technician: Page): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const written = (async () => {
    while (!stopping.signal.aborted) {
      await write(technician, "more");
      await passed(100);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await written;
    },
  };
}

function passed(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The hash of all that the page shows of the computer. */
async function pictureOf(technician: Page): Promise<string> {
  const picture = await technician.locator("canvas").first().evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  return createHash("sha256").update(picture).digest("hex");
}

/** Into the file that the editor writes. */
async function arrived(words: string): Promise<void> {
  await until("the words are in the editor", () => readFile(typed, "utf8").catch(() => ""), (text) => text === words);
}
