import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { Api } from "../../../api/api.ts";
import type { AccountRole, Me } from "../../../api/wire.ts";
import { look } from "../../../test-accessible.ts";
import { testWorld } from "../../../test-world.ts";
import { PeoplePage } from "./PeoplePage.tsx";

const AMARA = { account: "a", email: "amara@lindenhof.example", display_name: "Amara", role: "owner", state: "active", is_locked: false, created_at: "2026-11-22T08:00:00Z" };
const BO = { ...AMARA, account: "b", email: "bo@lindenhof.example", display_name: "Bo Lindqvist", role: "member" };
const CY = { ...BO, account: "c", email: "cy@lindenhof.example", display_name: "Cy Tanaka", state: "pending" };
const DI = { id: "d", email: "di@lindenhof.example", role: "auditor", invited_at: AMARA.created_at, expires_at: "2026-11-29T08:00:00Z" };

interface Shown {
  asked: string[];
  onExpired: () => void;
}

function show(role: AccountRole, refuse: Record<string, string> = {}): Shown {
  const asked: string[] = [];
  const api = new Api((input, init) => {
    const request = `${init?.method} ${String(input).replace("/api/v1/", "")}`;
    if (init?.method !== "GET") asked.push(`${request} ${String(init?.body ?? "")}`.trim());
    const code = refuse[request];
    if (request === "GET account/sign-in") return Promise.resolve(Response.json({ second_factor_mandatory: true, totp: AMARA.created_at, passkeys: [], recovery_codes: 9, step_up_due: true, has_password: true }));
    if (request === "POST session/step-up") for (const key of Object.keys(refuse)) delete refuse[key];
    if (code !== undefined) return Promise.resolve(Response.json({ code }, { status: code === "not_signed_in" ? 401 : 409 }));
    if (request === "GET people") return Promise.resolve(Response.json({ people: [AMARA, BO, CY], invitations: [DI], sends_mail: false }));
    if (request === "POST invitations") return Promise.resolve(Response.json({ invitation: DI, link: "https://meet.example/invited#secret" }, { status: 201 }));
    return Promise.resolve(new Response(null, { status: 204 }));
  });
  const onExpired = vi.fn();
  const me = { account: "a", display_name: "Amara", role } as Me;
  render(<PeoplePage world={testWorld({ api })} me={me} onHome={vi.fn()} onExpired={onExpired} />);
  return { asked, onExpired };
}

async function choose(name: string, what: string): Promise<void> {
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: `Change ${name}` }));
  await user.click(await screen.findByRole("menuitem", { name: what }));
}

describe("the page of people", () => {
  it("shows who waits first, and offers nothing for one’s own account", async () => {
    show("owner");

    const rows = await screen.findAllByRole("row");
    const names = rows.slice(1).map((row) => within(row).getByRole("rowheader").textContent);
    expect(names).toEqual(["Cy Tanakacy@lindenhof.example", "Amaraamara@lindenhof.example", "Bo Lindqvistbo@lindenhof.example", "di@lindenhof.example"]);
    expect(screen.queryByRole("button", { name: "Change Amara" })).toBeNull();
    expect(screen.getByText("Waits for approval")).toBeTruthy();
    await look();
  });

  it("asks before it suspends somebody, and says what follows", async () => {
    const { asked } = show("owner");

    await choose("Bo Lindqvist", "Suspend");
    const sheet = await screen.findByRole("alertdialog", { name: "Suspend Bo Lindqvist?" });
    expect(within(sheet).getByText(/leave every meeting at once/)).toBeTruthy();
    expect(asked).toEqual([]);
    await look();
    await userEvent.setup().click(within(sheet).getByRole("button", { name: "Suspend" }));

    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    expect(asked).toEqual(["POST people/b/suspend"]);
  });

  it("approves at once, and says when somebody else was first", async () => {
    const { asked } = show("owner", { "POST people/c/approve": "account_state" });

    await choose("Cy Tanaka", "Approve");

    expect(await screen.findByText(/Somebody else changed this account/)).toBeTruthy();
    expect(asked).toEqual(["POST people/c/approve"]);
  });

  it("asks who sits there where the server wants to know, and then does it", async () => {
    const { asked } = show("owner", { "POST people/c/approve": "step_up_required" });
    const user = userEvent.setup();

    await choose("Cy Tanaka", "Approve");
    const sheet = await screen.findByRole("dialog", { name: "Is it you?" });
    await user.type(within(sheet).getByLabelText("Password"), "seven quiet herons at dawn");
    await user.type(within(sheet).getByLabelText("Six digits"), "123456{Enter}");

    await waitFor(() => expect(asked.filter((request) => request === "POST people/c/approve")).toHaveLength(2));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("voids somebody’s lost second step after it was asked, and ends a lock at once", async () => {
    BO.is_locked = true;
    const { asked } = show("owner");
    expect(await screen.findByText("Locked out")).toBeTruthy();

    await choose("Bo Lindqvist", "Unlock");
    await choose("Bo Lindqvist", "Reset the second step");
    const sheet = await screen.findByRole("alertdialog", { name: "Reset the second step of Bo Lindqvist?" });
    expect(within(sheet).getByText("bo@lindenhof.example")).toBeTruthy();
    await userEvent.setup().click(within(sheet).getByRole("button", { name: "Reset" }));

    await waitFor(() => expect(asked).toEqual(["POST people/b/unlock", "POST people/b/reset-factors"]));
    BO.is_locked = false;
  });

  it("changes a role", async () => {
    const { asked } = show("owner");

    await choose("Bo Lindqvist", "Change role");
    const sheet = await screen.findByRole("dialog", { name: "Role of Bo Lindqvist" });
    const user = userEvent.setup();
    await user.selectOptions(within(sheet).getByLabelText("Role"), "Auditor");
    await look();
    await user.click(within(sheet).getByRole("button", { name: "Save" }));

    await waitFor(() => expect(asked).toEqual(['POST people/b/role {"role":"auditor"}']));
  });

  it("shows an invitation’s link this once where the server sends no mail", async () => {
    const { asked } = show("admin");
    const user = userEvent.setup();

    await user.click(await screen.findByRole("button", { name: "Invite somebody" }));
    const sheet = await screen.findByRole("dialog", { name: "Invite somebody" });
    expect(within(sheet).queryByRole("option", { name: "Owner" })).toBeNull();
    await user.type(within(sheet).getByLabelText("E-mail"), "ed@lindenhof.example{Enter}");

    expect(await within(sheet).findByText("https://meet.example/invited#secret")).toBeTruthy();
    expect(asked).toEqual(['POST invitations {"email":"ed@lindenhof.example","role":"member"}']);
  });

  it("offers nothing to whoever may only look", async () => {
    show("auditor");

    expect(await screen.findByText("Bo Lindqvist")).toBeTruthy();
    expect(screen.queryByRole("button", { name: /^Change|^Invite/ })).toBeNull();
  });

  it("leads to signing in again when the session has ended", async () => {
    const { onExpired } = show("owner", { "GET people": "not_signed_in" });

    await waitFor(() => expect(onExpired).toHaveBeenCalled());
  });
});
