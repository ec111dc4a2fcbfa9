/** Others of the organisation, in browsers of their own, and what its log says of all of them. */

import assert from "node:assert/strict";

import type { Page } from "playwright-core";

import { type Stage, until, withAuthenticator } from "./stage.ts";

export interface Employee {
  name: string;
  email: string;
  password: string;
}

/** To a role that has to have a second factor. Resolves to the invitation's link. */
export async function invite(owner: Page, { email }: Employee, role: "admin" | "representative"): Promise<URL> {
  const link = await owner.evaluate(
    async (body) => {
      const headers = { "content-type": "application/json", "idempotency-key": crypto.randomUUID() };
      const answer = await fetch("/api/v1/invitations", { method: "POST", headers, body: JSON.stringify(body) });
      return ((await answer.json()) as { link: string }).link;
    },
    { email, role },
  );
  return new URL(link);
}

/** To their own start page, by a passkey. */
export async function accept(stage: Stage, { name, password }: Employee, { pathname, hash }: URL): Promise<Page> {
  const page = await (await stage.person()).newPage();
  await page.goto(`${stage.url}${pathname}${hash}`);
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await withAuthenticator(page);
  await page.getByRole("button", { name: "Create my account" }).click();
  await page.getByRole("button", { name: "Set up a passkey" }).click();
  await page.getByRole("button", { name: "I have written them down" }).click();
  await page.getByRole("heading", { name: `Hello, ${name}` }).waitFor();
  return page;
}

export interface Entry {
  actor: { role?: string };
  detail: Record<string, unknown>;
  /** Names what is kept beside it. */
  sealed?: unknown;
}

/** So many entries of this kind, once the log's checkpoint covers them. */
export async function onRecord(owner: Page, event: string, count: number): Promise<readonly Entry[]> {
  async function look(): Promise<Entry[]> {
    // Each look is on record too, and nobody looks without an end.
    await new Promise((resolve) => setTimeout(resolve, 500));
    return await owner.evaluate(async (name) => {
      const answer = await fetch(`/api/v1/audit/entries?event=${name}`);
      const { entries = [] } = (await answer.json()) as { entries?: { entry: string }[] };
      return entries.map(({ entry }) => JSON.parse(entry) as Entry);
    }, event);
  }
  const found = await until(`${count} of ${event} are on record`, look, (entries) => entries.length >= count);
  assert.equal(found.length, count, event);
  return found;
}
