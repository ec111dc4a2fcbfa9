/** Everything by keyboard alone, with a focus that can be seen. */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { focused, tabTo as tab } from "./keys.ts";
import { inTheRoom, openStage, OWNER, type Stage, until, USUAL, withAuthenticator } from "./stage.ts";

let stage: Stage;
let page: Page;
let code: string;

beforeAll(async () => {
  stage = await openStage({ fps: 1 });
  page = await (await stage.person()).newPage();
});
afterAll(() => stage.close());

test("the owner's account is made", async () => {
  await page.goto(stage.setUpLink);
  await page.getByLabel("Organisation").waitFor();

  for (const [field, value] of [
    ["Organisation", OWNER.organisation],
    ["Your name", OWNER.name],
    ["E-mail", OWNER.email],
    ["Password", OWNER.password],
  ] as const) {
    await tabTo(field);
    await page.keyboard.type(value);
  }
  const authenticator = await withAuthenticator(page);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Set up a passkey" }).waitFor();
  await tabTo("Set up a passkey");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Your backup codes" }).waitFor();
  await tabTo("I have written them down");
  await page.keyboard.press("Enter");

  await page.getByRole("heading", { name: `Hello, ${OWNER.name}` }).waitFor();
  stage.passkeys = await authenticator.passkeys();
});

test("the owner signs out, and in again with the passkey", async () => {
  await tabTo("Sign out");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Sign in to host" }).waitFor();
  await tabTo("Sign in to host");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Sign in with a passkey" }).waitFor();
  await tabTo("Sign in with a passkey");
  await page.keyboard.press("Enter");

  await page.getByRole("heading", { name: `Hello, ${OWNER.name}` }).waitFor();
});

test("a dialog takes the focus, and gives it back to what opened it", async () => {
  await tabTo("Schedule for later");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Schedule a meeting" }).waitFor();
  await tabTo("What is it about?");
  await page.keyboard.press("Escape");

  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.textContent === "Schedule for later");
});

test("a meeting is started", async () => {
  await tabTo("Start now");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Join now" }).waitFor();
  code = /\/j\/([\d-]+)/.exec(page.url())?.[1] ?? "";

  await tabTo("Camera, microphone and speaker");
  await page.keyboard.press("Enter");
  await tabTo("Microphone");
  await page.keyboard.press("ArrowDown");
  await tabTo("Play a test sound");
  await page.keyboard.press("Enter");
  await page.getByText("Did you hear it?").waitFor();
  await tabTo("Yes");
  await page.keyboard.press("Enter");
  await focusIsOn("Play a test sound");

  await tabTo("Join now");
  await page.keyboard.press("Enter");

  await inTheRoom(page);
  await focusIsOn("Meeting");
});

test("somebody comes in by code, and is let in", async () => {
  const guest = await (await stage.person()).newPage();
  await guest.goto(stage.url);
  await guest.getByLabel("Meeting code or link").waitFor();
  await tabTo("Meeting code or link", guest);
  await guest.keyboard.type(code);
  await guest.keyboard.press("Enter");
  await guest.getByLabel("Your name").waitFor();
  await tabTo("Your name", guest);
  await guest.keyboard.type("Di Sorel");
  await guest.keyboard.press("Enter");
  await guest.getByRole("heading", { name: "Please wait a moment" }).waitFor();

  await page.getByRole("button", { name: "Let in Di Sorel" }).waitFor();
  await tabTo("Let in Di Sorel");
  await page.keyboard.press("Enter");

  await inTheRoom(guest);
  await focusIsOn("Meeting");
});

test("a tile is kept large, and its button keeps the focus", async () => {
  await page.getByRole("figure", { name: "Di Sorel" }).waitFor();
  await tabTo("Keep Di Sorel large");
  await page.keyboard.press("Enter");

  await focusIsOn("Don’t keep Di Sorel large");
});

test("the screen is shared, and no longer", async () => {
  await tabTo("Share");
  await page.keyboard.press("Enter");
  await focusIsOn("Stop sharing");

  await page.keyboard.press("Enter");
  await focusIsOn("Share");
});

test("the list of people opens from its button, and on a phone from the menu", async () => {
  await tabTo("People");
  await page.keyboard.press("Enter");
  await page.getByRole("complementary", { name: "People" }).waitFor();
  await page.keyboard.press("Escape");
  await focusIsOn("People");

  await page.setViewportSize({ width: 360, height: 700 });
  await tabTo("More");
  await page.keyboard.press("Enter");
  await menuHasFocus();
  await page.keyboard.type("Pe");
  await page.keyboard.press("Enter");
  await page.getByRole("complementary", { name: "People" }).waitFor();
  await page.getByRole("menu").waitFor({ state: "detached" });
  await focusIsOn("People");
  await page.keyboard.press("Escape");
  await focusIsOn("More");
  await page.setViewportSize(USUAL);
});

test("keys mute, and the chat opens, takes a message and gives focus back", async () => {
  await page.keyboard.press("m");
  await page.getByRole("button", { name: "Unmute" }).waitFor();

  await tabTo("Chat");
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "Message" }).waitFor();
  await page.keyboard.type("my notes");
  await page.keyboard.press("Enter");
  await page.getByText("my notes").waitFor();
  await page.getByRole("button", { name: "Unmute" }).waitFor();
  await page.keyboard.press("Escape");

  await focusIsOn("Chat");
});

test("the menu opens, moves and closes", async () => {
  await tabTo("More");
  await page.keyboard.press("Enter");
  await menuHasFocus();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");

  await page.getByRole("dialog", { name: "Settings" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await focusIsOn("More");
});

// Shows: REQ-MT-08.
test("the host ends the meeting", async () => {
  await tabTo("Leave");
  await page.keyboard.press("Enter");
  await page.getByRole("alertdialog").waitFor();
  await tabTo("End for everyone");
  await page.keyboard.press("Enter");

  await page.getByRole("heading", { name: "The meeting has ended" }).waitFor();
});

function tabTo(name: string, on = page): Promise<void> {
  return tab(on, name);
}

/** It is drawn before it takes the keyboard. */
async function menuHasFocus(): Promise<void> {
  await page.waitForFunction(() => document.activeElement?.closest("[role=menu]") !== null);
}

async function focusIsOn(name: string): Promise<void> {
  await until(`focus is on “${name}”`, () => focused(page), (seen) => seen === name);
}
