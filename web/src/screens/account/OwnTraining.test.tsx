import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { Api } from "../../api/api.ts";
import { OwnTraining } from "./OwnTraining.tsx";

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

function show(trainings: readonly object[]): string[] {
  const asked: string[] = [];
  let acknowledgedAt: string | null = null;
  const api = new Api((input, init) => {
    const call = `${init?.method ?? ""} ${String(input).replace("/api/v1/", "")}`;
    asked.push(call);
    if (call === "GET account/trainings") return Promise.resolve(Response.json({ trainings: trainings.map((one) => ({ ...one, acknowledged_at: acknowledgedAt })) }));
    acknowledgedAt = "2026-01-07T08:00:00Z";
    return Promise.resolve(new Response(null, { status: 204 }));
  });
  render(<OwnTraining api={api} />);
  return asked;
}

// Shows: REQ-AD-02.
it("asks whom it is about to say that it was so, once", async () => {
  const asked = show([DONE]);

  await userEvent.setup().click(await screen.findByRole("button", { name: "Say that you took part: Passcodes" }));

  await screen.findByText(/^You said on .* that you took part\.$/);
  expect(asked).toContain("POST account/trainings/t1/acknowledge");
  expect(screen.queryByRole("button")).toBeNull();
});

it("is nothing to see for who has none on record", async () => {
  const asked = show([]);

  await waitFor(() => expect(asked).toEqual(["GET account/trainings"]));
  expect(screen.queryByText("Your training")).toBeNull();
});
