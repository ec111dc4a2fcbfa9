/**
 * A computer where nobody sits: enrolled by its root, it asks its own PAM who its administrator is, and a technician who was
 * granted it sees its desktop and types there, until the grant is taken back; of a computer that was taken out nothing is left.
 */

import assert from "node:assert/strict";
import { type ChildProcess, execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { type Accounts, openAccounts } from "./accounts.ts";
import { type Computer, openComputer } from "./computer.ts";
import { type Desktop, openDesktop } from "./desktop.ts";
import { openStage, OWNER, setUpOwner, type Stage, until } from "./stage.ts";

const run = promisify(execFile);
const AGENT = join(dirname(process.env["CONCLAVE_BIN"] ?? ""), "conclave-agent");
/** Whose desktop it is: nobody comes in as them. */
const WARD = { name: "conclave-ward", password: null, isAdministrator: false };
const ADMINISTRATOR = { name: "conclave-amy", password: "eleven grey geese", isAdministrator: true };
const NURSE = { name: "conclave-bo", password: "two brown hares", isAdministrator: false };
const REST_MS = 2_500;

let stage: Stage;
let computer: Computer;
let desktop: Desktop;
let accounts: Accounts;
/** Where the service keeps its keys. */
let kept: string;
let service: ChildProcess;
let admin: Page;
let page: Page;
let typed: string;

beforeAll(async () => {
  assert.equal(process.getuid?.(), 0, "only root enrols a computer, and gives it accounts of its own");
  // First: a browser gives up what it loads while the machine's network changes.
  computer = await openComputer();
  [stage, desktop, accounts, kept] = await Promise.all([
    openStage({ viewport: { width: 1360, height: 900 } }),
    openDesktop(),
    openAccounts([WARD, ADMINISTRATOR, NURSE]),
    mkdtemp(join(tmpdir(), "conclave-enrolled-")),
  ]);
});
afterAll(async () => {
  await desktop.close();
  await accounts.close();
  await computer.close();
  await stage.close();
  await rm(kept, { recursive: true, force: true });
});

// Shows: REQ-AC-25.
test("root enrols the computer with a link, and both sides say one fingerprint", async () => {
  admin = await setUpOwner(stage, await stage.person());
  await admin.goto(`${stage.url}/admin/policies`);
  await admin.getByLabel("Support: enrolled computers, when nobody is there").selectOption("on");
  await admin.getByRole("button", { name: "Review the change" }).press("Enter");
  await admin.getByRole("button", { name: "Save", exact: true }).press("Enter");
  await admin.getByRole("button", { name: "Save", exact: true }).waitFor({ state: "detached" });
  await admin.goto(`${stage.url}/admin/computers`);
  await admin.getByRole("button", { name: "Enrol a computer" }).click();
  await admin.getByRole("button", { name: "Make the command" }).click();
  const command = (await admin.getByRole("group", { name: "Command" }).textContent()) ?? "";
  await admin.getByRole("button", { name: "Close", exact: true }).last().click();

  const said = await asRoot("enrol", command.split("'").at(1) ?? "", "--name", "Ward 3", "--directory", kept);
  const fingerprint = /^fingerprint +(.+)$/m.exec(said)?.[1] ?? "";
  assert.ok(fingerprint.length > 60, said);
  await admin.getByRole("row", { name: /Ward 3/ }).getByText(fingerprint).waitFor();
  await shot(admin, "unattended-enrolled");
});

test("the computer is on line, and its helper is named", async () => {
  typed = join(desktop.home, "typed");
  await desktop.layOut("us");
  desktop.start("xterm", "-T", "Editor", "-geometry", "100x20+20+420", "-e", `cat > ${typed}`);
  await desktop.window("Editor");
  const [program = "", ...line] = rooted("service", "--directory", kept, "--user", WARD.name, "--display", desktop.display);
  service = desktop.start(program, ...line);
  await admin.getByRole("row", { name: /Ward 3/ }).getByText("On line").waitFor();

  await admin.getByRole("button", { name: "Who may help at Ward 3" }).click();
  await admin.getByLabel("Person").selectOption({ label: OWNER.name });
  await admin.getByRole("button", { name: "Let them help" }).click();
  await admin.getByRole("button", { name: `Take back that ${OWNER.name} may help` }).waitFor();
  await admin.getByRole("button", { name: "Close", exact: true }).last().click();
});

// Shows: REQ-AC-25, ABUSE-57.
test("a wrong password, and the right one of who is no administrator, are one refusal", async () => {
  page = await admin.context().newPage();
  await page.goto(`${stage.url}/support`);
  await page.getByRole("button", { name: "Connect to Ward 3" }).click();
  for (const [name, password] of [
    [ADMINISTRATOR.name, "eleven grey ducks"],
    [NURSE.name, NURSE.password],
  ] as const) {
    await letIn(name, password);
    const refused = page.getByText("The computer knows no administrator with this name and password.");
    await refused.waitFor();
  }
  assert.equal(await desktop.hasWindow("Conclave.*"), false);
});

// Shows: REQ-AC-30, REQ-RS-08.
test("its administrator sees the desktop and types there while nobody is asked, and the computer shows it", async () => {
  await letIn(ADMINISTRATOR.name, ADMINISTRATOR.password);
  await page.getByRole("button", { name: "Ask to see the screen" }).click({ timeout: 60_000 });
  await page.getByText("Pixel-exact").waitFor({ timeout: 60_000 });
  await desktop.window("Conclave session");
  assert.equal(await desktop.hasWindow("Conclave asks"), false);
  await page.getByRole("button", { name: "Ask to use keyboard and mouse" }).click();
  const keyboard = page.getByLabel(/^Keyboard of the computer/);
  await until("control is given", () => keyboard.getAttribute("tabindex"), (index) => index === "0");
  await desktop.focus(await desktop.window("Editor"));
  await keyboard.focus();
  // What was meant for a screen that has changed meanwhile is forgotten.
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  await page.keyboard.type("Grüße");
  await page.keyboard.press("Enter");
  await until("the words are in the editor", () => readFile(typed, "utf8").catch(() => ""), (text) => text === "Grüße\n");
  await shot(page, "unattended-controlled");
  await desktop.picture("unattended-bar");
});

// Shows: ABUSE-57.
test("with the grant the session is gone, and the computer is on the technician's list no more", async () => {
  await admin.bringToFront();
  await admin.getByRole("button", { name: "Who may help at Ward 3" }).click();
  await admin.getByRole("button", { name: `Take back that ${OWNER.name} may help` }).click();
  await page.getByRole("heading", { name: "The session is over" }).waitFor();
  await until("nothing of it is shown", () => desktop.hasWindow("Conclave session"), (shown) => !shown);
  await admin.getByRole("button", { name: "Close", exact: true }).last().click();
  await page.goto(`${stage.url}/support`);
  await page.getByRole("button", { name: "New session" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Connect to Ward 3" }).count(), 0);
});

// Shows: REQ-AC-25.
test("of a computer that was taken out nothing runs, and no key is left", async () => {
  await admin.getByRole("button", { name: "Take Ward 3 out" }).click();
  await admin.getByRole("button", { name: "Take out", exact: true }).last().click();
  await admin.getByText("No computer is enrolled.").waitFor();
  await until("the service has ended", () => Promise.resolve(service.exitCode), (code) => code === 0);
  assert.deepEqual(await readdir(kept), []);
});

/** At the computer, as its root. */
function rooted(...line: readonly string[]): readonly string[] {
  return computer.there(accounts.among([AGENT, ...line]));
}

async function asRoot(...line: readonly string[]): Promise<string> {
  const [program = "", ...rest] = rooted(...line);
  return (await run(program, rest)).stdout;
}

async function letIn(name: string, password: string): Promise<void> {
  await page.getByLabel("Administrator of the computer").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Connect", exact: true }).last().click();
}

async function shot(of: Page, name: string): Promise<void> {
  const folder = process.env["STORY_SHOTS"];
  if (folder !== undefined) await of.screenshot({ path: join(folder, `${name}.png`) });
}
