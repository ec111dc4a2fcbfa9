/** A host with three browsers: what is made in one opens in another, for as long as it is theirs. */

import assert from "node:assert/strict";
import { join } from "node:path";

import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { tabTo } from "./keys.ts";
import { inTheRoom, joinByLink, openStage, setUpOwner, signInOwner, type Stage, until } from "./stage.ts";

const SMALL: BrowserContextOptions = { viewport: { width: 390, height: 844 } };

let stage: Stage;
/** Where the meeting is made. */
let desk: Page;
let phone: Page;
let link: string;

beforeAll(async () => {
  stage = await openStage({ fps: 2 });
});
afterAll(() => stage.close());

test("a meeting is made in one browser, and comes into the vault", async () => {
  desk = await setUpOwner(stage, await stage.person());
  await desk.getByRole("button", { name: "Schedule for later" }).click();
  await desk.getByLabel("What is it about?").fill("Ward round");
  await desk.getByRole("button", { name: "Schedule", exact: true }).click();
  await desk.getByRole("button", { name: "Copy invitation" }).click();
  const text = await until("the invitation is copied", () => desk.evaluate(() => navigator.clipboard.readText()), (copied) => copied.includes("/j/"));
  link = /https?:\/\/\S+\/j\/\S+/.exec(text)?.[0] ?? "";

  assert.match(link, /#[\w-]{43}\.[\w-]{43}$/, "the link names the host's key");
});

test("another browser can't open it, and says how that is mended", async () => {
  phone = await signIn("/sign-in", SMALL);
  await phone.getByText("This browser is not one of yours yet").waitFor();
  await phone.getByText("Made in a browser that has not shared it with this one.").waitFor();
  await picture(phone, "vault-home");
  await phone.getByRole("button", { name: "Add this browser" }).click();
  await phone.getByText("Waiting for the other browser").waitFor();
  await picture(phone, "vault-outside");
});

test("it is added by its code, typed with the keyboard alone", async () => {
  const code = await phone.getByRole("img", { name: /^Code of this browser/ }).innerText();
  await tabTo(desk, "Your browsers");
  await desk.keyboard.press("Enter");
  await desk.getByText("1 browser asks to be added.").waitFor();
  await tabTo(desk, "Code on the other browser");
  await desk.keyboard.type("2222-2222-2222");
  await desk.keyboard.press("Enter");
  await desk.getByText("This code is not right.").waitFor();
  await desk.keyboard.press("Control+A");
  await desk.keyboard.type(code.replaceAll(/\s/g, "").toLowerCase());
  await desk.keyboard.press("Enter");
  await desk.getByText("The browser was added.").waitFor();
  await desk.getByRole("heading", { name: "Chrome on Linux" }).nth(1).waitFor();
  await picture(desk, "vault-browsers");

  await phone.getByRole("heading", { name: "Your browsers" }).waitFor();
  await picture(phone, "vault-added");
});

test("it opens the meeting as its host, and who has the link sees that", async () => {
  await phone.getByRole("button", { name: "Go to the start page" }).click();
  await phone.getByText("Made in a browser that has not shared it with this one.").waitFor({ state: "detached" });
  await phone.getByRole("button", { name: "Start", exact: true }).click();
  await phone.getByRole("button", { name: "Join now" }).click();
  await inTheRoom(phone);
  const guest = await joinByLink(await stage.person(), link, "Bo Lindqvist");

  for (const page of [phone, guest]) await page.getByRole("button", { name: "Encryption: Encrypted" }).waitFor({ timeout: 30_000 });
  await guest.getByRole("button", { name: /^Encryption:/ }).click();
  await guest.getByText("Host, confirmed by the invitation").waitFor();
  await picture(guest, "vault-badge");
  // Pictures that nobody looks at cost the rest of the story half a minute.
  await guest.context().close();
  await phone.goto(`${stage.url}/account`);
  await phone.getByRole("heading", { name: "Your browsers" }).waitFor();
});

test("a third browser comes in by the recovery code", async () => {
  await desk.getByRole("button", { name: "Make a recovery code" }).click();
  const sheet = desk.getByRole("alertdialog");
  const code = await sheet.getByRole("img").innerText();
  await picture(desk, "vault-recovery");
  await sheet.getByRole("button", { name: "I have written it down" }).click();

  const tablet = await signIn("/account", SMALL);
  await tablet.getByLabel("Recovery code").fill(code.replaceAll(/\s/g, ""));
  await tablet.getByRole("button", { name: "Add this browser" }).click();
  await tablet.getByRole("heading", { name: "Your browsers" }).waitFor();
  assert.equal(await tablet.getByRole("heading", { name: "Chrome on Linux" }).count(), 3);
});

test("a browser that was removed opens the vault no more", async () => {
  // Oldest first: the phone is the first that is not this one.
  await desk.getByRole("button", { name: "Remove Chrome on Linux" }).first().click();
  await desk.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  await desk.getByText(/^Removed /).waitFor();
  await picture(desk, "vault-removed");

  await phone.getByText("This browser was removed from yours.").waitFor();
  await picture(phone, "vault-was-removed");
});

/** In a browser of their own, by the page that the address leads to. */
async function signIn(path: string, options: BrowserContextOptions): Promise<Page> {
  const page = await (await stage.person(options)).newPage();
  await page.goto(`${stage.url}${path}`);
  await signInOwner(stage, page);
  return page;
}

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env["STORY_SHOTS"];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
