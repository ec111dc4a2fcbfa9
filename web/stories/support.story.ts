/**
 * A technician in Chromium and the helper program at a real desktop: seen to the pixel, typed into, a file brought, taken
 * back and stopped by the hand of whoever sits there; and nothing of it stays.
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { type Desktop, openDesktop } from "./desktop.ts";
import { openStage, setUpOwner, type Stage, until } from "./stage.ts";

/** As `conclave_agent::ui::places` has them: the middles of buttons. */
const CONTINUE = [503, 565] as const;
const NO = [137, 489] as const;
const YES = [503, 489] as const;
const CLOSE = [137, 465] as const;
/** Before that a yes is none, and after an answer nobody is asked again. */
const REST_MS = 2_500;

let stage: Stage;
let desktop: Desktop;
let list: Page;
let page: Page;
let typed: string;

beforeAll(async () => {
  stage = await openStage({ viewport: { width: 1360, height: 900 } });
  desktop = await openDesktop();
});
afterAll(async () => {
  await desktop.close();
  await stage.close();
});

test("a code is made, and whoever was told it reads who asks before anything happens", async () => {
  list = await setUpOwner(stage, await stage.person());
  await list.goto(`${stage.url}/admin/policies`);
  await list.getByLabel("Support: files").selectOption("on");
  await list.getByRole("button", { name: "Review the change" }).press("Enter");
  await list.getByRole("button", { name: "Save" }).press("Enter");
  await list.getByRole("button", { name: "Save" }).waitFor({ state: "detached" });
  await list.goto(`${stage.url}/support`);
  await list.getByRole("button", { name: "New session" }).click();
  await list.getByRole("button", { name: "Copy the helper’s command" }).click();
  const command = await until("the command is copied", () => list.evaluate(() => navigator.clipboard.readText()), (text) => text.startsWith("conclave-agent help "));
  [page] = await Promise.all([list.waitForEvent("popup"), list.getByRole("link", { name: /^Open the session/ }).click()]);
  await page.getByRole("heading", { name: "Waiting for the person whom you help" }).waitFor();

  typed = join(desktop.home, "typed");
  desktop.start("xterm", "-T", "Editor", "-geometry", "100x20+20+420", "-e", `cat > ${typed}`);
  await desktop.window("Editor");
  desktop.start(join(dirname(process.env["CONCLAVE_BIN"] ?? ""), "conclave-agent"), "help", command.split(" ").at(-1) ?? "");
  const start = await desktop.window("Conclave");
  await desktop.picture("agent-offer");
  await desktop.click(start, ...CONTINUE);
  await page.getByText(/is connected\. They are asked/).or(page.getByText("Connected; nothing is permitted")).first().waitFor({ timeout: 60_000 });
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
  await page.getByRole("button", { name: "Facts" }).click();
  await page.getByRole("button", { name: "Ask for them" }).click();
  const asks = await desktop.window("Conclave asks");
  await desktop.picture("agent-facts");
  await desktop.click(asks, ...NO);
  await page.getByText(/they said no, or did not answer/).first().waitFor();
  await page.getByRole("button", { name: "Facts" }).click();
});

test("the technician types and clicks, and it arrives", async () => {
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
  await page.keyboard.press("Control+d");
  await until("the words are in the editor", () => readFile(typed, "utf8").catch(() => ""), (text) => text === "Grüße, {world}!\n");
  await shot("console-controlled");
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
  const ofIt = async (): Promise<string[]> => (await desktop.files()).filter((file) => file.endsWith("manual.bin"));
  const kept = await until("it is where it stays", ofIt, (files) => files.length === 1 && files.every((file) => file.startsWith("Downloads")), 30);
  const there = await readFile(join(desktop.home, kept[0] ?? ""));
  assert.equal(sha256(there), sha256(bytes));
  await page.getByRole("button", { name: "Files", exact: true }).click();
});

test("whoever sits there stops it at once, and nothing of the program stays", async () => {
  await desktop.press("ctrl+alt+shift+F12");
  await page.getByText("The person at the computer stopped it.").waitFor();
  await shot("console-over");
  const ended = await desktop.window("Conclave ended");
  await desktop.picture("agent-ended");
  assert.equal(await desktop.hasWindow("Conclave session"), false);
  await desktop.click(ended, ...CLOSE);
  const kept = /^(typed|Downloads.*)$/;
  await until("the program is gone", () => desktop.files(), (files) => files.every((file) => kept.test(file)));
  assert.equal(await desktop.hasWindow("Conclave.*"), false);
});

/** Whoever sits there is let rest. */
function betweenQuestions(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, REST_MS));
}

/** The person reads the question, and says yes. */
async function permit(picture: string): Promise<void> {
  const asks = await desktop.window("Conclave asks");
  await betweenQuestions();
  await desktop.picture(picture);
  await desktop.click(asks, ...YES);
}

async function shot(name: string): Promise<void> {
  const folder = process.env["STORY_SHOTS"];
  if (folder !== undefined) await writeFile(join(folder, `${name}.png`), await page.screenshot());
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
