import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { Api } from "../../../api/api.ts";
import type { AccountRole, Me } from "../../../api/wire.ts";
import { look } from "../../../test-accessible.ts";
import { testWorld } from "../../../test-world.ts";
import { RisksPage } from "./RisksPage.tsx";

const RISK = {
  id: "insider",
  threat: "Somebody with rights loosens a setting.",
  asset: "Settings",
  affects: ["confidentiality", "integrity"],
  likelihood: "moderate",
  impact: "high",
  level: "high",
  claims: ["access.roles"],
  organisation: "Read the record.",
  residual: "moderate",
  assessment: null,
};

function show(role: AccountRole): string[] {
  const sent: string[] = [];
  const api = new Api((input, init) => {
    const asked = `${init?.method ?? ""} ${String(input).replace("/api/v1/", "")}`;
    if (init?.method !== "GET") sent.push(`${asked} ${String(init?.body ?? "")}`.trim());
    return Promise.resolve(Response.json(init?.method === "GET" ? { risks: [RISK], open: 1 } : RISK));
  });
  render(<RisksPage world={testWorld({ api })} me={{ role } as Me} onHome={() => {}} onExpired={() => {}} />);
  return sent;
}

// Shows: REQ-AD-04.
it("says what is left of a risk, and takes what the organisation makes of it with a reason and a day", async () => {
  const user = userEvent.setup();
  const sent = show("owner");
  const row = await screen.findByRole("region", { name: RISK.threat });
  expect(within(row).getByText(/Likelihood moderate, impact high: high\. Left: moderate\./)).toBeTruthy();
  expect(screen.getByText("1 risk has no assessment, or one that is out of date.")).toBeTruthy();

  await user.click(within(row).getByRole("button", { name: `Assess: ${RISK.threat}` }));
  const sheet = await screen.findByRole("dialog", { name: "Assess a risk" });
  await user.selectOptions(within(sheet).getByLabelText("What you do about it"), "reduced");
  await user.type(within(sheet).getByLabelText("Why, and what you do"), "We are few.");
  await user.click(within(sheet).getByRole("button", { name: "Sign" }));
  expect(sent).toEqual([]);
  await look();
  await user.type(within(sheet).getByLabelText("Look at it again on"), "2027-11-26");
  await user.click(within(sheet).getByRole("button", { name: "Sign" }));

  await waitFor(() =>
    expect(sent).toEqual(['PUT risks/insider {"choice":"reduced","likelihood":"moderate","impact":"high","reason":"We are few.","next_look_at":"2027-11-26T00:00:00Z"}']),
  );
});

it("offers no assessment to who may not make one, and no complaints to who may not keep them", async () => {
  show("auditor");
  await screen.findByRole("region", { name: RISK.threat });
  await look();

  expect(screen.queryByRole("button", { name: /^Assess/ })).toBeNull();
  expect(screen.queryByRole("link", { name: "Complaints" })).toBeNull();
});
