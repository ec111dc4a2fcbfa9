import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { Api } from "../../../api/api.ts";
import type { AccountRole, Me } from "../../../api/wire.ts";
import { look } from "../../../test-accessible.ts";
import { testWorld } from "../../../test-world.ts";
import { ProgramsPage } from "./ProgramsPage.tsx";

const DIRECTORY = {
  id: "d",
  name: "Entra",
  scopes: ["scim"],
  made_by: "a",
  made_by_name: "Amara",
  created_at: "2026-11-22T08:00:00Z",
  expires_at: "2027-02-20T08:00:00Z",
  last_used_on: "2026-11-25T00:00:00Z",
  state: "active",
};
const OLD = { ...DIRECTORY, id: "o", name: "Wall board", scopes: ["meetings:read"], last_used_on: undefined, state: "expired" };

function show(role: AccountRole): { sent: string[]; copied: string[] } {
  const sent: string[] = [];
  const copied: string[] = [];
  const api = new Api((input, init) => {
    const asked = `${init?.method ?? ""} ${String(input).replace("/api/v1/", "")}`;
    if (init?.method !== "GET") sent.push(`${asked} ${String(init?.body ?? "")}`.trim());
    if (asked === "GET programs") return Promise.resolve(Response.json({ programs: [DIRECTORY, OLD] }));
    if (asked === "POST programs") return Promise.resolve(Response.json({ program: DIRECTORY, key: "ccl_secret" }, { status: 201 }));
    return Promise.resolve(new Response(null, { status: 204 }));
  });
  const copy = (text: string): Promise<boolean> => {
    copied.push(text);
    return Promise.resolve(true);
  };
  render(<ProgramsPage world={testWorld({ api, copy })} me={{ role } as Me} onHome={() => {}} onExpired={() => {}} />);
  return { sent, copied };
}

it("makes a program that may what was ticked, and shows its key once", async () => {
  const user = userEvent.setup();
  const { sent, copied } = show("owner");
  await user.click(await screen.findByRole("button", { name: "Make a program" }));
  let sheet = await screen.findByRole("dialog", { name: "Make a program" });
  await user.type(within(sheet).getByLabelText("Name of the program"), "Okta");
  await user.click(within(sheet).getByRole("button", { name: "Make it" }));
  expect(await within(sheet).findByText("Tick at least one.")).toBeTruthy();
  expect(sent).toEqual([]);
  await look();

  await user.click(within(sheet).getByRole("switch", { name: "Bring and remove people (SCIM)" }));
  await user.click(within(sheet).getByRole("button", { name: "Make it" }));

  sheet = await screen.findByRole("alertdialog", { name: "The key of “Okta”" });
  await look();
  expect(sent).toEqual(['POST programs {"name":"Okta","scopes":["scim"],"days":90}']);
  await user.click(within(sheet).getByRole("button", { name: "Copy the key" }));
  expect(copied).toEqual(["ccl_secret"]);
  const close = within(sheet).getAllByRole("button", { name: "Close" });
  await user.click(close[close.length - 1] as HTMLElement);
  await waitFor(() => expect(screen.queryByText("ccl_secret")).toBeNull());
});

it("says what follows before it revokes, and only what can be revoked", async () => {
  const user = userEvent.setup();
  const { sent } = show("admin");
  await user.click(await screen.findByRole("button", { name: "Revoke Entra" }));
  const sheet = await screen.findByRole("alertdialog", { name: "Revoke “Entra”?" });
  expect(within(sheet).getByText(/stops working at once/)).toBeTruthy();
  await look();
  expect(sent).toEqual([]);

  await user.click(within(sheet).getByRole("button", { name: "Revoke" }));

  await waitFor(() => expect(sent).toEqual(["DELETE programs/d"]));
  expect(screen.queryByRole("button", { name: "Revoke Wall board" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Make a program" })).toBeNull();
  expect(screen.getByText("Nov 25, 2026")).toBeTruthy();
});
