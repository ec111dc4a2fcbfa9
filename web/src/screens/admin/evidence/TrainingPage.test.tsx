import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { Api } from "../../../api/api.ts";
import type { AccountRole, Me } from "../../../api/wire.ts";
import { look } from "../../../test-accessible.ts";
import { testWorld } from "../../../test-world.ts";
import { TrainingPage } from "./TrainingPage.tsx";

const DONE = {
  id: "t1",
  account: "bo",
  display_name: "Bo",
  topic: "Passcodes",
  completed_at: "2026-01-05T00:00:00Z",
  good_until: "2027-01-05T00:00:00Z",
  entered_at: "2026-01-06T08:00:00Z",
  entered_by_name: "Amy",
  withdrawn_at: null,
};
const PEOPLE = [{ account: "bo", display_name: "Bo", state: "active" }];

function show(role: AccountRole): string[] {
  const asked: string[] = [];
  const api = new Api((input, init) => {
    const call = `${init?.method ?? ""} ${String(input).replace("/api/v1/", "")}`;
    asked.push(`${call} ${String(init?.body ?? "")}`.trim());
    if (call === "GET trainings") return Promise.resolve(Response.json({ trainings: [DONE], overdue: [{ account: "cy", display_name: "Cy", good_until: null }], people_overdue: 1 }));
    if (call === "GET people") return Promise.resolve(Response.json({ people: PEOPLE, invitations: [] }));
    if (call === "POST trainings") return Promise.resolve(Response.json(DONE, { status: 201 }));
    return Promise.resolve(new Response(null, { status: 204 }));
  });
  render(<TrainingPage world={testWorld({ api })} me={{ role } as Me} onHome={() => {}} onExpired={() => {}} />);
  return asked;
}

// Shows: REQ-AD-02.
it("says whose training is missing, enters one, and takes back what was a mistake", async () => {
  const user = userEvent.setup();
  const asked = show("account_manager");
  await screen.findByText("The training of 1 person is over or not on record.");
  screen.getByText("Cy: none on record");
  await user.click(screen.getByRole("button", { name: "Take back: Passcodes, Bo" }));
  await waitFor(() => expect(asked).toContain("POST trainings/t1/withdraw"));

  await user.click(screen.getByRole("button", { name: "Enter a training" }));
  const sheet = await screen.findByRole("dialog", { name: "Enter a training" });
  await look();
  await user.type(within(sheet).getByLabelText("What in"), "Links");
  await user.type(within(sheet).getByLabelText("Completed on"), "2026-02-01");
  await user.type(within(sheet).getByLabelText("Good until"), "2027-02-01");
  await user.click(within(sheet).getByRole("button", { name: "Enter it" }));

  const body = '{"account":"bo","topic":"Links","completed_at":"2026-02-01T00:00:00Z","good_until":"2027-02-01T00:00:00Z"}';
  await waitFor(() => expect(asked).toContain(`POST trainings ${body}`));
});

it("lets an auditor read", async () => {
  show("auditor");
  await screen.findByRole("table", { name: "Trainings" });
  expect(screen.queryByRole("button", { name: "Enter a training" })).toBeNull();
  expect(screen.queryByRole("button", { name: /Take back/ })).toBeNull();
});
