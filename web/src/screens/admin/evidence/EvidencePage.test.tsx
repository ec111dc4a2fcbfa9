import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { Api } from "../../../api/api.ts";
import type { AccountRole, Claim, Me } from "../../../api/wire.ts";
import { testWorld } from "../../../test-world.ts";
import { EvidencePage } from "./EvidencePage.tsx";

const PROVEN: Claim = {
  id: "log_off.website",
  state: "proven",
  sentence: "Whoever does nothing is signed out.",
  topic: "Log-off of who is inactive",
  enforced_by: "server",
  since: "2026-11-20T08:00:00Z",
  grounds: [{ kind: "probe", name: "idle_expiry", standing: "holds", seen_at: "2026-11-26T08:00:00Z" }],
};
const BROKEN: Claim = {
  id: "log_off.quarter",
  state: "not_met",
  sentence: null,
  topic: "After 15 minutes at the latest",
  enforced_by: "server",
  since: null,
  grounds: [
    { kind: "setting", name: "idle_quarter", standing: "fails", seen_at: null },
    { kind: "tests", name: "REQ-LO-02", standing: "holds", seen_at: "2026-11-20T08:00:00Z" },
  ],
};
const YOURS: Claim = {
  id: "organisation.incidents",
  state: "not_met",
  sentence: null,
  topic: "Incidents",
  enforced_by: "procedure",
  since: null,
  grounds: [{ kind: "sign_off", name: "organisation.incidents", standing: "fails", seen_at: null }],
};
const EVIDENCE = {
  at: "2026-11-26T08:00:00Z",
  is_past: false,
  build: { version: "0.1.0", built: "release", sha256: "ab".repeat(32), tests: "bound", tests_made_at: "2026-11-20T08:00:00Z" },
  certification: "Nobody certifies software for this.",
  safeguards: [
    {
      code: "164.312.a.2.iii",
      citation: "164.312(a)(2)(iii)",
      standard: "Access control",
      name: "Automatic logoff",
      mark: "addressable",
      asks: "Sessions end.",
      state: "not_met",
      claims: [PROVEN, BROKEN, YOURS],
      decision: null,
      sign_offs: [],
    },
  ],
  limits: [{ title: "Metadata", text: "The server knows who meets whom." }],
  agreement_is_missing: true,
};

const REQUIRED = { ...EVIDENCE, safeguards: EVIDENCE.safeguards.map((row) => ({ ...row, mark: "required" })) };

function show(role: AccountRole, part: "evidence" | "promises", evidence: object = EVIDENCE): string[] {
  const sent: string[] = [];
  const api = new Api((input, init) => {
    const asked = `${init?.method ?? ""} ${String(input).replace("/api/v1/", "")}`;
    if (init?.method !== "GET") sent.push(`${asked} ${String(init?.body ?? "")}`.trim());
    return Promise.resolve(Response.json(init?.method === "GET" ? evidence : {}));
  });
  render(<EvidencePage world={testWorld({ api })} me={{ role } as Me} part={part} onHome={() => {}} onExpired={() => {}} />);
  return sent;
}

it("tells a sentence while it is proven, and else what is missing", async () => {
  show("auditor", "evidence");
  const row = await screen.findByRole("region", { name: /Automatic logoff/ });

  expect(within(row).getByText("Whoever does nothing is signed out.")).toBeTruthy();
  expect(within(row).getByText("Not met: After 15 minutes at the latest.")).toBeTruthy();
  expect(within(row).getByText("Setting: nobody may stay idle for more than 15 minutes: does not hold.")).toBeTruthy();
  expect(within(row).getByText("Tests of REQ-LO-02: holds.")).toBeTruthy();
  expect(screen.getByText("Nobody certifies software for this.")).toBeTruthy();
  expect(screen.getByText(/no agreement with a business associate is in force/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: /^Decide/ })).toBeNull();
});

it("takes the evidence out as a file", async () => {
  const user = userEvent.setup();
  const sent = show("auditor", "evidence");
  await user.click(await screen.findByRole("button", { name: "Download as PDF" }));
  expect(sent).toEqual(['POST evidence/export {"format":"pdf","at":null}']);
});

it("keeps a decision only with everything that was weighed", async () => {
  const user = userEvent.setup();
  const sent = show("owner", "evidence");
  await user.click(await screen.findByRole("button", { name: "Decide about Automatic logoff" }));
  const sheet = await screen.findByRole("dialog", { name: "Decide about Automatic logoff" });
  await user.selectOptions(within(sheet).getByLabelText("What you do"), "equivalent");
  await user.type(within(sheet).getByLabelText("Why, and what you do instead"), "Doors");
  await user.click(within(sheet).getByRole("button", { name: "Sign" }));
  expect(sent).toEqual([]);

  for (const label of ["Your risk analysis", "Your size and capabilities", "Complexity", "Your technical infrastructure", "What it would cost"]) {
    await user.type(within(sheet).getByLabelText(label), "x");
  }
  await user.click(within(sheet).getByRole("button", { name: "Sign" }));
  expect(sent).toEqual([]);
  await user.type(within(sheet).getByLabelText("Who sees to it"), " Privacy office ");
  await user.click(within(sheet).getByRole("button", { name: "Sign" }));

  expect(sent).toEqual([
    'PUT evidence/decisions/164.312.a.2.iii {"choice":"equivalent","reason":"Doors","risk":"x","size":"x","complexity":"x","infrastructure":"x","cost":"x","owner":"Privacy office"}',
  ]);
});

// Shows: REQ-AD-05.
it("says by whom a decision is seen to and until when it is good, and asks for both anew", async () => {
  const user = userEvent.setup();
  const words = Object.fromEntries(["reason", "risk", "size", "complexity", "infrastructure", "cost"].map((word) => [word, "x"]));
  const decision = { choice: "equivalent", ...words, decided_by_name: "Amy", decided_at: "2026-11-20T08:00:00Z", owner: "Privacy office", due: "2027-05-20T12:00:00Z" };
  const sent = show("owner", "evidence", { ...EVIDENCE, safeguards: EVIDENCE.safeguards.map((row) => ({ ...row, decision })) });
  expect(await screen.findByText("Seen to by Privacy office.")).toBeTruthy();
  expect(screen.getByText(/^To be decided anew by .*2027/)).toBeTruthy();

  await user.click(screen.getByRole("button", { name: "Decide about Automatic logoff" }));
  const sheet = await screen.findByRole("dialog", { name: "Decide about Automatic logoff" });
  expect(within(sheet).getByDisplayValue("Privacy office")).toBe(within(sheet).getByLabelText("Who sees to it"));
  await user.type(within(sheet).getByLabelText("Decide anew by"), "2027-11-01");
  await user.click(within(sheet).getByRole("button", { name: "Sign" }));

  expect(sent).toHaveLength(1);
  expect(sent[0]).toContain('"owner":"Privacy office","due":"2027-11-01T00:00:00Z"}');
});

it("tells of a decision of before who signed it, and nothing that it does not say", async () => {
  const decision = { choice: "implemented", reason: "Locks.", decided_by_name: "Amy", decided_at: "2026-11-20T08:00:00Z" };
  show("auditor", "evidence", { ...EVIDENCE, safeguards: EVIDENCE.safeguards.map((row) => ({ ...row, decision })) });

  expect(await screen.findByText(/^Implemented: Locks\. \(Amy, /)).toBeTruthy();
  expect(screen.queryByText(/^Seen to by|^To be decided anew/)).toBeNull();
});

const LOGGED_OFF = { kind: "entry", name: "auth.session.timeout", standing: "holds", seen_at: "2026-11-26T08:00:00Z", entry: { seq: 58_231, id: "e1" } };
const NEVER = { kind: "entry", name: "meeting.expel", standing: "unseen", seen_at: null, entry: null };
const TRACED = {
  ...EVIDENCE,
  safeguards: EVIDENCE.safeguards.map((row) => ({
    ...row,
    claims: [
      { ...PROVEN, grounds: [LOGGED_OFF] },
      { ...BROKEN, grounds: [NEVER] },
    ],
  })),
};

// Shows: REQ-AD-01.
it("names the entry in which a claim is seen at work, with a way to it", async () => {
  show("auditor", "evidence", TRACED);

  expect(await screen.findByText(/^Session ended by itself: last in entry 58231 of the audit log, /)).toBeTruthy();
  const link = screen.getByRole("link", { name: /^Open the entry: Session ended by itself/, hidden: true });
  expect(link.getAttribute("href")).toBe("/admin/audit?entry=e1");
  expect(screen.getByText("Put somebody out: never happened here yet.")).toBeTruthy();
  expect(screen.getAllByText("Open")).toHaveLength(1);
});

it("leads nobody to the log who may not read it", async () => {
  show("account_manager", "evidence", TRACED);

  expect(await screen.findByText(/^Session ended by itself: last in entry 58231/)).toBeTruthy();
  expect(screen.queryByText("Open")).toBeNull();
});

// Shows: REQ-AD-16.
it("lists what the organisation does, who keeps which promise, and where promises end", async () => {
  show("auditor", "promises");
  const yours = await screen.findByRole("region", { name: "What your organisation does" });

  expect(within(yours).getByText("Incidents")).toBeTruthy();
  expect(screen.getByText("The server knows who meets whom.")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Sign for Incidents" })).toBeNull();
});

it("says who signed for what people do, and how many stand in a claim's way since when", async () => {
  const waiting = {
    ...YOURS,
    id: "emergency.reviewed",
    topic: "Review of emergency access",
    grounds: [{ kind: "setting", name: "emergencies_reviewed", standing: "fails", seen_at: null, against: { count: 2, since: "2026-11-25T08:00:00Z" } }],
  };
  const signed = { claim: YOURS.id, choice: "implemented", reason: "We have a plan.", decided_by_name: "Amy", decided_at: "2026-11-20T08:00:00Z" };
  const rows = EVIDENCE.safeguards.map((row) => ({ ...row, claims: [...row.claims, waiting], sign_offs: [signed] }));
  show("auditor", "evidence", { ...EVIDENCE, safeguards: rows });

  expect(await screen.findByText(/^Implemented: We have a plan\. \(Amy, /)).toBeTruthy();
  expect(screen.getByText(/longer than 72 hours: does not hold\. 2, since /)).toBeTruthy();
});

it("lets what the rule requires be signed for as implemented, and as nothing else", async () => {
  const user = userEvent.setup();
  show("owner", "promises", REQUIRED);
  await user.click(await screen.findByRole("button", { name: "Sign for Incidents" }));
  const sheet = await screen.findByRole("dialog", { name: "Decide about Incidents" });

  const options = within(sheet).getAllByRole("option");
  expect(options.map((option) => option.textContent)).toEqual(["Implemented"]);
});
