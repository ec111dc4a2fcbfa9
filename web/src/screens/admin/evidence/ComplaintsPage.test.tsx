import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { Api } from "../../../api/api.ts";
import type { Me } from "../../../api/wire.ts";
import { look } from "../../../test-accessible.ts";
import { testWorld } from "../../../test-world.ts";
import { ComplaintsPage } from "./ComplaintsPage.tsx";

const OPEN = { id: "c1", kind: "access", received_at: "2026-11-20T00:00:00Z", entered_at: "2026-11-21T08:00:00Z", entered_by_name: "Amy", closed: null };

function show(): string[] {
  const asked: string[] = [];
  const api = new Api((input, init) => {
    const call = `${init?.method ?? ""} ${String(input).replace("/api/v1/", "")}`;
    asked.push(`${call} ${String(init?.body ?? "")}`.trim());
    if (call === "GET complaints") return Promise.resolve(Response.json({ complaints: [OPEN], counts: { received: 1, open: 1, closed: 0 } }));
    if (call.endsWith("/words")) return Promise.resolve(Response.json({ words: "Zacharias wants to see it.", note: null }));
    return Promise.resolve(new Response(null, { status: 204 }));
  });
  render(<ComplaintsPage world={testWorld({ api })} me={{ role: "account_manager" } as Me} onHome={() => {}} onExpired={() => {}} />);
  return asked;
}

// Shows: REQ-AD-12.
it("shows what was said only to who asks for it, and closes with an outcome and a note", async () => {
  const user = userEvent.setup();
  const asked = show();
  await screen.findByText("1 received, 1 open, 0 closed.");
  await user.click(screen.getByRole("button", { name: /^Show: To see what is kept/ }));
  const sheet = await screen.findByRole("dialog", { name: "Complaint or request" });
  expect(asked.some((call) => call.endsWith("/words"))).toBe(false);

  await user.click(within(sheet).getByRole("button", { name: "Read what was said" }));
  await within(sheet).findByText("Zacharias wants to see it.");
  await look();
  await user.click(within(sheet).getByRole("button", { name: "Close it" }));
  expect(asked.some((call) => call.startsWith("POST"))).toBe(false);
  await user.selectOptions(within(sheet).getByLabelText("What became of it"), "resolved");
  await user.type(within(sheet).getByLabelText("What was done and answered"), "Sent.");
  await user.click(within(sheet).getByRole("button", { name: "Close it" }));

  await waitFor(() => expect(asked).toContain('POST complaints/c1/close {"outcome":"resolved","note":"Sent."}'));
});
