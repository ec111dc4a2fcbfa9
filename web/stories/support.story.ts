/**
 * A technician in Chromium and the helper program at a real desktop, on a computer with a network of its own: seen to the
 * pixel, typed into with whatever keyboard, text copied each way, a file brought, and stopped by the hand of whoever sits
 * there; and nothing of it stays, also of a program that is killed.
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { type Computer, openComputer } from "./computer.ts";
import { changes, type Desktop, openDesktop, type Snapshot } from "./desktop.ts";
import { betweenQuestions, closeFarewell, comeToBeHelped, type Offer, offerHelp, sayNo, sayYes } from "./help.ts";
import { familyOf, left, type Process } from "./processes.ts";
import { openStage, setUpOwner, type Stage, until } from "./stage.ts";

let stage: Stage;
let computer: Computer;
let desktop: Desktop;
let list: Page;
let page: Page;
let typed: string;
let offer: Offer;
/** Before the helper program came. */
let before: Snapshot;
let agents: Process[];

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

test("a code is made, and whoever was told it reads who asks before anything happens", async () => {
  list = await setUpOwner(stage, await stage.person());
  await list.goto(`${stage.url}/admin/policies`);
  for (const setting of ["Support: files", "Support: the clipboard’s text"]) await list.getByLabel(setting, { exact: true }).selectOption("on");
  await list.getByRole("button", { name: "Review the change" }).press("Enter");
  await list.getByRole("button", { name: "Save", exact: true }).press("Enter");
  await list.getByRole("button", { name: "Save", exact: true }).waitFor({ state: "detached" });
  offer = await offerHelp(stage, list, "");
  page = offer.page;

  typed = join(desktop.home, "typed");
  await desktop.layOut("us");
  desktop.start("xterm", "-T", "Editor", "-geometry", "100x20+20+420", "-e", `cat > ${typed}`);
  await desktop.window("Editor");
  before = await desktop.snapshot();
  agents = await helperOf(offer);
});

test("the screen is seen to the pixel", async () => {
  await page.getByRole("button", { name: "Ask to see the screen" }).click();
  await permit("agent-view");
  await page.getByText("Pixel-exact").waitFor({ timeout: 60_000 });
  await desktop.picture("agent-viewed");
  await shot("console-viewing");
});

test("a no is a no, and the session goes on", async () => {
  await betweenQuestions();
  await page.getByRole("button", { name: "Chat", exact: true }).click();
  await page.getByRole("button", { name: "Ask them: Chat" }).click();
  await sayNo(desktop);
  await page.getByText(/they said no, or did not answer/).first().waitFor();
  await page.getByRole("button", { name: "Chat", exact: true }).click();
});

// Shows: REQ-RS-05.
test("the person reads every fact before one is sent", async () => {
  await betweenQuestions();
  await page.getByRole("button", { name: "Facts" }).click();
  await page.getByRole("button", { name: "Ask for them" }).click();
  await permit("agent-facts", async () => assert.equal(await page.getByRole("definition").count(), 0, "nothing is sent while they are asked"));
  await page.getByText("1280x800").first().waitFor();
  await page.getByRole("button", { name: "Facts" }).click();
});

test("the technician types and clicks, and it arrives, whichever keyboard is there", async () => {
  await betweenQuestions();
  await page.getByRole("button", { name: "Ask to use keyboard and mouse" }).click();
  await permit("agent-control");
  const keyboard = page.getByLabel(/^Keyboard of the computer/);
  await until("control is given", () => keyboard.getAttribute("tabindex"), (index) => index === "0");
  await desktop.focus(await desktop.window("Editor"));
  // The hand that said yes comes first, for two seconds.
  await betweenQuestions();
  const view = await page.locator("canvas").first().boundingBox();
  assert.ok(view !== null);
  const at = (x: number, y: number): [number, number] => [view.x + (x / 1280) * view.width, view.y + (y / 800) * view.height];
  await page.mouse.move(...at(300, 560));
  await page.mouse.click(...at(300, 560));
  await page.keyboard.type("Grüße, {world}!");
  await page.keyboard.press("Enter");
  // A program looks up what a key means when it gets around to it.
  await arrived("Grüße, {world}!\n");
  await desktop.layOut("de");
  await page.keyboard.type("Zoë: y, z, ß, @, €, {[]}");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+d");
  await arrived("Grüße, {world}!\nZoë: y, z, ß, @, €, {[]}\n");
  await shot("console-controlled");
});

test("text on the clipboard goes each way, and only after a yes to that way", async () => {
  await desktop.copy("copied before");
  await betweenQuestions();
  await page.getByRole("button", { name: "Clipboard", exact: true }).click();
  await page.getByRole("button", { name: "Ask them: Get text from their clipboard" }).click();
  await permit("agent-clipboard-out");
  await page.getByText("Nothing has been copied there since they let you see it.").waitFor();
  await desktop.copy("Größe: 7 €");
  await page.getByText("Größe: 7 €", { exact: true }).first().waitFor();

  await page.getByLabel("Text for their clipboard").fill("Zündung prüfen");
  assert.equal(await page.getByRole("button", { name: "Put it there" }).count(), 0, "it takes a permission of its own");
  await betweenQuestions();
  await page.getByRole("button", { name: "Ask them: Put text on their clipboard" }).click();
  await permit("agent-clipboard-in");
  await page.getByRole("button", { name: "Put it there" }).click();
  await until("it is on their clipboard", () => desktop.pasted(), (text) => text === "Zündung prüfen");
  await page.getByRole("button", { name: "Clipboard", exact: true }).click();
});

test("a file comes only after a yes, and whole", async () => {
  const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 31) % 251));
  await betweenQuestions();
  await page.getByRole("button", { name: "Files", exact: true }).click();
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Send files…" }).click()]);
  await chooser.setFiles({ name: "manual.bin", mimeType: "application/octet-stream", buffer: bytes });
  await permit("agent-file");
  await page.getByText("Arrived, whole", { exact: true }).waitFor({ timeout: 60_000 });
  // It is looked at, and then put where it stays.
  const kept = await until("it is where it stays", () => filesNamed("manual.bin"), (files) => files.size === 1 && [...files.keys()].every((way) => way.includes("Downloads")), 30);
  assert.deepEqual([...kept.values()], [sha256(bytes)]);
  await page.getByRole("button", { name: "Files", exact: true }).click();
});

// Shows: REQ-RS-06, ABUSE-56.
test("whoever sits there stops it at once, and nothing of the program stays", async () => {
  await desktop.press("ctrl+alt+shift+F12");
  await page.getByText("The person at the computer stopped it.").waitFor();
  await shot("console-over");
  await desktop.window("Conclave ended");
  await desktop.picture("agent-ended");
  assert.equal(await desktop.hasWindow("Conclave session"), false);
  await closeFarewell(desktop);
  await until("the program is gone", () => left(agents), (running) => running.length === 0);
  const kept = /^home\/(typed|Downloads(\/.*)?)$/;
  const changed = changes(before, await desktop.snapshot());
  assert.ok(changed.every((way) => kept.test(way)), `${changed.join()} is another`);
  assert.equal(await desktop.pasted(), "");
  assert.equal(await desktop.hasWindow("Conclave.*"), false);
});

// Shows: REQ-RS-06, ABUSE-56.
test("of a program that is killed nothing runs on, and nothing is left", async () => {
  offer = await offerHelp(stage, list, offer.command);
  page = offer.page;
  before = await desktop.snapshot();
  agents = await helperOf(offer);
  const [launcher] = agents;
  assert.ok(launcher !== undefined);
  process.kill(launcher.pid, "SIGKILL");
  await until("all of it is gone", () => left(agents), (running) => running.length === 0);
  await until("nothing of it is shown", () => desktop.hasWindow("Conclave.*"), (shown) => !shown);
  assert.deepEqual(changes(before, await desktop.snapshot()), []);
});

/** Somebody follows the command. The program's processes. */
async function helperOf(offered: Offer): Promise<Process[]> {
  const pid = await comeToBeHelped(computer, desktop, offered);
  const networks = await Promise.all([`/proc/${pid}/ns/net`, "/proc/self/ns/net"].map((network) => readlink(network).catch(() => "")));
  assert.equal(networks[0] !== networks[1], computer.isApart || networks[0] === "");
  const family = await familyOf(pid);
  assert.equal(family.length, 5, "one that starts the others, and those that have the network, the desktop, the windows, and the way to an administrator's rights");
  return family;
}

/** The person reads the question, and says yes. */
function permit(picture: string, meanwhile?: () => Promise<void>): Promise<void> {
  return sayYes(desktop, picture, meanwhile);
}

async function shot(name: string): Promise<void> {
  const folder = process.env["STORY_SHOTS"];
  if (folder !== undefined) await writeFile(join(folder, `${name}.png`), await page.screenshot());
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Into the file that the editor writes. */
async function arrived(words: string): Promise<void> {
  await until("the words are in the editor", () => readFile(typed, "utf8").catch(() => ""), (text) => text === words);
}

async function filesNamed(name: string): Promise<Snapshot> {
  return new Map([...(await desktop.snapshot())].filter(([way]) => way.endsWith(name)));
}
