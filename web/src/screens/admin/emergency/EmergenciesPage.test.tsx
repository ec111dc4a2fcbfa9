import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { Api } from "../../../api/api.ts";
import type { Me } from "../../../api/wire.ts";
import { testWorld } from "../../../test-world.ts";
import { EmergenciesPage } from "./EmergenciesPage.tsx";

const LATE = {
  id: "u1",
  account: "bo",
  display_name: "Bo",
  reason: "patient_in_danger",
  invoked_at: "2026-11-22T08:00:00Z",
  expires_at: "2026-11-22T09:00:00Z",
  ended_at: "2026-11-22T09:00:00Z",
  ended_by: "time",
  entered: 1,
  review_due_at: "2026-11-25T08:00:00Z",
  overdue: true,
  review: null,
};
const OWN = { ...LATE, id: "u2", account: "amy", display_name: "Amy", overdue: false };

function show(): string[] {
  const asked: string[] = [];
  const api = new Api((input, init) => {
    const call = `${init?.method ?? ""} ${String(input).replace("/api/v1/", "")}`;
    asked.push(`${call} ${String(init?.body ?? "")}`.trim());
    if (call === "GET emergency/uses") return Promise.resolve(Response.json({ uses: [LATE, OWN], overdue: 1, drill: { last: null, overdue: true } }));
    if (call.endsWith("/words")) return Promise.resolve(Response.json({ words: "Zacharias fell.", note: null }));
    return Promise.resolve(new Response(null, { status: 204 }));
  });
  render(<EmergenciesPage world={testWorld({ api })} me={{ role: "owner", account: "amy" } as Me} onHome={() => {}} onExpired={() => {}} />);
  return asked;
}

it("says what is overdue, shows words only to who asks for them, and takes a review with its note", async () => {
  const user = userEvent.setup();
  const asked = show();
  await screen.findByText("1 review is overdue.");
  await screen.findByText(/No drill has shown yet/);
  await user.click(screen.getByRole("button", { name: /Show what Bo took/ }));
  const sheet = await screen.findByRole("dialog", { name: "Emergency access of Bo" });
  expect(asked.some((call) => call.endsWith("/words"))).toBe(false);

  await user.click(within(sheet).getByRole("button", { name: "Read what was said" }));
  await within(sheet).findByText("Zacharias fell.");
  await user.click(within(sheet).getByRole("button", { name: "Finish the review" }));
  expect(asked.some((call) => call.startsWith("POST"))).toBe(false);
  await user.selectOptions(within(sheet).getByLabelText("What do you think of it?"), "Needs follow-up");
  await user.type(within(sheet).getByLabelText("Note"), "Talk to the ward.");
  await user.click(within(sheet).getByRole("button", { name: "Finish the review" }));

  await waitFor(() => expect(asked).toContain('POST emergency/uses/u1/review {"outcome":"needs_follow_up","note":"Talk to the ward."}'));
});

it("lets nobody review their own", async () => {
  const user = userEvent.setup();
  show();
  await user.click(await screen.findByRole("button", { name: /Show what Amy took/ }));
  const sheet = await screen.findByRole("dialog", { name: "Emergency access of Amy" });
  await within(sheet).findByText(/You took it yourself/);
  expect(within(sheet).queryByRole("button", { name: "Finish the review" })).toBeNull();
});
