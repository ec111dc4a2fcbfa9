import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { Api } from "../../../api/api.ts";
import type { Me } from "../../../api/wire.ts";
import type { LogHead, Verifier } from "../../../audit/verifier.ts";
import { Witness } from "../../../audit/witness.ts";
import { look } from "../../../test-accessible.ts";
import { testWorld } from "../../../test-world.ts";
import { AuditPage } from "./AuditPage.tsx";

const ADA = "0190a5c3-7d1e-7000-8000-00000000000a";
const GROUP = "0190a5c3-7d1e-7000-8000-00000000000b";
const HEAD: LogHead = { origin: "clinic.example/audit/o", size: 2, root: "two" };
const LOGIN = entry({ seq: 1, event: "auth.login", actor: { kind: "account", id: ADA, role: "owner" } });
const REFUSED = entry({ seq: 0, event: "group.rename", outcome: "refused", reason: "not_permitted", actor: { kind: "anonymous" }, object: { kind: "group", id: GROUP } });

function entry(change: object): string {
  return JSON.stringify({ outcome: "done", time: "2026-11-26T08:30:00.000Z", v: 1, ...change });
}

interface Stage {
  sent: string[];
  saved: string[];
}

interface Server {
  /** The latest that it shows. */
  checkpoint?: keyof typeof HEADS;
  /** What its proofs and kits are of. */
  signed?: keyof typeof HEADS;
  /** This browser has seen the log before, as `note` has it. */
  isRemembered?: boolean;
  /** The entry that somebody came for. */
  wanted?: string | null;
}

const HEADS = { note: HEAD, forked: { ...HEAD, root: "other" }, shorter: { ...HEAD, size: 1, root: "one" }, forged: null };

/** `proven` is what the proofs of this server prove. */
function show(proven: (seq: number) => string, { checkpoint = "note", signed = "note", isRemembered = false, wanted = null }: Server = {}): Stage {
  localStorage.clear();
  if (isRemembered) localStorage.setItem(`conclave.log.${HEAD.origin}`, JSON.stringify({ checkpoint: "note", key: "key" }));
  const stage: Stage = { sent: [], saved: [] };
  const api = new Api((input, init) => {
    const asked = `${init?.method ?? ""} ${String(input).replace("/api/v1/", "")}`;
    stage.sent.push(asked);
    if (asked.startsWith("GET audit/checkpoint")) return Promise.resolve(Response.json({ checkpoint, verifier_key: "key", consistency: [] }));
    if (asked === "GET people") return Promise.resolve(Response.json({ people: [{ account: ADA, display_name: "Ada" }], invitations: [] }));
    if (asked === "GET admin/views") return Promise.resolve(Response.json({ views: [] }));
    if (asked.includes("/proof")) return Promise.resolve(new Response(asked.split("/")[2] ?? ""));
    if (asked.startsWith("GET audit/entries")) {
      const older = asked.includes("before=1");
      return Promise.resolve(Response.json(older ? { entries: [{ seq: 0, entry: REFUSED }] } : { entries: [{ seq: 1, entry: LOGIN }], next: 1 }));
    }
    return Promise.resolve(new Response("PK", { status: 200 }));
  });
  const verifier = {
    openCheckpoint(note: keyof typeof HEADS): LogHead {
      const head = HEADS[note];
      if (head === null) throw new Error("checkpoint");
      return head;
    },
    verifyEntry: (text: string) => ({ entry: proven(Number(text)), index: Number(text), head: HEAD, checkpoint: signed }),
    verifyKit: () => ({ first: 0, size: 2, root: "two", checkpoints: 1, unproven: 0, checkpoint: signed }),
    verifyConsistency: () => HEAD,
  } as unknown as Verifier;
  const loadVerifier = (): Promise<Verifier> => Promise.resolve(verifier);
  const save = (name: string): void => void stage.saved.push(name);
  const world = testWorld({ api, loadVerifier, save, witness: new Witness(api, localStorage, loadVerifier) });
  render(<AuditPage entry={wanted} world={world} me={{ role: "owner" } as Me} onHome={() => {}} onExpired={() => {}} />);
  return stage;
}

function kitField(): HTMLInputElement {
  const field = document.querySelector<HTMLInputElement>("input[type=file]");
  if (field === null) throw new Error("there is no field for a kit");
  return field;
}

function kit(): File {
  const file = new File(["PK"], "audit-log.zip", { type: "application/zip" });
  Object.defineProperty(file, "arrayBuffer", { value: () => Promise.resolve(new ArrayBuffer(2)) });
  return file;
}

it("tells entries in words, and shows a badge only after this browser has proven the entry", async () => {
  const user = userEvent.setup();
  const stage = show(() => LOGIN);
  const row = await screen.findByRole("row", { name: /Signed in/ });
  expect(within(row).getByText("Ada, Owner")).toBeTruthy();
  expect(screen.queryByText("Verified here")).toBeNull();
  expect(await screen.findByText(/for the first time/)).toBeTruthy();

  await user.click(within(row).getByRole("button", { name: "Verify in my browser: Signed in" }));

  expect(await screen.findByText("Verified here")).toBeTruthy();
  expect(stage.sent).toContain("GET audit/entries/1/proof");
});

it("shows the one entry that somebody came for, and all when they look for others", async () => {
  const user = userEvent.setup();
  const stage = show(() => LOGIN, { wanted: ADA });
  expect(await screen.findByRole("row", { name: /Signed in/ })).toBeTruthy();
  expect(screen.getByText(/entry that you came for/)).toBeTruthy();

  await user.click(screen.getByRole("button", { name: "Find" }));

  await waitFor(() => expect(screen.queryByText(/entry that you came for/)).toBeNull());
  const asked = stage.sent.filter((request) => request.startsWith("GET audit/entries"));
  expect(asked).toEqual([`GET audit/entries?entry=${ADA}`, "GET audit/entries"]);
});

it("says so when a proof proves something else than what is shown", async () => {
  const user = userEvent.setup();
  show(() => REFUSED);

  await user.click(await screen.findByRole("button", { name: "Verify in my browser: Signed in" }));

  expect(await screen.findByText("Does not hold")).toBeTruthy();
});

it("takes no proof that is signed of another log than it remembers, and says it loudly", async () => {
  const user = userEvent.setup();
  show(() => LOGIN, { signed: "forked" });

  await user.click(await screen.findByRole("button", { name: "Verify in my browser: Signed in" }));

  expect(await screen.findByText("Does not hold")).toBeTruthy();
  const alert = screen.getByText("There are two histories of this log.");
  expect(alert.closest("[role=alert]")).not.toBeNull();
});

it("holds a kit against what it remembers of the log, and takes none that is too large", async () => {
  const user = userEvent.setup();
  show(() => LOGIN);
  await user.upload(kitField(), kit());
  expect(await screen.findByText(/goes on from it/)).toBeTruthy();

  const large = kit();
  Object.defineProperty(large, "size", { value: 2 * 1024 ** 3 });
  await user.upload(kitField(), large);
  expect(await screen.findByText(/larger than a browser can verify/)).toBeTruthy();
});

it("says loudly that a kit is of another history", async () => {
  const user = userEvent.setup();
  show(() => LOGIN, { signed: "forked" });

  await user.upload(kitField(), kit());

  const alert = await screen.findByText("There are two histories of this log.");
  expect(alert.closest("[role=alert]")).not.toBeNull();
  expect(screen.queryByText(/goes on from it/)).toBeNull();
});

it("goes on from a shorter log when a person says so, after it has said what that may mean", async () => {
  const user = userEvent.setup();
  const stage = show(() => LOGIN, { checkpoint: "shorter", isRemembered: true });
  expect(await screen.findByText("The audit log is not what it was.")).toBeTruthy();
  expect(screen.getByText(/put an older copy of the database back, or somebody rewrote the log/)).toBeTruthy();
  expect(screen.getByText("Nothing in the log says that an older copy was put back.")).toBeTruthy();

  await user.click(screen.getByRole("button", { name: "Save what this browser remembers" }));
  await user.click(screen.getByRole("button", { name: "Go on from the log as it is" }));

  expect(await screen.findByText(/The log goes on from the 1 entry/)).toBeTruthy();
  expect(stage.saved).toEqual(["checkpoint-2.txt"]);
  expect(localStorage.getItem("conclave.log-before.clinic.example/audit/o.2.two")).toContain("note");
});

it("takes nothing for proven once the log is broken, and says it loudly", async () => {
  const user = userEvent.setup();
  show(() => LOGIN, { checkpoint: "forged" });
  const alert = await screen.findByText("The audit log is not what it was.");
  expect(alert.closest("[role=alert]")).not.toBeNull();

  await user.click(await screen.findByRole("button", { name: "Verify in my browser: Signed in" }));

  expect(await screen.findByText("Does not hold")).toBeTruthy();
});

it("finds older entries, those of one outcome, and those about the same", async () => {
  const user = userEvent.setup();
  const stage = show(() => REFUSED);
  await user.click(await screen.findByRole("button", { name: "Show older entries" }));
  const row = await screen.findByRole("row", { name: /Group renamed/ });
  expect(within(row).getByText("Refused (not_permitted)")).toBeTruthy();
  expect(screen.getByRole("row", { name: /Signed in/ })).toBeTruthy();

  await user.click(within(row).getByRole("button", { name: "Group renamed" }));
  const sheet = await screen.findByRole("dialog", { name: "Entry 0" });
  expect((within(sheet).getByLabelText("Exactly as it is in the log") as HTMLTextAreaElement).value).toBe(REFUSED);
  await look();
  await user.click(within(sheet).getByRole("button", { name: "Save the proof" }));
  await waitFor(() => expect(stage.saved).toEqual(["entry-0.tlog-proof"]));
  await user.click(within(sheet).getByRole("button", { name: "All about the same" }));
  await waitFor(() => expect(stage.sent).toContain(`GET audit/entries?object=${GROUP}`));

  const form = await screen.findByRole("form", { name: "Find entries" });
  await user.clear(within(form).getByLabelText("About (id)"));
  await user.selectOptions(within(form).getByLabelText("Outcome"), "refused");
  await user.selectOptions(within(form).getByLabelText("Who"), ADA);
  await user.click(within(form).getByRole("button", { name: "Find" }));
  await waitFor(() => expect(stage.sent).toContain(`GET audit/entries?actor=${ADA}&outcome=refused`));
});
