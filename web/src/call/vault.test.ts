import { describe, expect, it } from "vitest";

import { fromUuid, toBase64Url } from "../e2ee/bytes.ts";
import { ownerOf } from "../e2ee/cupboard.ts";
import * as wasm from "../e2ee/wasm/conclave_wasm.js";
import { ACCOUNT, TestBrowser, VaultServer } from "../test-vault.ts";
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

it("a tab that comes while another one saves accuses nobody", async () => {
  const { server, desk, first } = await scene();
  const late = desk.page();
  const old = structuredClone(server.served);
  await first.keep([MEETING]);
  const { served } = server;
  server.answers = [old];

  expect((await late.refresh()).at).toBe("open");
  expect(server.served).toBe(served);
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

  it("is not forgotten for something that is in no order", async () => {
    const { server, desk, first } = await scene();
    const older = structuredClone(server.served);
    await first.keep([MEETING]);
    const { sealed = "", version = 0 } = older.vault ?? {};
    server.served = { ...older, vault: { version, sealed: `${sealed.slice(0, -4)}AAAA` } };
    const page = desk.page();
    await page.refresh();
    await page.accept();

    expect(page.state.get().at).toBe("broken");
    server.served = older;
    expect((await desk.page().refresh()).at).toBe("rolled_back");
  });

  it("does not get another vault made by hiding the first", async () => {
    const { server, desk } = await scene();
    server.served = { vault: null, devices: [], requests: [] };

    expect((await desk.page().refresh()).at).toBe("rolled_back");
    expect(server.changes).toBe(1);
  });

  it("is found out where it goes on with the other of two versions", async () => {
    const { server, desk, first } = await scene();
    const before = structuredClone(server.served);
    await first.keep([MEETING]);
    const other = desk.page();
    server.served = before;
    const phone = new TestBrowser(server, "Chrome on Android");
    phone.cupboard = desk.cupboard;
    await phone.page().keep([{ ...MEETING, passcode: "123456" }]);

    expect(server.served.vault?.version).toBe(2);
    expect((await other.refresh()).at).toBe("rolled_back");
  });

  it("opens nothing older by the recovery code", async () => {
    const { server, desk, first } = await scene();
    const code = await first.renewCode();
    const older = structuredClone(server.served);
    await first.keep([MEETING]);
    server.served = older;
    desk.cupboard = new TestBrowser(server, "").cupboard;
    const page = desk.page();

    expect((await page.refresh()).at).toBe("rolled_back");
    await expect(page.recover(code)).rejects.toMatchObject({ code: "vault_failed" });
    expect(page.state.get().at).toBe("rolled_back");
    await page.accept();
    await page.recover(code);
    expect(labels(page.state.get())).toEqual(["Firefox on Linux", "Firefox on Linux (this)"]);
  });

  it("takes nobody's keys by a list that it made up", async () => {
    const { module, account, random } = { module: wasm, account: fromUuid(ACCOUNT), random: () => crypto.getRandomValues(new Uint8Array(32)) };
    const keys = module.DeviceKeys.generate(random());
    module.Vault.found(keys, account, "Own", 1, random()).free();
    const evil = module.Vault.found(module.DeviceKeys.generate(random()), account, "Evil", 1, random());
    const request = keys.request(account, "Own", random());
    evil.approve(request, keys.approvalCode(account, request), 1);
    evil.remove(keys.deviceKey, 2);
    const { sealed, entries } = evil.seal(random());
    const server = new VaultServer();
    server.served = { vault: { version: 1, sealed: toBase64Url(sealed) }, devices: entries.map(toBase64Url), requests: [] };
    const desk = new TestBrowser(server, "Desk");
    await desk.cupboard.put(ownerOf(ACCOUNT, ""), new Uint8Array(keys.toBytes()));

    expect((await desk.page().refresh()).at).toBe("broken");
    const { bytes } = await desk.cupboard.take(ownerOf(ACCOUNT, ""), () => new Uint8Array());
    expect(bytes).toEqual(new Uint8Array(keys.toBytes()));
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
