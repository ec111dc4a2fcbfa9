import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { Api } from "../../../api/api.ts";
import type { Me } from "../../../api/wire.ts";
import { look } from "../../../test-accessible.ts";
import { testWorld } from "../../../test-world.ts";
import { LiveMeetingsPage } from "./LiveMeetingsPage.tsx";

const MEETING = { id: "m1", host: "Dr Amy", started_at: "2026-11-26T08:00:00Z", people: 2, waiting: 1, locked: true, is_support: false };
const PEOPLE = [
  { participant: "p1", role: "host", account: "Dr Amy", admitted_at: "2026-11-26T08:00:00Z", connected: true },
  { participant: "p2", role: "guest", account: null, admitted_at: "2026-11-26T08:01:00Z", connected: true },
];

function show(answer: (call: string) => Response): { calls: string[]; onExpired: () => void } {
  const calls: string[] = [];
  const api = new Api((input, init) => {
    const call = `${init?.method ?? ""} ${String(input)}`;
    calls.push(call);
    return Promise.resolve(answer(call));
  });
  const onExpired = vi.fn();
  render(<LiveMeetingsPage world={testWorld({ api })} me={{ role: "account_manager" } as Me} onHome={() => {}} onExpired={onExpired} />);
  return { calls, onExpired };
}

function served(call: string): Response {
  if (call.startsWith("POST")) return Response.json({ revision: 3 });
  return Response.json(call.endsWith("participants") ? { people: PEOPLE } : { meetings: [MEETING] });
}

it("ends a meeting only after its consequence was read", async () => {
  const { calls } = show(served);
  const user = userEvent.setup();

  await user.click(await screen.findByRole("button", { name: "End the meeting of Dr Amy" }));
  expect(calls.some((call) => call.startsWith("POST"))).toBe(false);
  const dialog = await screen.findByRole("alertdialog");
  expect(within(dialog).getByText(/leaves at once/)).toBeTruthy();
  await look();
  await user.click(within(dialog).getByRole("button", { name: "End for everyone" }));

  await waitFor(() => expect(calls).toContain("POST /api/v1/meetings/m1/end"));
});

it("removes a guest, who is a number and no name, and never a host", async () => {
  const { calls } = show(served);
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Show people in the meeting of Dr Amy" }));

  await user.click(await screen.findByRole("button", { name: "Remove Guest 1" }));
  const dialog = await screen.findByRole("alertdialog");
  await look();
  await user.click(within(dialog).getByRole("button", { name: "Remove" }));

  await waitFor(() => expect(calls).toContain("POST /api/v1/meetings/m1/participants/p2/expel"));
  expect(screen.queryByRole("button", { name: "Remove Dr Amy" })).toBeNull();
});

it("says to whom it may not be shown, and when the session is over", async () => {
  show(() => Response.json({ code: "not_allowed" }, { status: 403 }));
  expect(await screen.findByText("Your account may not see this page.")).toBeTruthy();

  const { onExpired } = show(() => Response.json({ code: "not_signed_in" }, { status: 401 }));
  await waitFor(() => expect(onExpired).toHaveBeenCalled());
});
