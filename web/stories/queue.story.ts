/**
 * Somebody without an account and without a code asks for help. A technician sees them wait, reads the number that they see,
 * and takes them; their page goes on as if they had opened the technician's link. Another is turned away.
 */

import assert from "node:assert/strict";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { openStage, OWNER, setUpOwner, type Stage } from "./stage.ts";

const NAME = "Bo Lindqvist";
const NUMBER = /^(?:\d{4} ){4}\d{4}$/;

let stage: Stage;
let technician: Page;
let asking: Page;

beforeAll(async () => {
  stage = await openStage({ fps: 1 });
});
afterAll(() => stage.close());

test("nobody asks before the organisation has a queue", async () => {
  technician = await setUpOwner(stage, await stage.person());
  asking = await (await stage.person()).newPage();
  const [server] = await Promise.all([asking.waitForResponse(/\/api\/v1\/server$/), asking.goto(`${stage.url}/help`)]);

  assert.equal(((await server.json()) as { takes_support_requests: boolean }).takes_support_requests, false);
  await asking.getByLabel("Code from the technician").waitFor();
  assert.equal(await asking.getByLabel("Your name").count(), 0);

  await technician.goto(`${stage.url}/admin/policies`);
  await technician.getByLabel("Support: a queue, in which people wait for help", { exact: true }).selectOption("on");
  await technician.getByRole("button", { name: "Review the change" }).press("Enter");
  await technician.getByRole("button", { name: "Save", exact: true }).press("Enter");
  await technician.getByRole("button", { name: "Save", exact: true }).waitFor({ state: "detached" });
});

test("whoever asks waits in line, and both read the same number", async () => {
  await asking.reload();
  await asking.getByLabel("Your name").fill(NAME);
  await asking.getByLabel("What is it about? You need not say.").fill("My mail does not open.");
  await asking.getByRole("button", { name: "Ask for help" }).click();
  await asking.getByText("You are next.").waitFor();
  const number = await asking.getByText(NUMBER).textContent();

  await technician.goto(`${stage.url}/support`);

  await technician.getByText("My mail does not open.").waitFor();
  await technician.getByText(`Number ${number}`).waitFor();
});

test("a technician takes them, and their page goes on with the link", async () => {
  await technician.getByRole("button", { name: `Help ${NAME}` }).click();

  await technician.getByRole("heading", { name: "Waiting for the person whom you help" }).waitFor();
  await asking.getByRole("heading", { name: `${OWNER.name} wants to help you` }).waitFor();
  await asking.getByText(/^echo '.+#[A-Za-z0-9_-]{43}(?:\.[A-Za-z0-9_-]{43})?' \| conclave-agent help -$/).first().waitFor();
  await technician.goto(`${stage.url}/support`);
  await technician.getByText("Nobody waits.").waitFor();
});

test("another is turned away, and reads what else they can do", async () => {
  const late = await (await stage.person()).newPage();
  await late.goto(`${stage.url}/help`);
  await late.getByLabel("Your name").fill("Di Fisher");
  await late.getByRole("button", { name: "Ask for help" }).click();
  await late.getByText("You are next.").waitFor();

  await technician.getByRole("button", { name: "Turn away Di Fisher" }).press("Enter");
  await technician.getByRole("alertdialog").getByRole("button", { name: "Turn away" }).press("Enter");

  await late.getByText(/nobody can help you in this way at the moment/).waitFor();
  await late.getByRole("button", { name: "Ask for help" }).waitFor();
  await technician.getByText("Nobody waits.").waitFor();
});
