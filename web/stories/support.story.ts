/**
 * A technician in Chromium and the helper program at a real desktop, on a computer with a network of its own: seen to the
 * pixel, typed into with whatever keyboard, text copied each way, a file brought, and stopped by the hand of whoever sits
 * there; and nothing of it stays, also of a program that is killed, and of a computer that loses its power.
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { type Computer, openComputer } from "./computer.ts";
import { changes, type Desktop, openDesktop, type Snapshot } from "./desktop.ts";
import { openFilm, PLACE } from "./film.ts";
import { betweenQuestions, closeFarewell, comeToBeHelped, type Offer, offerHelp, offerLink, pickFile, sayNo, sayYes } from "./help.ts";
import { familyOf, left, type Process } from "./processes.ts";
import { decoded, inTheRoom, openStage, OWNER, setUpOwner, type Stage, until } from "./stage.ts";

/** Of whoever is helped. */
const LETTER = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 37) % 253));
/** Of a film: fewer may be what was on its way. */
const PICTURES = 10;

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
  await writeFile(join(desktop.home, "letter.bin"), LETTER);
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

// Shows: REQ-RS-03.
test("a file that the person picks goes to the technician, whole", async () => {
  await betweenQuestions();
  await page.getByRole("button", { name: "Files", exact: true }).click();
  await page.getByRole("button", { name: "Ask for a file" }).click();
  await permit("agent-file-out");
  await pickFile(desktop, "letter.bin");
  const saves = page.getByRole("button", { name: "Save letter.bin" });
  await saves.waitFor({ timeout: 60_000 });
  const [file] = await Promise.all([page.waitForEvent("download"), saves.click()]);
  assert.equal(sha256(await readFile(await file.path())), sha256(LETTER));
  await page.getByRole("button", { name: "Files", exact: true }).click();
});

// Shows: REQ-RS-01.
test("what moves is seen as a video, and to the pixel once it stands still", async () => {
  const film = await openFilm(desktop.display);
  const before = await decoded(page);
  const moves = page.getByText("Moving picture");
  const exact = page.getByText("Pixel-exact");
  const last = await film.play(async () => (await moves.isVisible()) && (await decoded(page)) > before + PICTURES && !(await exact.isVisible()));
  await shot("console-moving");

  await exact.waitFor();
  assert.equal(await moves.isVisible(), false);
  assert.equal(await pixelsOf(page, PLACE), sha256(last));
  await shot("console-still");
  film.close();
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

// Shows: REQ-RS-01.
test("who has no helper program shows a screen by browser, which the technician sees move and can do nothing at", async () => {
  const { link, page: technician } = await offerLink(stage, list);
  const customer = await (await stage.person()).newPage();
  await customer.goto(link);
  await customer.getByRole("heading", { name: `${OWNER.name} wants to help you` }).waitFor();
  await customer.getByRole("button", { name: "Show my screen" }).click();
  await customer.getByText("Nobody sees or hears you here: you talk on the phone.", { exact: false }).waitFor();
  await customer.getByLabel("Your name").fill("Cy Marin");
  await customer.getByRole("button", { name: "Continue" }).click();
  await inTheRoom(customer);
  for (const name of [/mute/i, /camera/i]) assert.equal(await customer.getByRole("button", { name }).count(), 0);
  assert.equal(await technician.locator("video[aria-label]").count(), 0, "nothing is shown before they choose what");
  await customer.getByRole("button", { name: "Share", exact: true }).click();

  await technician.getByText("Cy Marin shows a screen from a browser. Nothing can be clicked or typed there.").waitFor();
  const video = technician.locator("video[aria-label]");
  const first = await until("the screen is seen", () => frameOf(video), ({ colours }) => colours > 1);
  await until("it moves", () => frameOf(video), ({ hash }) => hash !== first.hash);
  await shotOf(technician, "console-by-browser");
  await shotOf(customer, "help-by-browser");
  for (const name of ["Ask to see the screen", "Control: ask to use keyboard and mouse"]) assert.ok(await technician.getByRole("button", { name }).isDisabled(), name);
  assert.equal(await technician.getByLabel(/^Keyboard of the computer/).count(), 0);

  await customer.getByRole("button", { name: "Stop sharing" }).first().click();
  await video.waitFor({ state: "detached" });
  await technician.getByRole("button", { name: "End", exact: true }).click();
  await technician.getByRole("button", { name: "End the session" }).click();
  await customer.getByLabel("Is your problem solved?").selectOption("Yes, it is");
  await customer.getByRole("button", { name: "Send", exact: true }).click();
  await customer.getByText("Thank you. It is with them.").waitFor();
});

// Shows: REQ-LO-04, REQ-RS-06, ABUSE-56.
test("on a computer that loses its power in a session nothing is there when it starts again", async () => {
  offer = await offerHelp(stage, list, offer.command);
  page = offer.page;
  before = await desktop.snapshot();
  agents = await helperOf(offer);
  await page.getByRole("button", { name: "Ask to see the screen" }).click();
  await permit("question-before-the-power-goes");
  await page.getByText("Pixel-exact").waitFor();

  await desktop.losePower(agents);

  assert.deepEqual(await left(agents), []);
  assert.deepEqual(changes(before, await desktop.snapshot()), []);
  assert.equal(await desktop.hasWindow("Conclave.*"), false);
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

function shot(name: string): Promise<void> {
  return shotOf(page, name);
}

async function shotOf(shown: Page, name: string): Promise<void> {
  const folder = process.env["STORY_SHOTS"];
  if (folder !== undefined) await writeFile(join(folder, `${name}.png`), await shown.screenshot());
}

/** What a video shows at this moment, in the small: a picture of one colour shows nothing. */
async function frameOf(video: Locator): Promise<{ colours: number; hash: string }> {
  const pixels = await video.evaluate((shown) => {
    const canvas = new OffscreenCanvas(64, 36);
    const picture = canvas.getContext("2d");
    picture?.drawImage(shown as HTMLVideoElement, 0, 0, 64, 36);
    return [...new Uint32Array(picture?.getImageData(0, 0, 64, 36).data.buffer ?? new ArrayBuffer(0))];
  });
  return { colours: new Set(pixels).size, hash: sha256(Buffer.from(Uint32Array.from(pixels).buffer)) };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Into the file that the editor writes. */
async function arrived(words: string): Promise<void> {
  await until("the words are in the editor", () => readFile(typed, "utf8").catch(() => ""), (text) => text === words);
}

/** The hash of this part of what the page shows of the computer. */
async function pixelsOf(technician: Page, place: typeof PLACE): Promise<string> {
  return await technician.locator("canvas").first().evaluate(async (canvas, { x, y, width, height }) => {
    const pixels = (canvas as HTMLCanvasElement).getContext("2d")?.getImageData(x, y, width, height).data ?? new Uint8ClampedArray();
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", pixels));
    return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }, place);
}

async function filesNamed(name: string): Promise<Snapshot> {
  return new Map([...(await desktop.snapshot())].filter(([way]) => way.endsWith(name)));
}
