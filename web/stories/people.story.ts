/** Somebody is invited by mail, makes an account, and loses it while they are in a meeting; what was done is proven. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { type Letterbox, openLetterbox } from "./letterbox.ts";
import { openReport, type Report } from "./report.ts";
import { inTheRoom, openStage, setUpOwner, type Stage, startMeeting } from "./stage.ts";

const BO = { name: "Bo Lindqvist", email: "bo@lindenhof.example", password: "nine slow barges under a paper moon" };
const ELSEWHERE = "bo@elsewhere.example";

let letterbox: Letterbox;
let report: Report;
let stage: Stage;

beforeAll(async () => {
  letterbox = await openLetterbox();
  report = await openReport();
  stage = await openStage({ fps: 1, config: letterbox.config + report.config });
});
afterAll(async () => {
  await stage.close();
  await letterbox.close();
  await report.close();
});

test("an invited colleague comes in, and is out when suspended", async () => {
  const hosting = await stage.person();
  const owner = await setUpOwner(stage, hosting);
  await owner.getByRole("button", { name: "People" }).click();
  await owner.getByRole("button", { name: "Invite somebody" }).click();
  await owner.getByLabel("E-mail").fill(BO.email);
  await owner.getByRole("button", { name: "Invite", exact: true }).click();
  await owner.getByText(`An invitation is on its way to ${BO.email}`).waitFor();
  await owner.getByRole("button", { name: "Close" }).last().click();

  const bo = await (await stage.person()).newPage();
  await bo.goto(here(await letterbox.link(BO.email, "invited")));
  await bo.getByLabel("Your name").fill(BO.name);
  await bo.getByLabel("Password", { exact: true }).fill(BO.password);
  await bo.getByRole("button", { name: "Create my account" }).click();
  await bo.getByRole("heading", { name: `Hello, ${BO.name}` }).waitFor();
  assert.equal(await bo.getByRole("button", { name: "People" }).count(), 0);

  const host = await hosting.newPage();
  await host.goto(stage.url);
  const link = await startMeeting(host);
  await bo.goto(link);
  await bo.getByRole("button", { name: "Join now" }).click();
  await inTheRoom(bo);

  await change(owner, BO.name, "Suspend");
  await owner.getByRole("alertdialog").getByRole("button", { name: "Suspend" }).click();
  await bo.getByRole("heading", { name: "You were removed from the meeting" }).waitFor();
  await owner.getByRole("gridcell", { name: "Suspended" }).waitFor();

  await bo.goto(`${stage.url}/sign-in`);
  await signIn(bo, BO.password);
  await bo.getByText("Your account waits for approval, or is suspended").waitFor();
});

test("restored, they forgot their password and choose another by mail", async () => {
  const [owner] = stage.browser.contexts()[0]?.pages() ?? [];
  assert.ok(owner);
  await change(owner, BO.name, "Restore");
  await owner.getByRole("row", { name: BO.name }).getByRole("gridcell", { name: "Active" }).waitFor();

  const bo = await (await stage.person()).newPage();
  await bo.goto(`${stage.url}/sign-in`);
  await bo.getByRole("link", { name: "Forgot your password?" }).click();
  await bo.getByLabel("E-mail").fill(BO.email);
  await bo.getByRole("button", { name: "Send the link" }).click();
  await bo.getByText("the mail is on its way").waitFor();
  await bo.goto(here(await letterbox.link(BO.email, "reset")));
  await bo.getByLabel("Password", { exact: true }).fill("eleven grey geese on the weir");
  await bo.getByRole("button", { name: "Change the password" }).click();
  await bo.getByText("Your password is changed").waitFor();
  await signIn(bo, "eleven grey geese on the weir");
  await bo.getByRole("heading", { name: `Hello, ${BO.name}` }).waitFor();
});

test("another address counts once the link that is mailed there is opened", async () => {
  const bo = stage.browser.contexts().at(-1)?.pages()[0];
  assert.ok(bo);
  await bo.goto(`${stage.url}/account`);
  await bo.getByLabel("New e-mail address").fill(ELSEWHERE);
  await bo.getByRole("button", { name: "Send the link" }).click();
  await bo.getByText(`on its way to ${ELSEWHERE}`).waitFor();
  await bo.goto(here(await letterbox.link(ELSEWHERE, "email")));
  await bo.getByRole("button", { name: "Use this address" }).click();
  await bo.getByText("You sign in with your new address from now on").waitFor();
});

// Shows: REQ-AU-05, REQ-AU-08.
test("the owner finds this week's meeting, verifies in their browser what happened in it, and Go's verifier accepts what they export", async () => {
  const [owner] = stage.browser.contexts()[0]?.pages() ?? [];
  assert.ok(owner);
  await owner.goto(`${stage.url}/admin/sessions`);
  await owner.getByLabel("From").fill(daysAgo(7));
  await owner.getByRole("button", { name: "Search" }).click();
  await owner.getByRole("button", { name: /^Show the meeting of/ }).click();
  await owner.getByRole("link", { name: /^In the audit log: The meeting began/ }).click();
  await owner.getByText("The entry that you came for is shown").waitFor();
  await owner.getByText("This browser sees this log for the first time").or(owner.getByText("The log goes on from the")).waitFor();
  await owner.getByRole("button", { name: /^Verify in my browser:/ }).click();
  await owner.getByText("Verified here").waitFor();

  const [kit] = await Promise.all([owner.waitForEvent("download"), owner.getByRole("button", { name: "Export the kit" }).click()]);
  const file = await kit.path();
  await owner.locator("input[type=file]").setInputFiles(file);
  await owner.getByText(/^Verified: the kit’s \d+ entries have/).waitFor();
  const key = await owner.evaluate(async () => ((await (await fetch("/api/v1/audit/log")).json()) as { verifier_key: string }).verifier_key);
  assert.equal(await verdictOfGo(file, key), "kit accepted\n");
});

/** As a field for days has it. */
function daysAgo(days: number): string {
  const day = new Date();
  day.setDate(day.getDate() - days);
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

const run = promisify(execFile);
const FOREIGN = join(import.meta.dirname, "../../core/audit/tests/foreign");

/** Of golang.org/x/mod/sumdb, as Debian has it. */
async function verdictOfGo(zip: string, key: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "conclave-kit-"));
  try {
    await run("python3", ["-m", "zipfile", "-e", zip, join(folder, "kit")]);
    await writeFile(join(folder, "key"), key);
    const env = { ...process.env, GO111MODULE: "off", GOPATH: "/usr/share/gocode" };
    const { stdout } = await run("/usr/bin/go", ["run", "main.go", join(folder, "key"), join(folder, "kit")], { cwd: FOREIGN, env });
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

// Shows: REQ-AD-01.
test("an auditor sees a safeguard that is turned off change its row, and its sentence leave the export and the paper", async () => {
  const owner = stage.browser.contexts()[0]?.pages()[0];
  const auditor = stage.browser.contexts().at(-1)?.pages()[0];
  assert.ok(owner && auditor);
  await owner.evaluate(async (name) => {
    const listed = (await (await fetch("/api/v1/people")).json()) as { people: { account: string; display_name: string }[] };
    const account = listed.people.find((person) => person.display_name === name)?.account ?? "";
    const headers = { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() };
    await fetch(`/api/v1/people/${account}/role`, { method: "POST", headers, body: JSON.stringify({ role: "auditor" }) });
  }, BO.name);
  await auditor.goto(`${stage.url}/sign-in`);
  await auditor.getByLabel("E-mail").fill(ELSEWHERE);
  await auditor.getByLabel("Password", { exact: true }).fill("eleven grey geese on the weir");
  await auditor.getByRole("button", { name: "Sign in", exact: true }).click();
  await auditor.getByRole("heading", { name: `Hello, ${BO.name}` }).waitFor();
  await auditor.goto(`${stage.url}/admin/evidence`);
  const claim = auditor.locator('[data-claim="log_off.quarter"]');
  await claim.getByText("Not shown lately").waitFor();

  await report.sign(await requirements(auditor));
  await claim.getByText("Proven", { exact: true }).waitFor();
  const sentence = "Nobody of this organisation stays signed in for longer than 15 minutes without doing anything.";
  await claim.getByText(sentence).waitFor();
  for (const format of FORMATS) assert.ok((await exported(owner, format)).includes(sentence), format);

  await owner.goto(`${stage.url}/admin/policies`);
  await owner.getByLabel("Signed out when idle, after", { exact: true }).selectOption("60");
  await owner.getByRole("button", { name: "Review the change" }).click();
  await owner.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();

  await claim.getByText("Not met", { exact: true }).waitFor();
  for (const format of FORMATS) assert.ok(!(await exported(owner, format)).includes(sentence), format);
});

/** All that the page's sentences rest on. */
async function requirements(page: Page): Promise<string[]> {
  return await page.evaluate(async () => {
    interface Named {
      kind: string;
      name: string;
    }
    const evidence = (await (await fetch("/api/v1/evidence")).json()) as { safeguards: { claims: { grounds: Named[] }[] }[] };
    const grounds = evidence.safeguards.flatMap(({ claims }) => claims.flatMap((claim) => claim.grounds));
    return [...new Set(grounds.filter(({ kind }) => kind === "tests").map(({ name }) => name))];
  });
}

const FORMATS = ["json", "pdf"] as const;

/** The file as text: a PDF has the statement attached as it was signed. */
async function exported(page: Page, format: (typeof FORMATS)[number]): Promise<string> {
  return await page.evaluate(async (wanted) => {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch("/api/v1/evidence/export", { method: "POST", headers, body: JSON.stringify({ format: wanted }) });
    if (!answer.ok) throw new Error(await answer.text());
    return await answer.text();
  }, format);
}

/** The server's link, by the line that the story's pages use. */
function here(link: string): string {
  const { pathname, hash } = new URL(link);
  return `${stage.url}${pathname}${hash}`;
}

async function change(page: Page, name: string, what: string): Promise<void> {
  await page.getByRole("button", { name: `Change ${name}` }).click();
  await page.getByRole("menuitem", { name: what }).click();
}

async function signIn(page: Page, password: string): Promise<void> {
  await page.getByLabel("E-mail").fill(BO.email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}
