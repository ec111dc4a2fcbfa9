import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import type { Me } from "../../api/wire.ts";
import type { Vault } from "../../call/vault.ts";
import { look } from "../../test-accessible.ts";
import { ACCOUNT, TestBrowser, VaultServer } from "../../test-vault.ts";
import { testWorld } from "../../test-world.ts";
import { AccountPage } from "./AccountPage.tsx";

const me = { account: ACCOUNT, display_name: "Amara" } as Me;

function show(vault: Vault): void {
  render(<AccountPage world={testWorld({ vault: () => vault })} me={me} onHome={vi.fn()} onExpired={vi.fn()} />);
}

/** A server with a vault that a desk made. */
async function withDesk(): Promise<{ server: VaultServer; desk: TestBrowser; first: Vault }> {
  const server = new VaultServer();
  const desk = new TestBrowser(server, "Firefox on Linux");
  const first = desk.page();
  await first.refresh();
  return { server, desk, first };
}

describe("an account's only browser", () => {
  it("is shown with a warning, and can't be removed", async () => {
    const { first } = await withDesk();
    show(first);

    expect(await screen.findByRole("heading", { name: "Firefox on Linux" })).toBeTruthy();
    expect(screen.getByText(/This is your only one/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: /^Remove/ })).toBeNull();
  });

  it("makes a recovery code that is shown once", async () => {
    const { first } = await withDesk();
    show(first);
    const user = userEvent.setup();

    await user.click(await screen.findByRole("button", { name: "Make a recovery code" }));
    const sheet = await screen.findByRole("alertdialog");
    expect(within(sheet).getByRole("img").getAttribute("aria-label")).toMatch(/^Recovery code: ([0-9A-Z] ?){4}(, ([0-9A-Z] ?){4}){6}$/);
    await look();
    await user.click(within(sheet).getByRole("button", { name: "I have written it down" }));

    expect(await screen.findByRole("button", { name: "Make another one" })).toBeTruthy();
    expect(screen.queryByText(/This is your only one/)).toBeNull();
  });
});

describe("another browser", () => {
  it("shows its code, is added by it, and can be removed", async () => {
    const { server, first } = await withDesk();
    const phone = new TestBrowser(server, "Chrome on Android").page();
    const state = await phone.refresh();
    await phone.ask();
    show(first);
    const user = userEvent.setup();
    expect(await screen.findByText(/^1 browser asks to be added/)).toBeTruthy();

    const field = screen.getByLabelText("Code on the other browser");
    await user.type(field, "ABCD-EFGH-JKMN{Enter}");
    expect(await screen.findByText(/This code is not right/)).toBeTruthy();
    await user.clear(field);
    await user.type(field, `${state.at === "outside" ? state.code.toLowerCase() : ""}{Enter}`);
    expect(await screen.findByText("The browser was added.")).toBeTruthy();

    await user.click(await screen.findByRole("button", { name: "Remove Chrome on Android" }));
    const remove = await screen.findByRole("button", { name: "Remove" });
    await look();
    await user.click(remove);
    await waitFor(() => expect(screen.getByText(/^Removed /)).toBeTruthy());
    expect((await phone.refresh()).at).toBe("outside");
  });

  it("asks by itself, and says how to go on", async () => {
    const { server, first } = await withDesk();
    const phone = new TestBrowser(server, "Chrome on Android").page();
    show(phone);
    const code = (await screen.findByRole("img", { name: /^Code of this browser/ })).textContent ?? "";
    expect(code).toMatch(/^[0-9A-Z]{12}$/);
    expect(screen.getByText(/Waiting for the other browser/)).toBeTruthy();

    await first.approve(code);
    await phone.refresh();
    expect(await screen.findByRole("heading", { name: "Your browsers" })).toBeTruthy();
  });

  it("comes in by the recovery code, after a wrong one was refused", async () => {
    const { server, first } = await withDesk();
    const code = await first.renewCode();
    show(new TestBrowser(server, "Chrome on Android").page());
    const user = userEvent.setup();
    const field = await screen.findByLabelText("Recovery code");

    await user.type(field, "0000-0000-0000-0000-0000-0000-0000{Enter}");
    expect(await screen.findByText(/This code is not right/)).toBeTruthy();
    await user.clear(field);
    await user.type(field, `${code}{Enter}`);

    expect(await screen.findByRole("heading", { name: "Chrome on Android" })).toBeTruthy();
  });
});

describe("a vault that can't be opened", () => {
  it("is said to be older, and opened when a person says that it was a backup", async () => {
    const { server, desk, first } = await withDesk();
    const older = structuredClone(server.served);
    await first.renewCode();
    server.served = older;
    show(desk.page());

    await userEvent.setup().click(await screen.findByRole("button", { name: "It was a backup: go on" }));
    expect(await screen.findByRole("heading", { name: "Firefox on Linux" })).toBeTruthy();
  });

  it("is said to be damaged", async () => {
    const { server, desk } = await withDesk();
    if (server.served.vault) server.served.vault.sealed = "AAAA";
    show(desk.page());

    expect(await screen.findByText("Your vault can’t be opened")).toBeTruthy();
  });

  it("is said to be out of reach", async () => {
    const { server, desk } = await withDesk();
    server.isReachable = false;
    show(desk.page());

    expect(await screen.findByText(/^The server can’t be reached/)).toBeTruthy();
  });
});
