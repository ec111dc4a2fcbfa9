/**
 * Somebody lends their computer in a meeting: brought by the page's command, used by one guest after a yes to each thing,
 * taken back from the meeting at once, stopped by the hand of whoever sits there, and taken out.
 */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { type Computer, openComputer } from "./computer.ts";
import { type Desktop, openDesktop } from "./desktop.ts";
import { betweenQuestions, CANCEL, CONTINUE, sayYes } from "./help.ts";
import { familyOf, left, type Process } from "./processes.ts";
import { joinByLink, openStage, OWNER, setUpOwner, silently, type Stage, startMeeting, until } from "./stage.ts";

const GUEST = "Bo Lindqvist";
const HERE = /^Your computer is in the meeting\./;
/** Where a terminal finds the helper program. */
const PROGRAMS = dirname(process.env["CONCLAVE_BIN"] ?? "");

let stage: Stage;
let computer: Computer;
let desktop: Desktop;
let owner: Page;
let guest: Page;
let typed: string;
let agents: Process[];

beforeAll(async () => {
  // First: a browser gives up what it loads while the machine's network changes.
  computer = await openComputer();
  [stage, desktop] = await Promise.all([openStage({ fps: 1 }), openDesktop()]);
});
afterAll(async () => {
  await desktop.close();
  await computer.close();
  await stage.close();
});

test("without the helper program nobody can be let use the computer, and the page says what is missing", async () => {
  owner = await setUpOwner(stage, await stage.person());
  guest = await joinByLink(await stage.person(), await startMeeting(owner), GUEST, silently);
  typed = join(desktop.home, "typed");
  await desktop.layOut("us");
  desktop.start("xterm", "-T", "Editor", "-geometry", "100x20+20+420", "-e", `cat > ${typed}`);
  await desktop.window("Editor");
  await owner.bringToFront();
  await owner.getByRole("button", { name: "More", exact: true }).click();
  await owner.getByRole("menuitem", { name: "Lend my computer" }).click();

  await owner.getByText(/^Conclave’s helper program must be on this computer\./).waitFor();
  assert.equal(await letThem().count(), 0);
});

// Shows: REQ-AC-14.
test("the page's command brings the computer, once the person there has said that they are in the meeting", async () => {
  await owner.getByRole("button", { name: "Copy the command" }).click();
  const command = await until("the command is copied", () => owner.evaluate(() => navigator.clipboard.readText()), isCommand);

  const [program = "", ...args] = computer.there(["sh", "-c", `PATH="$0:$PATH"; ${command}`, PROGRAMS]);
  const { pid = 0 } = desktop.start(program, ...args);
  const start = await desktop.window("Conclave");
  await desktop.picture("lend-bring");
  assert.equal(await letThem().count(), 0, "nobody has said so yet");
  const here = owner.getByText(HERE).first();
  // Before it is known whose meeting it is there is nothing to press.
  const goesOn = (): Promise<boolean> => desktop.click(start, ...CONTINUE).catch(() => {}).then(() => here.isVisible());
  await until("the computer is in the meeting", goesOn, Boolean, 60);

  agents = await familyOf(pid);
  assert.ok(agents.length >= 5, "a shell, and one that starts those that have the network, the desktop and the windows");
  await letThem().waitFor();
  assert.equal(await desktop.hasWindow("Conclave asks"), false);
});

// Shows: REQ-AC-14.
test("a guest to whom it is lent sees it and types there after a yes to each", async () => {
  await lend("lend-first");

  await write("Grüße, {world}!");

  await arrived("Grüße, {world}!\n");
  await desktop.picture("lend-controlled");
});

// Shows: REQ-AC-14, REQ-AC-16.
test("taken back in the meeting it is the presenter's at once, and nothing more of the guest arrives", async () => {
  await owner.getByRole("button", { name: `Take it back from ${GUEST}` }).click();
  await letThem().waitFor();

  await guest.keyboard.type("999");
  await guest.keyboard.press("Enter");

  await hasNothingOfTheGuest();
  await pressThere("h");
  await arrived("Grüße, {world}!\nh\n");
});

// Shows: REQ-AC-14, REQ-AC-16.
test("lent again all is asked anew, and the stop keys end it", async () => {
  await lend("lend-again");
  await write("again");
  await arrived("Grüße, {world}!\nh\nagain\n");

  await desktop.press("ctrl+alt+shift+F12");

  await letThem().waitFor();
  await owner.getByText(HERE).first().waitFor();
  await guest.keyboard.type("999");
  await guest.keyboard.press("Enter");
  await hasNothingOfTheGuest();
  await pressThere("k");
  await arrived("Grüße, {world}!\nh\nagain\nk\n");
});

// Shows: REQ-AC-16.
test("taken out at the computer it is in the meeting no more, and nothing of the program runs", async () => {
  const start = await desktop.window("Conclave");
  const copies = owner.getByRole("button", { name: "Copy the command" });
  const isOut = (): Promise<boolean> => desktop.click(start, ...CANCEL).catch(() => {}).then(() => copies.isVisible());

  await until("the computer is out of the meeting", isOut, Boolean);
  assert.equal(await letThem().count(), 0);
  await until("the program is gone", () => left(agents), (running) => running.length === 0, 60);
  assert.equal(await desktop.hasWindow("Conclave.*"), false);
});

/** The program reads the meeting's secret from its input. */
function isCommand(text: string): boolean {
  return text.startsWith("echo '") && text.endsWith("' | conclave-agent present -");
}

/** In the owner's sheet, which stays open. */
function letThem(): Locator {
  return owner.getByRole("button", { name: `Let ${GUEST} use it` });
}

function keyboard(): Locator {
  return guest.getByLabel(`Keyboard of the computer of ${OWNER.name}`);
}

/** The owner lends it, the guest asks to see and to use it, and the person there says yes to each. */
async function lend(picture: string): Promise<void> {
  await letThem().click();
  await guest.bringToFront();
  await guest.getByText(`${OWNER.name} lets you use their computer.`).waitFor();
  await guest.getByRole("button", { name: "Use it", exact: true }).click();
  await guest.getByText("Nothing is shown before they say yes.").waitFor();
  await guest.getByRole("button", { name: "Ask to see it" }).click({ timeout: 60_000 });
  await sayYes(desktop, `${picture}-view`);
  await guest.getByText("Nothing is shown before they say yes.").waitFor({ state: "detached" });
  const canvas = guest.getByRole("group", { name: `The computer of ${OWNER.name}` }).locator("canvas").first();
  await until("the screen is seen", () => canvas.evaluate((drawn) => (drawn as HTMLCanvasElement).width), (width) => width === 1280);
  await betweenQuestions();
  await guest.getByRole("button", { name: "Ask to use mouse and keyboard" }).click();
  await sayYes(desktop, `${picture}-control`);
  await owner.getByRole("button", { name: `Take it back from ${GUEST}` }).waitFor();
  // The hand that said yes comes first, for two seconds.
  await betweenQuestions();
  await until("control is given", () => keyboard().getAttribute("tabindex"), (index) => index === "0");
}

async function write(words: string): Promise<void> {
  await desktop.focus(await desktop.window("Editor"));
  await keyboard().focus();
  await guest.keyboard.type(words);
  await guest.keyboard.press("Enter");
}

/** Neither the question nor the sign is left, and the guest's page has no view of it. */
async function hasNothingOfTheGuest(): Promise<void> {
  await keyboard().waitFor({ state: "detached" });
  await until("the sign is gone", () => desktop.hasWindow("Conclave session.*"), (shown) => !shown);
  assert.equal(await desktop.hasWindow("Conclave asks"), false);
}

/** By the hand of whoever sits there: of what came before it, the editor has all. */
async function pressThere(key: string): Promise<void> {
  await desktop.focus(await desktop.window("Editor"));
  await desktop.press(key);
  await desktop.press("Return");
}

/** Into the file that the editor writes. */
async function arrived(words: string): Promise<void> {
  await until("the words are in the editor", () => readFile(typed, "utf8").catch(() => ""), (text) => text === words);
}
