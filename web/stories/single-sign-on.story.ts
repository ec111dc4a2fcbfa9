/** Somebody has an account by the organisation's own sign-in, and no password. */

import assert from "node:assert/strict";
import { join } from "node:path";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { type IdentityProvider, NAME, openIdentityProvider, sayWho } from "./identity-provider.ts";
import { openStage, OWNER, setUpOwner, type Stage, withAuthenticator } from "./stage.ts";

const BO = { name: "Bo Lindqvist", email: "bo@lindenhof.example" };

let provider: IdentityProvider;
let stage: Stage;

beforeAll(async () => {
  provider = await openIdentityProvider();
  stage = await openStage({ config: provider.config });
  provider.leadBackTo(stage.url);
});
afterAll(async () => {
  await stage.close();
  await provider.close();
});

test("invited, they come in by it, go, and come again", async () => {
  const owner = await setUpOwner(stage, await stage.person());
  await owner.getByRole("button", { name: "People" }).click();
  await owner.getByRole("button", { name: "Invite somebody" }).click();
  await owner.getByLabel("E-mail").fill(BO.email);
  await owner.getByRole("button", { name: "Invite", exact: true }).click();
  const link = await owner.getByText(/\/invited#/).textContent();
  const { hash } = new URL(/https?:\/\/\S+/.exec(link ?? "")?.[0] ?? "");

  const bo = await (await stage.person()).newPage();
  await bo.goto(`${stage.url}/invited${hash}`);
  const way = bo.getByRole("button", { name: `Sign in with ${NAME}` });
  await way.click();
  await bo.getByLabel("Your name").fill(BO.name);
  await look(bo, "invited");
  await way.click();
  await sayWho(bo, "bo");
  await bo.getByRole("heading", { name: `Hello, ${BO.name}` }).waitFor();
  assert.equal(new URL(bo.url()).search, "");

  await bo.goto(`${stage.url}/account`);
  await bo.getByRole("heading", { name: NAME }).waitFor();
  await look(bo, "account");
  await bo.getByRole("button", { name: "Disconnect" }).click();
  await bo.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  await bo.getByText("You could not sign in any more without it").waitFor();
  await bo.getByRole("button", { name: "Cancel" }).click();

  await bo.goto(stage.url);
  await bo.getByRole("button", { name: "Sign out" }).click();
  await bo.getByRole("link", { name: "Sign in to host" }).waitFor();
  await bo.goto(`${stage.url}/sign-in`);
  await way.waitFor();
  await look(bo, "sign-in");
  await way.click();
  await bo.getByRole("heading", { name: `Hello, ${BO.name}` }).waitFor();
  await bo.getByRole("button", { name: "Sign out" }).click();
});

test("a browser that knows a passkey offers it where the address is typed", async () => {
  // Not the stage's person: there pages offer nothing unasked.
  const page = await (await stage.browser.newContext()).newPage();
  await withAuthenticator(page, stage.passkeys);
  await page.goto(`${stage.url}/sign-in`);
  await page.getByRole("heading", { name: `Hello, ${OWNER.name}` }).waitFor();
});

test("without the provider the page says so, and passwords work", async () => {
  await provider.stop();
  await stage.restart(async () => {});
  const page = await (await stage.person()).newPage();
  await page.goto(`${stage.url}/sign-in`);
  await page.getByRole("button", { name: `Sign in with ${NAME}` }).click();
  await page.getByText("sign-in can’t be reached at the moment").waitFor();
  await look(page, "unavailable");
  await page.getByLabel("E-mail").fill(BO.email);
  await page.getByLabel("Password", { exact: true }).fill("he has none, so none is right");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByText("The e-mail address or the password is wrong.").waitFor();
});

/** Keeps what the page looks like, on a desk and on a phone, for whoever asked for pictures. */
async function look(page: Page, name: string): Promise<void> {
  const folder = process.env["STORY_SHOTS"];
  if (folder === undefined) return;
  const before = page.viewportSize() ?? { width: 1024, height: 720 };
  await page.screenshot({ path: join(folder, `sso-${name}.png`), fullPage: true });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: join(folder, `sso-${name}-phone.png`), fullPage: true });
  await page.setViewportSize(before);
}
