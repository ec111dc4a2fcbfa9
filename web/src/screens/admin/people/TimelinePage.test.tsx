import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { Api } from "../../../api/api.ts";
import type { Me } from "../../../api/wire.ts";
import { testWorld } from "../../../test-world.ts";
import { TimelinePage } from "./TimelinePage.tsx";

const TIMELINE = {
  account: "bo",
  display_name: "Bo",
  from: "2026-11-20T00:00:00Z",
  to: "2026-11-27T00:00:00Z",
  deeds: [
    { at: "2026-11-26T09:00:00Z", event: "user.change_role", outcome: "done", reason: null, is_theirs: false, by: "Amy", about: null },
    { at: "2026-11-26T08:00:00Z", event: "meeting.lock", outcome: "refused", reason: "role", is_theirs: true, by: null, about: { kind: "meeting", id: "0199-abcd1234", display_name: null } },
  ],
  is_cut: true,
  next: "0199-0001",
};

it("tells what somebody did and what was done to them, and goes on to what is older", async () => {
  const asked: string[] = [];
  const api = new Api((input) => {
    asked.push(String(input).replace("/api/v1/", ""));
    return Promise.resolve(Response.json(TIMELINE));
  });
  render(<TimelinePage world={testWorld({ api })} me={{ role: "auditor" } as Me} account="bo" onHome={() => {}} onExpired={() => {}} />);

  expect(await screen.findByRole("heading", { name: "Timeline of Bo" })).toBeTruthy();
  expect(screen.getByText("By Amy")).toBeTruthy();
  expect(screen.getByText(/About meeting abcd1234/)).toBeTruthy();
  expect(asked[0]).toMatch(/^admin\/people\/bo\/timeline\?from=/);

  await userEvent.click(screen.getByRole("button", { name: "Show older deeds" }));

  expect(await screen.findAllByText("By Amy")).toHaveLength(2);
  expect(asked[1]).toMatch(/before=0199-0001$/);
});

it("tells what somebody lost when their account was suspended", async () => {
  const leaving = { at: "2026-11-26T10:00:00Z", event: "user.suspend", by: "Amy", put_out: 2, meetings_ended: 1, support_ended: 0, programs_ended: 1 };
  const api = new Api(() => Promise.resolve(Response.json({ ...TIMELINE, next: null, leaving })));
  render(<TimelinePage world={testWorld({ api })} me={{ role: "auditor" } as Me} account="bo" onHome={() => {}} onExpired={() => {}} />);

  expect(await screen.findByRole("heading", { name: /^Suspended/ })).toBeTruthy();
  expect(screen.getByText("Put out of 2 meetings.")).toBeTruthy();
  expect(screen.getByText("The key of 1 program ended.")).toBeTruthy();
});
