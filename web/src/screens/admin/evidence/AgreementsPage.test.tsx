import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { Api } from "../../../api/api.ts";
import type { AccountRole, Agreement, Me } from "../../../api/wire.ts";
import { look } from "../../../test-accessible.ts";
import { testWorld } from "../../../test-world.ts";
import { AgreementsPage } from "./AgreementsPage.tsx";

const HOSTING: Agreement = {
  id: "018f3a5c-0000-7000-8000-000000000001",
  party: "Lindenhof Hosting",
  state: "signed",
  signed_at: "2026-01-05T00:00:00Z",
  ends_at: null,
  document: null,
  is_in_force: true,
  changed_at: "2026-01-06T08:00:00Z",
  versions: [],
};

function show(role: AccountRole): string[] {
  const sent: string[] = [];
  const api = new Api((input, init) => {
    const asked = `${init?.method ?? ""} ${String(input).replace("/api/v1/", "")}`;
    if (init?.method === "GET") return Promise.resolve(Response.json({ agreements: [HOSTING], is_missing: false }));
    sent.push(`${asked} ${String(init?.body ?? "")}`.trim());
    return Promise.resolve(new Response(null, { status: 204 }));
  });
  render(<AgreementsPage world={testWorld({ api })} me={{ role } as Me} onHome={() => {}} onExpired={() => {}} />);
  return sent;
}

it("takes an agreement that is signed with the day on which it was", async () => {
  const user = userEvent.setup();
  const sent = show("owner");
  await user.click(await screen.findByRole("button", { name: "Enter an agreement" }));
  const sheet = within(await screen.findByRole("dialog", { name: "Enter an agreement" }));
  await user.type(sheet.getByLabelText("Company"), "Riverside Mail");
  await user.click(sheet.getByRole("button", { name: "Keep it" }));
  expect(document.activeElement).toBe(sheet.getByLabelText("Signed on"));
  expect(sent).toEqual([]);
  await look();

  await user.type(sheet.getByLabelText("Signed on"), "2026-02-01");
  await user.click(sheet.getByRole("button", { name: "Keep it" }));

  await waitFor(() => expect(sent).toEqual(['POST agreements {"party":"Riverside Mail","state":"signed","signed_at":"2026-02-01T00:00:00Z","ends_at":null,"document":null}']));
});

it("changes what the register says of one, from what it says", async () => {
  const user = userEvent.setup();
  const sent = show("admin");
  await user.click(await screen.findByRole("button", { name: "Change the agreement with Lindenhof Hosting" }));
  const sheet = within(await screen.findByRole("dialog", { name: "Change the agreement" }));
  expect(sheet.getByLabelText<HTMLInputElement>("Company").value).toBe("Lindenhof Hosting");

  await user.selectOptions(sheet.getByLabelText("How it stands"), "Ended");
  await look();
  await user.click(sheet.getByRole("button", { name: "Keep it" }));

  await waitFor(() => expect(sent[0]).toMatch(`PUT agreements/${HOSTING.id} {"party":"Lindenhof Hosting","state":"ended"`));
});

it("lets an auditor read", async () => {
  show("auditor");

  expect(await screen.findByRole("heading", { name: "Lindenhof Hosting" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: /agreement/ })).toBeNull();
});
