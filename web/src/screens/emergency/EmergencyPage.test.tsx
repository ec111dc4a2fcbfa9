import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { Api } from "../../api/api.ts";
import type { Me } from "../../api/wire.ts";
import { testWorld } from "../../test-world.ts";
import { EmergencyPage } from "./EmergencyPage.tsx";

const OPEN = { id: "u1", reason: "patient_in_danger", invoked_at: "2026-11-26T08:00:00Z", expires_at: "2026-11-26T09:00:00Z" };
const MEETING = { id: "m1", host: "Dr Amy", started_at: "2026-11-26T08:00:00Z", people: 2, waiting: 1, locked: true };

function show(mayInvoke = true, more: Partial<Me> = {}): { sent: string[]; onEnter: ReturnType<typeof vi.fn> } {
  const sent: string[] = [];
  let open: typeof OPEN | null = null;
  const api = new Api((input, init) => {
    const asked = `${init?.method ?? ""} ${String(input).replace("/api/v1/", "")}`;
    if (init?.method === "POST") sent.push(`${asked} ${String(init.body ?? "")}`.trim());
    if (asked === "POST emergency") open = OPEN;
    if (asked === "POST emergency/end") open = null;
    if (asked === "GET emergency") return Promise.resolve(Response.json({ may_invoke: mayInvoke, open }));
    if (asked === "GET emergency/meetings") return Promise.resolve(Response.json({ meetings: [MEETING], open_emergencies: 1 }));
    if (asked === "POST emergency") return Promise.resolve(Response.json(OPEN, { status: 201 }));
    return Promise.resolve(new Response(null, { status: 204 }));
  });
  const onEnter = vi.fn();
  const me = { role: "member", permitted: { emergency_access: mayInvoke }, ...more } as Me;
  render(<EmergencyPage world={testWorld({ api })} me={me} onHome={() => {}} onEnter={onEnter} onExpired={() => {}} />);
  return { sent, onEnter };
}

it("takes emergency access with a reason and words, leads into a meeting, and gives it back", async () => {
  const user = userEvent.setup();
  const { sent, onEnter } = show();
  await user.click(await screen.findByRole("button", { name: "Take emergency access" }));
  expect(sent).toEqual([]);
  await user.selectOptions(screen.getByLabelText("Why?"), "Who is responsible can’t be reached");
  await user.type(screen.getByLabelText("What is the matter?"), "Nobody answers.");

  await user.click(screen.getByRole("button", { name: "Take emergency access" }));

  await user.click(await screen.findByRole("button", { name: "Go in: meeting of Dr Amy" }));
  expect(sent).toEqual(['POST emergency {"reason":"clinician_unreachable","words":"Nobody answers."}']);
  expect(onEnter).toHaveBeenCalledWith("m1");
  await user.click(screen.getByRole("button", { name: "End it now" }));
  await waitFor(() => expect(sent.at(-1)).toBe("POST emergency/end"));
  await screen.findByRole("button", { name: "Take emergency access" });
});

it("offers nothing to whom policy gives none", async () => {
  show(false);
  await screen.findByText("Your organisation has not given you emergency access.");
  expect(screen.queryByRole("button", { name: "Take emergency access" })).toBeNull();
});

it("is all that there is for who signed in with a sealed code", async () => {
  show(true, { emergency_only: true });
  await screen.findByText(/You signed in with a code of the sealed envelope/);
  expect(screen.queryByRole("button", { name: "Go to the start page" })).toBeNull();
  screen.getByRole("button", { name: "Sign out" });
});
