import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { Api } from "../../../api/api.ts";
import type { Me } from "../../../api/wire.ts";
import { testWorld } from "../../../test-world.ts";
import { AnomaliesPage } from "./AnomaliesPage.tsx";

const GUESSES = {
  id: "f1",
  rule: "refused_sign_ins_of_account",
  found_at: "2026-11-26T08:00:00Z",
  count: 10,
  window_minutes: 15,
  subject: "bo",
  display_name: "Bo",
  network: null,
  review: null,
};
const OWN = { ...GUESSES, id: "f2", rule: "many_exports", subject: "amy", display_name: "Amy" };
const USUAL = { is_on: true, threshold: 10, window_minutes: 15 };
const RULES = {
  revision: 3,
  rules: [
    {
      rule: "refused_sign_ins_of_account",
      setting: USUAL,
      usual: USUAL,
      least_threshold: 3,
      most_threshold: 1000,
      shortest_window_minutes: 5,
      longest_window_minutes: 1440,
    },
  ],
};

function show(role: Me["role"]): string[] {
  const asked: string[] = [];
  const api = new Api((input, init) => {
    const call = `${init?.method ?? ""} ${String(input).replace("/api/v1/", "")}`;
    asked.push(`${call} ${String(init?.body ?? "")}`.trim());
    if (call === "GET admin/anomalies") return Promise.resolve(Response.json({ findings: [GUESSES, OWN], open: 2 }));
    if (call.endsWith("/rules")) return Promise.resolve(Response.json(RULES));
    return Promise.resolve(new Response(null, { status: 204 }));
  });
  render(<AnomaliesPage world={testWorld({ api })} me={{ role, account: "amy" } as Me} onHome={() => {}} onExpired={() => {}} />);
  return asked;
}

it("says what waits, and takes a review with its note", async () => {
  const user = userEvent.setup();
  const asked = show("auditor");
  await screen.findByText("2 findings wait for somebody to look at them.");
  await user.click(await screen.findByRole("button", { name: /Show the finding: Refused sign-ins to one account/ }));
  const sheet = await screen.findByRole("dialog", { name: "Refused sign-ins to one account" });
  await within(sheet).findByText(/10 within 15 min, about Bo/);
  await user.click(within(sheet).getByRole("button", { name: "Finish the review" }));
  expect(asked.some((call) => call.startsWith("POST"))).toBe(false);

  await user.selectOptions(within(sheet).getByLabelText("What came of it?"), "An incident");
  await user.type(within(sheet).getByLabelText("Note"), "Talked to Bo.");
  await user.click(within(sheet).getByRole("button", { name: "Finish the review" }));

  await waitFor(() => expect(asked).toContain('POST admin/anomalies/f1/review {"outcome":"incident","note":"Talked to Bo."}'));
});

it("lets an account manager review nothing", async () => {
  const user = userEvent.setup();
  show("account_manager");
  await user.click(await screen.findByRole("button", { name: /Show the finding: Refused sign-ins to one account/ }));
  const sheet = await screen.findByRole("dialog", { name: "Refused sign-ins to one account" });
  await within(sheet).findByText(/10 within 15 min, about Bo/);
  expect(within(sheet).queryByRole("button", { name: "Finish the review" })).toBeNull();
});

it("lets nobody review what is about themselves", async () => {
  const user = userEvent.setup();
  show("owner");
  await user.click(await screen.findByRole("button", { name: /Show the finding: Unusually many exports/ }));
  const sheet = await screen.findByRole("dialog", { name: "Unusually many exports" });
  await within(sheet).findByText(/It is about your own account/);
  expect(within(sheet).queryByRole("button", { name: "Finish the review" })).toBeNull();
});

it("shows the rules to an account manager without fields", async () => {
  show("account_manager");
  expect(await screen.findByText("From 10 within 15 min")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Save the rules" })).toBeNull();
});

it("keeps a rule within its bounds", async () => {
  const user = userEvent.setup();
  const asked = show("admin");
  const field = await screen.findByLabelText("From how many (3 to 1000)");
  await user.clear(field);
  await user.type(field, "2");
  await user.click(screen.getByRole("button", { name: "Save the rules" }));
  expect(await screen.findByText("Between 3 and 1000.")).toBeTruthy();
  expect(document.activeElement).toBe(field);
  expect(asked.some((call) => call.startsWith("PUT"))).toBe(false);

  await user.clear(field);
  await user.type(field, "5");
  await user.click(screen.getByRole("button", { name: "Save the rules" }));

  const setting = { is_on: true, threshold: 5, window_minutes: 15 };
  const body = JSON.stringify({ revision: 3, rules: [{ rule: "refused_sign_ins_of_account", setting }] });
  await waitFor(() => expect(asked).toContain(`PUT admin/anomalies/rules ${body}`));
});
