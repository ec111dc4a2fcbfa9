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
const SET = {
  made_at: "2026-11-20T08:00:00Z",
  made_by: "amy",
  made_by_name: "Amy",
  codes: [
    { number: 1, used: { at: "2026-11-22T07:59:00Z", by: "bo", by_name: "Bo" } },
    { number: 2, used: null },
  ],
};
const OWN = { ...LATE, id: "u2", account: "amy", display_name: "Amy", overdue: false };

function show(role = "owner"): string[] {
  const asked: string[] = [];
  const api = new Api((input, init) => {
    const call = `${init?.method ?? ""} ${String(input).replace("/api/v1/", "")}`;
    asked.push(`${call} ${String(init?.body ?? "")}`.trim());
    if (call === "GET emergency/uses") return Promise.resolve(Response.json({ uses: [LATE, OWN], overdue: 1, drill: { last: null, overdue: true } }));
    if (call === "GET emergency/codes") return Promise.resolve(Response.json({ set: SET }));
    if (call === "POST emergency/codes") return Promise.resolve(Response.json({ codes: ["aaaa-bbbb-cccc-dddd", "eeee-ffff-gggg-hhhh"] }, { status: 201 }));
    if (call.endsWith("/words")) return Promise.resolve(Response.json({ words: "Zacharias fell.", note: null }));
    return Promise.resolve(new Response(null, { status: 204 }));
  });
  render(<EmergenciesPage world={testWorld({ api })} me={{ role, account: "amy" } as Me} onHome={() => {}} onExpired={() => {}} />);
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

it("says which sealed codes are left and who used one, and shows other ones once", async () => {
  const user = userEvent.setup();
  const asked = show();
  await screen.findByText("1 code is left.");
  await screen.findByText(/Code 1: used by Bo/);
  await user.click(screen.getByRole("button", { name: "Make other codes" }));

  const codes = await screen.findByRole("list", { name: "Codes by their numbers" });
  expect(within(codes).getAllByRole("listitem").map((item) => item.textContent)).toEqual(["aaaa-bbbb-cccc-dddd", "eeee-ffff-gggg-hhhh"]);
  expect(asked).toContain("POST emergency/codes");
  await user.click(screen.getByRole("button", { name: "They are on paper" }));
  expect(screen.queryByText("aaaa-bbbb-cccc-dddd")).toBeNull();
});

it("lets nobody but owners make sealed codes", async () => {
  show("auditor");
  await screen.findByText("1 code is left.");
  expect(screen.queryByRole("button", { name: "Make other codes" })).toBeNull();
});
