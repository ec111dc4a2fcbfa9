import { describe, expect, it } from "vitest";

import { TestBrowser, VaultServer } from "../test-vault.ts";
import type { Vault, VaultState } from "./vault.ts";

const FRAGMENT = `${"A".repeat(43)}.${"B".repeat(43)}`;
const MEETING = { meeting: "018f3a5c-0000-7000-8000-000000000900", fragment: FRAGMENT, passcode: null, until: 2_000_000_000 };

interface Scene {
  server: VaultServer;
  desk: TestBrowser;
  phone: TestBrowser;
  /** A page of the desk's, with the vault open. */
  first: Vault;
}

/** A desk that made the vault, and a phone that did nothing yet. */
async function scene(): Promise<Scene> {
  const server = new VaultServer();
  const desk = new TestBrowser(server, "Firefox on Linux");
  const first = desk.page();
  await first.refresh();
  return { server, desk, phone: new TestBrowser(server, "Chrome on Android"), first };
}

/** The code that a browser shows which asks to be added. */
async function asking(vault: Vault): Promise<string> {
  const state = await vault.refresh();
  await vault.ask();
  return state.at === "outside" ? state.code : "";
}

async function added(first: Vault, vault: Vault): Promise<VaultState> {
  await first.approve(await asking(vault));
  return await vault.refresh();
}

function labels(state: VaultState): string[] {
  return state.at === "open" ? state.content.devices.filter(({ removed }) => removed === null).map(({ label, isThis }) => (isThis ? `${label} (this)` : label)) : [];
}

describe("an account's first browser", () => {
  it("makes the vault, and opens it again on its next page with the same key", async () => {
    const { desk, first } = await scene();
    const before = first.state.get();
    const after = await desk.page().refresh();

    expect(labels(after)).toEqual(["Firefox on Linux (this)"]);
    expect(after.at === "open" && before.at === "open" && after.content.hostKey === before.content.hostKey).toBe(true);
  });

  it("keeps meetings in it, and forgets them", async () => {
    const { desk, first } = await scene();
    await first.keep([MEETING]);

    expect(await desk.page().fragmentOf(MEETING.meeting)).toBe(FRAGMENT);
    await first.forget([MEETING.meeting]);
    expect(await desk.page().fragmentOf(MEETING.meeting)).toBeNull();
  });

  it("is outside where another one was first", async () => {
    const server = new VaultServer();
    const [desk, phone] = [new TestBrowser(server, "Desk"), new TestBrowser(server, "Phone")].map((browser) => browser.page());
    server.before = async () => void (await phone?.refresh());
    await desk?.refresh();

    expect([desk?.state.get().at, phone?.state.get().at]).toEqual(["outside", "open"]);
  });
});

describe("another browser", () => {
  it("comes in by its code, with the account's key and what opens its meetings", async () => {
    const { server, phone, first } = await scene();
    await first.keep([MEETING]);
    const vault = phone.page();
    const state = await added(first, vault);

    expect(labels(state)).toEqual(["Firefox on Linux", "Chrome on Android (this)"]);
    expect(await vault.fragmentOf(MEETING.meeting)).toBe(FRAGMENT);
    expect(server.served.requests).toEqual([]);
    const [one, other] = [first.state.get(), state];
    expect(one.at === "open" && other.at === "open" && one.content.hostKey === other.content.hostKey).toBe(true);
  });

  it("shows the same code while it waits, whatever changes in the vault", async () => {
    const { phone, first } = await scene();
    const vault = phone.page();
    const code = await asking(vault);
    await first.keep([MEETING]);
    const state = await vault.refresh();

    expect(state).toMatchObject({ at: "outside", code, asked: "yes" });
  });

  it("is not let in by another code, nor where nobody asks", async () => {
    const { phone, first } = await scene();
    await expect(first.approve("ABCD-EFGH-JKMN")).rejects.toMatchObject({ code: "no_device_request" });
    const vault = phone.page();
    await asking(vault);
    await expect(first.approve("ABCD-EFGH-JKMN")).rejects.toMatchObject({ code: "code_wrong" });

    expect((await vault.refresh()).at).toBe("outside");
  });

  it("is told when its request is gone", async () => {
    const { server, phone } = await scene();
    const vault = phone.page();
    await asking(vault);
    server.served.requests = [];

    expect(await vault.refresh()).toMatchObject({ at: "outside", asked: "too_late" });
  });

  it("comes in by the recovery code, and by no other", async () => {
    const { server, phone, first } = await scene();
    const old = await first.renewCode();
    const code = await first.renewCode();
    const vault = phone.page();
    await vault.refresh();
    await expect(vault.recover(old)).rejects.toMatchObject({ code: "code_wrong" });
    await vault.recover(code);

    expect(labels(vault.state.get())).toEqual(["Firefox on Linux", "Chrome on Android (this)"]);
    expect(server.served.devices).toHaveLength(2);
  });

  it("opens nothing any more when it was removed, and can ask anew", async () => {
    const { phone, first } = await scene();
    const vault = phone.page();
    const state = await added(first, vault);
    const key = state.at === "open" ? (state.content.devices.find(({ isThis }) => isThis)?.key ?? "") : "";
    await first.remove(key);

    expect(await vault.refresh()).toMatchObject({ at: "outside", wasRemoved: true });
    expect(labels(first.state.get())).toEqual(["Firefox on Linux (this)"]);
    expect(labels(await added(first, phone.page()))).toEqual(["Firefox on Linux", "Chrome on Android (this)"]);
  });
});

describe("two browsers that change it at once", () => {
  it("both have their way, one after the other", async () => {
    const { server, phone, first } = await scene();
    const vault = phone.page();
    await added(first, vault);
    const other = { ...MEETING, meeting: "018f3a5c-0000-7000-8000-000000000901" };
    server.before = () => vault.keep([other]);
    await first.keep([MEETING]);

    for (const { meeting } of [MEETING, other]) expect(await phone.page().fragmentOf(meeting)).toBe(FRAGMENT);
  });
});

describe("a server that takes something back", () => {
  it("is found out by whoever has seen more, and believed when a person says so", async () => {
    const { server, desk, first } = await scene();
    const older = structuredClone(server.served);
    await first.keep([MEETING]);
    server.served = older;

    const page = desk.page();
    expect((await page.refresh()).at).toBe("rolled_back");
    await expect(page.keep([MEETING])).rejects.toMatchObject({ code: "vault_not_open" });
    await page.accept();
    expect(page.state.get().at).toBe("open");
  });

  it("does not get another vault made by hiding the first", async () => {
    const { server, desk } = await scene();
    server.served = { vault: null, devices: [], requests: [] };

    expect((await desk.page().refresh()).at).toBe("rolled_back");
    expect(server.changes).toBe(1);
  });

  it("opens nothing of its own making", async () => {
    const { server, desk } = await scene();
    const { vault } = server.served;
    if (vault !== null && vault !== undefined) server.served.vault = { ...vault, sealed: `${vault.sealed.slice(0, -4)}AAAA` };

    expect((await desk.page().refresh()).at).toBe("broken");
  });
});

it("a server that can't be reached changes nothing, and what was to be kept is kept later", async () => {
  const { server, first } = await scene();
  server.isReachable = false;
  await expect(first.keep([MEETING])).rejects.toMatchObject({ code: "offline" });
  server.isReachable = true;

  await first.keep([MEETING]);
  expect(await first.fragmentOf(MEETING.meeting)).toBe(FRAGMENT);
});
