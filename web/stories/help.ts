/** How somebody at a desktop is helped: the technician's command, the helper program that it starts, and its buttons. */

import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { Page } from "playwright-core";

import type { Computer } from "./computer.ts";
import type { Desktop } from "./desktop.ts";
import { type Stage, until } from "./stage.ts";

/** As `conclave_agent::ui::places` has them: the middles of buttons. */
export const CONTINUE = [503, 565] as const;
/** Also what takes a computer out of a meeting. */
export const CANCEL = [137, 565] as const;
const NO = [137, 489] as const;
const YES = [503, 489] as const;
/** The middle of the first line of a folder. */
const ENTRIES = [300, 114] as const;
const ENTRY_HEIGHT = 46;
const CLOSE = [137, 465] as const;
/** Before that a yes is none, and after an answer nobody is asked again. */
const REST_MS = 2_500;

const AGENT = join(dirname(process.env["CONCLAVE_BIN"] ?? ""), "conclave-agent");

export interface Offer {
  /** For whoever is helped. */
  command: string;
  /** The technician's side. */
  page: Page;
}

/** A session is made on the technician's list, its command copied, and its page opened. `copied`: what was copied before. */
export async function offerHelp(stage: Stage, list: Page, copied: string): Promise<Offer> {
  const isAnother = (text: string): boolean => text.endsWith(" | conclave-agent help -") && text !== copied;
  const [command, page] = await offered(stage, list, "Copy the helper’s command", isAnother);
  return { command, page };
}

/** The same, with what is sent to whoever has no helper program. */
export async function offerLink(stage: Stage, list: Page): Promise<{ link: string; page: Page }> {
  const [link, page] = await offered(stage, list, "Copy the link", (text) => text.startsWith(`${stage.url}/help#`));
  return { link, page };
}

async function offered(stage: Stage, list: Page, button: string, isIt: (text: string) => boolean): Promise<[string, Page]> {
  await list.bringToFront();
  await list.goto(`${stage.url}/support`);
  await list.getByRole("button", { name: "New session" }).click();
  await list.getByRole("button", { name: button }).click();
  const copied = await until("it is copied", () => list.evaluate(() => navigator.clipboard.readText()), isIt);
  const waiting = list.locator("[data-state=waiting]");
  const [page] = await Promise.all([list.waitForEvent("popup"), waiting.getByRole("link", { name: /^Open the session/ }).click()]);
  await page.getByRole("heading", { name: "Waiting for the person whom you help" }).waitFor();
  return [copied, page];
}

/** Somebody follows the command, and reads who asks. The number of the program's first process. */
export async function comeToBeHelped(computer: Computer, desktop: Desktop, { command, page }: Offer): Promise<number> {
  const [program = "", ...args] = computer.there([AGENT, "help", command.split("'").at(1) ?? ""]);
  const { pid = 0 } = desktop.start(program, ...args);
  const start = await desktop.window("Conclave");
  await desktop.picture("agent-offer");
  const connected = page.getByText(/is connected\. They are asked/).or(page.getByText("Connected; nothing is permitted")).first();
  // Before it is known who helps there is nothing to press, and afterwards the window is gone.
  const goesOn = (): Promise<boolean> => desktop.click(start, ...CONTINUE).catch(() => {}).then(() => connected.isVisible());
  await until("they are connected", goesOn, Boolean, 60);
  return pid;
}

/** Whoever sits there is let rest. */
export function betweenQuestions(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, REST_MS));
}

/** The person reads the question, and says yes. `picture`: what the desktop's picture is called. */
export async function sayYes(desktop: Desktop, picture: string, meanwhile: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  const asks = await desktop.window("Conclave asks");
  await betweenQuestions();
  await desktop.picture(picture);
  await meanwhile();
  await desktop.click(asks, ...YES);
}

export async function sayNo(desktop: Desktop): Promise<void> {
  await desktop.click(await desktop.window("Conclave asks"), ...NO);
}

/** The person picks the file in their own folder. */
export async function pickFile(desktop: Desktop, name: string): Promise<void> {
  const window = await desktop.window("Conclave file");
  const names = (await readdir(desktop.home, { withFileTypes: true })).filter((entry) => !entry.name.startsWith("."));
  const sorted = names.toSorted((one, other) => Number(one.isFile()) - Number(other.isFile()) || (one.name < other.name ? -1 : 1));
  const place = sorted.findIndex((entry) => entry.name === name);
  await betweenQuestions();
  await desktop.picture("agent-picker");
  await desktop.click(window, ENTRIES[0], ENTRIES[1] + place * ENTRY_HEIGHT);
}

/** What is left after the end. */
export async function closeFarewell(desktop: Desktop): Promise<void> {
  await desktop.click(await desktop.window("Conclave ended"), ...CLOSE);
}
