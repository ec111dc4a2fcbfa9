import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { JSX } from "react";
import { expect, it, vi } from "vitest";

import { Api } from "../../../api/api.ts";
import type { AccountRole, Me } from "../../../api/wire.ts";
import { testWorld } from "../../../test-world.ts";
import { SessionsPage } from "./SessionsPage.tsx";

const SESSION = { id: "m1", host: "a1", host_name: "Dr Amy", outcome: "empty", started_at: "2026-11-26T08:00:00Z", ended_at: "2026-11-26T09:05:00Z", people: 3, guests: 2, is_support: true };
const FLOW = { packets: 990, lost: 10, jitter: 12_340, round_trip: 40_000, bits_per_second: 64_000 };
const PERSON = { role: "guest", admission: "left", client: "safari", admitted_at: "2026-11-26T08:01:00Z", left_at: "2026-11-26T08:30:00Z", connected: false };
const DETAIL = {
  session: SESSION,
  people: [
    { ...PERSON, participant: "p1", role: "host", account: "a1", name: "Dr Amy", sent: FLOW },
    { ...PERSON, participant: "p2", account: null, name: null },
  ],
  timeline: [
    { entry: "e1", at: "2026-11-26T08:01:00Z", event: "meeting.admit", outcome: "done", reason: null, participant: "p2", by_participant: "p1", by_account: null },
    { entry: "e2", at: "2026-11-26T08:02:00Z", event: "meeting.lock", outcome: "refused", reason: "role", participant: null, by_participant: "p2", by_account: null },
  ],
  timeline_is_cut: false,
};
const MINUTE = { begins_at: "2026-11-26T08:02:00Z", stream: "TR_1", sent: true, kind: "audio", flow: FLOW };

function show(session: string | null, role: AccountRole = "auditor"): { asked: string[]; onSession: ReturnType<typeof vi.fn> } {
  const asked: string[] = [];
  const api = new Api((input) => {
    const path = String(input).replace("/api/v1/", "");
    asked.push(path);
    if (path === "people") return Promise.resolve(Response.json({ people: [{ account: "a1", display_name: "Dr Amy" }], invitations: [] }));
    if (path === "admin/views") return Promise.resolve(Response.json({ views: [] }));
    if (path === "groups") return Promise.resolve(Response.json({ groups: [{ id: "g1", name: "Ward" }] }));
    if (path.endsWith("/quality")) return Promise.resolve(Response.json({ intervals: [MINUTE], is_cut: false }));
    if (path.startsWith("admin/sessions/")) return Promise.resolve(Response.json(DETAIL));
    const next = path.includes("before=") ? {} : { next: "m1" };
    return Promise.resolve(Response.json({ sessions: [{ ...SESSION, id: path.includes("before=") ? "m0" : "m1" }], ...next }));
  });
  const onSession = vi.fn();
  render(<SessionsPage world={testWorld({ api })} me={{ role } as Me} session={session} onSession={onSession} onHome={() => {}} onExpired={() => {}} />);
  return { asked, onSession };
}

it("searches by what was chosen, goes on where the page ended, and opens one", async () => {
  const user = userEvent.setup();
  const { asked, onSession } = show(null);
  const row = await screen.findByRole("row", { name: /Dr Amy/ });
  expect(within(row).getByText("1 h 5 min")).toBeTruthy();
  expect(within(row).getByText("3, 2 of them guests")).toBeTruthy();

  await user.selectOptions(screen.getByLabelText("Host"), "Dr Amy");
  await user.selectOptions(screen.getByLabelText("Somebody used"), "Safari");
  await user.selectOptions(screen.getByLabelText("How it ended"), "Nobody was there");
  await user.click(screen.getByRole("button", { name: "Search" }));
  await user.click(await screen.findByRole("button", { name: "Show more" }));

  const last = asked.at(-1) ?? "";
  for (const part of ["host=a1", "device=safari", "outcome=empty", "before=m1", "from=", "to="]) expect(last).toContain(part);
  expect(await screen.findAllByRole("row", { name: /Dr Amy/ })).toHaveLength(2);
  await user.click(screen.getAllByRole("button", { name: /Show the meeting of Dr Amy/ })[0] as HTMLElement);
  expect(onSession).toHaveBeenCalledWith("m1");
});

it("tells who was in and what happened, guests by number, and shows streams by minute", async () => {
  const user = userEvent.setup();
  const { asked } = show("m1");

  expect(await screen.findByText("Was let in · Guest 1 · by Dr Amy")).toBeTruthy();
  expect(screen.getByText("The meeting was locked · by Guest 1 · refused")).toBeTruthy();
  expect(screen.getByText("1 % lost, jitter 12.3 ms, 64 kbit/s round trip 40 ms")).toBeTruthy();
  expect(screen.getByText(/^Support session/)).toBeTruthy();
  const link = screen.getByRole("link", { name: /^In the audit log: The meeting was locked/ });
  expect(link.getAttribute("href")).toBe("/admin/audit?entry=e2");
  await user.click(screen.getByRole("button", { name: "By minute: Guest 1" }));

  const streams = await screen.findByRole("region", { name: "Streams of Guest 1, minute by minute" });
  expect(within(streams).getByText("Sent sound")).toBeTruthy();
  expect(asked.at(-1)).toBe("admin/sessions/m1/participants/p2/quality");
});

it("leads nobody to the audit log who may not read it", async () => {
  show("m1", "account_manager");

  expect(await screen.findByText("Was let in · Guest 1 · by Dr Amy")).toBeTruthy();
  expect(screen.queryByRole("link", { name: /^In the audit log/ })).toBeNull();
});

it("shows nothing of a meeting that was left for another before its answer came", async () => {
  const answers = new Map<string, (answer: Response) => void>();
  const api = new Api((input) => {
    const path = String(input).replace("/api/v1/", "");
    if (path.startsWith("admin/sessions/")) return new Promise((answer) => answers.set(path, answer));
    return Promise.resolve(Response.json({ people: [], invitations: [], groups: [], views: [], sessions: [] }));
  });
  const page = (session: string): JSX.Element => (
    <SessionsPage world={world} me={{ role: "auditor" } as Me} session={session} onSession={() => {}} onHome={() => {}} onExpired={onExpired} />
  );
  const world = testWorld({ api });
  const onExpired = vi.fn();
  const { rerender } = render(page("m1"));
  rerender(page("m2"));

  answers.get("admin/sessions/m2")?.(detailOf("Dr Bea"));
  await screen.findByRole("heading", { name: /Dr Bea/ });
  const late = detailOf("Dr Amy");
  answers.get("admin/sessions/m1")?.(late);
  await waitFor(() => expect(late.bodyUsed).toBe(true));
  await act(async () => {});

  expect(screen.getByRole("heading", { name: /Dr Bea/ })).toBeTruthy();
});

function detailOf(host_name: string): Response {
  return Response.json({ ...DETAIL, session: { ...SESSION, host_name } });
}
