/**
 * An organisation that keeps every session: one is recorded at the computer, and a custodian sees it again in a browser of their
 * own, to the pixel, by their key file and with a reason. On the server's disk nothing of it can be read, and what is changed,
 * taken away or exchanged there is found as it is opened.
 */

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { type Computer, openComputer } from "./computer.ts";
import { type Desktop, openDesktop } from "./desktop.ts";
import { holding, write } from "./disk.ts";
import { betweenQuestions, closeFarewell, comeToBeHelped, type Offer, offerHelp, sayYes } from "./help.ts";
import { accept, invite, onRecord } from "./staff.ts";
import { openStage, OWNER, setUpOwner, type Stage, until } from "./stage.ts";

const CUSTODIAN = { name: "Cy Marin", email: "cy@lindenhof.example", password: "nine slow barges under a paper moon" };
const PASSPHRASE = "four lanterns over still water";
const WRITTEN = "Quimby-hypertension";
const TYPED = "potassium-penicillin";
const WHY = "Complaint of 12 November";
/** Of the terminal's window: before a line is typed there, after it, and after another one. */
const COLOURS = ["#205030", "#803020", "#203080"] as const;
/** Of that window. */
const BOARD = { x: 20, y: 420, width: 600, height: 260 };
/** Within it, beside what is written there. */
const PLACE = { x: 500, y: 560 };
const FIRST = "(SELECT id FROM recording ORDER BY begun_at LIMIT 1)";
/** The first recording's, by whoever makes the database's hashes anew. `isBegun`: there is a piece before it that can be trusted. */
const CHANGES = [
  { change: `UPDATE recording_piece SET content = flipped(content) WHERE number = 2 AND recording = ${FIRST}`, said: /^CHANGED: a piece was changed or swapped\./, isBegun: true },
  { change: `DELETE FROM recording_piece WHERE number = 2 AND recording = ${FIRST}`, said: /^MISSING: pieces of it are gone\./, isBegun: true },
  // Both are of one session and have the same number.
  { change: "UPDATE recording_piece SET content = (SELECT content FROM kept WHERE number = 1 AND recording <> recording_piece.recording) WHERE number = 1", said: /^CHANGED: a piece was changed or swapped\./, isBegun: false },
];

let stage: Stage;
let computer: Computer;
let desktop: Desktop;
/** What a browser saved. */
let saved: string;
let owner: Page;
let page: Page;
let custodian: Page;
let offer: Offer;
/** What the technician saw at the last. */
let seen: string;

beforeAll(async () => {
  // First: a browser gives up what it loads while the machine's network changes.
  computer = await openComputer();
  [stage, desktop, saved] = await Promise.all([openStage({ viewport: { width: 1360, height: 900 } }), openDesktop(), mkdtemp(join(tmpdir(), "conclave-saved-"))]);
});
afterAll(async () => {
  await desktop.close();
  await computer.close();
  await stage.close();
  await rm(saved, { recursive: true, force: true });
});

// Shows: REQ-AU-04.
test("an organisation that keeps every session makes its key in a browser, and its custodian gets the file", async () => {
  owner = await setUpOwner(stage, await stage.person());
  await owner.goto(`${stage.url}/admin/policies`);
  await owner.getByLabel("What is kept of meetings").selectOption("every session is kept");
  await owner.getByRole("button", { name: "Review the change" }).press("Enter");
  await owner.getByRole("button", { name: "Save", exact: true }).press("Enter");
  await owner.getByRole("button", { name: "Save", exact: true }).waitFor({ state: "detached" });
  const invitation = await invite(owner, CUSTODIAN, "admin");

  await owner.goto(`${stage.url}/admin/recordings`);
  await owner.getByRole("button", { name: "Make a key" }).click();
  await owner.getByLabel("Custodians, one a line").fill(CUSTODIAN.name);
  await owner.getByLabel("Passphrase of the file", { exact: true }).fill(PASSPHRASE);
  await owner.getByLabel("The same passphrase again", { exact: true }).fill(PASSPHRASE);
  const [file] = await Promise.all([owner.waitForEvent("download"), owner.getByRole("button", { name: "Make it, and save its file" }).click()]);
  await file.saveAs(join(saved, "key"));
  await owner.getByText(`Kept by: ${CUSTODIAN.name}.`).waitFor();
  custodian = await accept(stage, CUSTODIAN, invitation);
});

// Shows: REQ-AU-04, REQ-AU-06.
test("before the person has said yes to recording nothing else is asked for, and then all of it is seen and done as ever", async () => {
  await desktop.layOut("us");
  const paint = COLOURS.map((colour) => `printf '\\033]11;${colour}\\007\\033[2J\\033[H'`);
  desktop.start("xterm", "-T", "Board", "-fg", "white", "-geometry", "100x20+20+420", "-e", "sh", "-c", `${paint[0]}; read one; ${paint[1]}; echo "$one"; read two; ${paint[2]}; echo "$two"; read three`);
  await desktop.window("Board");
  offer = await offerHelp(stage, owner, "");
  page = offer.page;
  await comeToBeHelped(computer, desktop, offer);
  assert.equal(await page.getByRole("button", { name: "Ask to see the screen" }).count(), 0);
  await record("recorded-asked");

  await ask(page.getByRole("button", { name: "Ask to see the screen" }));
  await page.getByText("Pixel-exact").waitFor({ timeout: 60_000 });
  await ask(page.getByRole("button", { name: "Ask to use keyboard and mouse" }));
  const keyboard = page.getByLabel(/^Keyboard of the computer/);
  await until("control is given", () => keyboard.getAttribute("tabindex"), (index) => index === "0");
  await page.getByRole("button", { name: "Chat", exact: true }).click();
  await ask(page.getByRole("button", { name: "Ask them: Chat" }));
  await page.getByRole("textbox", { name: "Message" }).fill(WRITTEN);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Chat", exact: true }).click();

  await until("no question covers the board", () => colourOf(canvas()), (shown) => shown === COLOURS[0]);
  await desktop.focus(await desktop.window("Board"));
  await keyboard.focus();
  // The hand that said yes comes first.
  await betweenQuestions();
  for (const colour of COLOURS.slice(1)) {
    await page.keyboard.type(TYPED);
    await page.keyboard.press("Enter");
    await until("what was typed is seen", () => colourOf(canvas()), (shown) => shown === colour);
    // So that there is a time between.
    await betweenQuestions();
  }
  await page.getByText("Pixel-exact").waitFor();
  seen = await pictureOf(canvas());
  await shot(page, "recorded-console");
  await betweenQuestions();
});

// Shows: REQ-AU-04.
test("with the recording all else is over, and what is recorded after another yes is another recording", async () => {
  await page.getByRole("button", { name: /^Stop recording/ }).click();
  await until("the picture is gone", () => colourOf(canvas()), (shown) => shown === "#000000");
  await record("recorded-again");
  await ask(page.getByRole("button", { name: "Ask to see the screen" }));
  await page.getByText("Pixel-exact").waitFor({ timeout: 60_000 });

  await page.getByRole("button", { name: "End", exact: true }).click();
  await page.getByRole("button", { name: "End the session" }).click();

  await page.getByText("You ended it.").waitFor();
  await page.getByText(/^It was recorded: your organisation keeps what was said and shown/).waitFor();
  await closeFarewell(desktop);
  await until("nothing of the program is shown", () => desktop.hasWindow("Conclave.*"), (shown) => !shown);
});

// Shows: REQ-AU-04, REQ-AU-06, REQ-MODE-04.
test("the custodian sees it again as the technician saw it, to the pixel, by the key file and for a reason that is on record", async () => {
  await custodian.goto(`${stage.url}/admin/recordings`);
  await until("both are whole", () => custodian.getByRole("cell", { name: "Whole", exact: true }).count(), (count) => count === 2);
  await watch();
  await custodian.getByText("Whole: nothing of it is missing, and nothing was changed.").waitFor();

  const time = custodian.getByRole("slider", { name: "Time in the recording" });
  const end = Number(await time.getAttribute("max"));
  const shown = custodian.getByRole("img", { name: "The screen as the technician saw it" });
  await time.fill(String(end - 2_000));
  assert.equal(await colourOf(shown), COLOURS[2]);
  assert.equal(await pictureOf(shown), seen);
  await shot(custodian, "recorded-played");
  const told = custodian.getByRole("list", { name: "What was said and done" }).getByRole("listitem");
  for (const line of [`Technician: ${WRITTEN}`, "The technician has keyboard and mouse", `The technician typed. Characters: ${TYPED.length},`]) await told.filter({ hasText: line }).first().waitFor();

  // From before anything was typed it plays by itself.
  await told.filter({ hasText: WRITTEN }).getByRole("button").click();
  assert.equal(await colourOf(shown), COLOURS[0]);
  await custodian.getByRole("button", { name: "Play", exact: true }).click();
  for (const colour of COLOURS.slice(1)) await until("what followed is seen", () => colourOf(shown), (now) => now === colour);
  await custodian.getByRole("button", { name: "Close", exact: true }).click();

  const [played] = await onRecord(owner, "recording.played", 1);
  assert.equal(played?.actor.role, "admin");
  assert.ok(played?.sealed !== undefined, "why is kept beside the log, sealed");
});

// Shows: REQ-AU-04, REQ-MODE-04.
test("on the server's disk neither what was written nor what was typed is in any file", async () => {
  assert.notDeepEqual(await holding(stage.data, OWNER.organisation), [], "what is there in clear is found");

  for (const words of [WRITTEN, TYPED, WHY, PASSPHRASE]) assert.deepEqual(await holding(stage.data, words), [], words);
});

// Shows: REQ-AU-04, REQ-IN-08.
test("what was changed, taken away or exchanged on the disk is said on the page, and nothing from there on is shown", async () => {
  for (const { change, said, isBegun } of CHANGES) {
    await write(stage.data, `CREATE TABLE kept AS SELECT * FROM recording_piece; ${change}; UPDATE recording_piece SET sha256 = sha256(content);`);

    await watch();

    await custodian.getByRole("alert").filter({ hasText: said }).waitFor();
    await shot(custodian, "recorded-changed");
    assert.equal(await custodian.getByText(/^Whole:/).count(), 0);
    const told = custodian.getByRole("list", { name: "What was said and done" }).getByRole("listitem");
    assert.equal((await told.count()) > 0, isBegun);
    assert.equal(await told.filter({ hasText: "The session is over" }).or(told.filter({ hasText: /^Over:/ })).count(), 0);
    await custodian.getByRole("button", { name: "Close", exact: true }).click();
    await write(stage.data, "DELETE FROM recording_piece; INSERT INTO recording_piece SELECT * FROM kept; DROP TABLE kept;");
  }
});

/** The technician asks to record, and the person agrees. */
async function record(picture: string): Promise<void> {
  await ask(page.getByRole("button", { name: /^Ask to record/ }), picture);
  await page.getByRole("button", { name: /^Stop recording/ }).waitFor();
}

/** After a rest; the person agrees. */
async function ask(button: Locator, picture = "recorded-question"): Promise<void> {
  await betweenQuestions();
  await button.click();
  await sayYes(desktop, picture);
}

/** The first recording, as its custodian. */
async function watch(): Promise<void> {
  await custodian.getByRole("button", { name: /^Watch the recording/ }).last().click();
  await custodian.getByLabel("Why do you want to see it?").fill(WHY);
  await custodian.getByLabel("Your key file").setInputFiles(join(saved, "key"));
  await custodian.getByLabel("Passphrase of the file", { exact: true }).fill(PASSPHRASE);
  await custodian.getByRole("button", { name: "Open", exact: true }).click();
}

function canvas(): Locator {
  return page.locator("canvas").first();
}

/** At the place. Black is what nothing was drawn on. */
function colourOf(drawn: Locator): Promise<string> {
  return drawn.evaluate((element, { x, y }) => {
    const pixel = (element as HTMLCanvasElement).getContext("2d")?.getImageData(x, y, 1, 1).data ?? [];
    return `#${Array.from(pixel.slice(0, 3), (part) => part.toString(16).padStart(2, "0")).join("")}`;
  }, PLACE);
}

/** The hash of the whole window. */
function pictureOf(drawn: Locator): Promise<string> {
  return drawn.evaluate(async (element, { x, y, width, height }) => {
    const pixels = (element as HTMLCanvasElement).getContext("2d")?.getImageData(x, y, width, height).data ?? new Uint8ClampedArray();
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", pixels));
    return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }, BOARD);
}

async function shot(of: Page, name: string): Promise<void> {
  const folder = process.env["STORY_SHOTS"];
  if (folder !== undefined) await of.screenshot({ path: join(folder, `${name}.png`) });
}
