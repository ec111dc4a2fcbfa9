// A person's browsers share a vault, over a server that keeps bytes.
import assert from "node:assert/strict";
import { test } from "node:test";

import { seed } from "./meeting.mjs";
import { wasm } from "./module.mjs";

const { DeviceKeys, DeviceList, SeenVault, Vault } = wasm;

const ACCOUNT = new Uint8Array(16).fill(3);
const MEETING = new Uint8Array(16).fill(7);
const NOW = 1_764_000_000;

/** What the server keeps. */
class Server {
  version = 0;
  sealed = undefined;
  entries = [];

  save(vault) {
    const { previousVersion, sealed, entries } = vault.seal(seed());
    assert.equal(previousVersion, this.version);
    [this.version, this.sealed] = [previousVersion + 1, sealed];
    this.entries.push(...entries);
    vault.saved();
  }

  open(keys) {
    return Vault.open(keys, ACCOUNT, this.version, this.sealed, this.entries);
  }

  recover(code, keys) {
    return Vault.recover(code, keys, ACCOUNT, "Found again", this.version, this.sealed, this.entries, NOW);
  }
}

function founded() {
  const [keys, server] = [DeviceKeys.generate(seed()), new Server()];
  const vault = Vault.found(keys, ACCOUNT, "Ward laptop", NOW, seed());
  vault.keep(MEETING, "c2VjcmV0.aG9zdA", "123456", NOW + 60, NOW);
  server.save(vault);
  return { keys, server, vault };
}

function letIn(vault, keys, label) {
  const request = keys.request(ACCOUNT, label, seed());
  const code = keys.approvalCode(ACCOUNT, request);
  assert.match(code, /^([0-9A-Z]{4}-){2}[0-9A-Z]{4}$/);
  assert.ok(request.length <= 2048);
  vault.approve(request, code.toLowerCase(), NOW + 1);
}

/** Whether it throws this word. */
function throws(code, call) {
  assert.throws(call, (error) => error instanceof Error && error.code === code && error.message === code);
}

test("a browser that was let in has the account's key and the meetings of the first", () => {
  const { keys, server, vault } = founded();
  const second = DeviceKeys.generate(seed());
  assert.equal(second.accountKey, undefined);
  assert.equal(second.toBytes().length, 33);
  throws("not_listed", () => server.open(second));

  letIn(vault, second, "Telephone");
  server.save(vault);
  const opened = server.open(second);

  assert.deepEqual(second.accountKey, keys.accountKey);
  assert.deepEqual(opened.meetings(), [
    { meeting: MEETING, fragment: "c2VjcmV0.aG9zdA", passcode: "123456", until: NOW + 60 },
  ]);
  assert.deepEqual(opened.devices(), [
    { key: keys.deviceKey, label: "Ward laptop", since: NOW, isThis: false },
    { key: second.deviceKey, label: "Telephone", since: NOW + 1, isThis: true },
  ]);
  assert.deepEqual(opened.head(), vault.head());
  assert.equal(opened.version, 2);
  const kept = DeviceKeys.fromBytes(second.toBytes());
  assert.equal(server.open(kept).meetings().length, 1);
});

test("whoever types another code lets nobody in", () => {
  const { vault } = founded();
  const [asking, server] = [DeviceKeys.generate(seed()), DeviceKeys.generate(seed())];
  const request = asking.request(ACCOUNT, "Telephone", seed());
  const code = asking.approvalCode(ACCOUNT, request);
  const swapped = server.request(ACCOUNT, "Telephone", seed());

  throws("wrong_code", () => vault.approve(request, "0000-0000-0000", NOW));
  throws("wrong_code", () => vault.approve(swapped, code, NOW));
  throws("broken", () => asking.approvalCode(ACCOUNT, swapped));
  throws("label", () => asking.request(ACCOUNT, "", seed()));
  vault.approve(request, code, NOW);
  throws("known", () => vault.approve(request, code, NOW));
});

test("a browser that was removed opens nothing any more, and its place stays in the list", () => {
  const { keys, server, vault } = founded();
  const second = DeviceKeys.generate(seed());
  letIn(vault, second, "Telephone");
  server.save(vault);

  throws("this_device", () => vault.remove(keys.deviceKey, NOW));
  throws("unknown", () => vault.remove(new Uint8Array(32), NOW));
  vault.remove(second.deviceKey, NOW + 9);
  server.save(vault);

  throws("not_listed", () => server.open(second));
  assert.equal(server.open(keys).devices()[1].removed, NOW + 9);
  const list = DeviceList.read(ACCOUNT, server.entries);
  const standings = [keys.deviceKey, second.deviceKey, new Uint8Array(32)].map((key) => list.standing(key));
  assert.deepEqual(standings, ["listed", "removed", "unknown"]);
  assert.deepEqual(list.accountKey, keys.accountKey);
});

test("whoever lost every browser comes back by the recovery code", () => {
  const { keys, server, vault } = founded();
  assert.equal(vault.hasRecovery, false);
  const old = vault.newRecoveryCode(seed());
  const code = vault.newRecoveryCode(seed());
  assert.match(code, /^([0-9A-Z]{4}-){6}[0-9A-Z]{4}$/);
  server.save(vault);

  const fresh = DeviceKeys.generate(seed());
  throws("wrong_code", () => server.recover(old, fresh));
  const recovered = server.recover(code, fresh);
  server.save(recovered);

  assert.deepEqual(fresh.accountKey, keys.accountKey);
  assert.equal(server.open(fresh).devices().length, 2);
  assert.equal(server.open(keys).hasRecovery, true);
});

test("a server that shows another vault, another version or a shorter list is noticed", () => {
  const { keys, server, vault } = founded();
  const before = { ...server, entries: [...server.entries] };
  const remembered = vault.head();
  letIn(vault, DeviceKeys.generate(seed()), "Telephone");
  server.save(vault);
  const open = ({ version, sealed, entries }) => Vault.open(keys, ACCOUNT, version, sealed, entries);

  throws("broken", () => open({ ...server, version: 3 }));
  throws("broken", () => open({ ...server, sealed: before.sealed }));
  throws("broken", () => open({ ...server, entries: before.entries }));
  throws("broken", () => open({ ...server, entries: [] }));
  throws("broken", () => DeviceList.read(ACCOUNT, [server.entries[1]]));
  const [shorter, longer] = [before, server].map(({ entries }) => DeviceList.read(ACCOUNT, entries));
  assert.equal(longer.extends(remembered.length, remembered.hash), true);
  assert.equal(shorter.extends(longer.head().length, longer.head().hash), false);
  assert.equal(shorter.extends(1, new Uint8Array(32)), false);
});

test("what a browser has seen is not taken back", () => {
  const { keys, server, vault } = founded();
  const before = { ...server, entries: [...server.entries] };
  const code = vault.newRecoveryCode(seed());
  server.save(vault);
  const { length, hash } = vault.head();
  const seen = () => new SeenVault(vault.version, vault.sealed, length, hash);
  const open = ({ version, sealed, entries }) => Vault.open(keys, ACCOUNT, version, sealed, entries, seen());
  const other = { ...before, __proto__: Server.prototype };
  const instead = other.open(keys);
  instead.forget(MEETING);
  other.save(instead);

  assert.equal(open(server).version, 2);
  throws("rolled_back", () => open(before));
  throws("rolled_back", () => open(other));
  const recover = ({ version, sealed, entries }) =>
    Vault.recover(code, DeviceKeys.generate(seed()), ACCOUNT, "Again", version, sealed, entries, NOW, seen());
  assert.equal(recover(server).version, 2);
  throws("rolled_back", () => recover(before));
});

test("the account key that links name already stays the account's", () => {
  const { keys } = founded();
  assert.equal(keys.toBytes().length, 65);
  const named = DeviceKeys.fromBytes(keys.toBytes());

  Vault.found(named, ACCOUNT, "Ward laptop", NOW, seed());

  assert.deepEqual(named.accountKey, keys.accountKey);
});

test("a meeting is kept until it is forgotten, and what ends no link is not kept", () => {
  const { vault } = founded();
  const other = new Uint8Array(16).fill(8);

  vault.keep(other, "b3RoZXI", undefined, NOW, NOW);
  throws("malformed", () => vault.keep(other, "two words", undefined, NOW, NOW));
  throws("malformed", () => vault.keep(other, "b3RoZXI", "12345", NOW, NOW));
  vault.forget(MEETING);

  assert.deepEqual(vault.meetings(), [{ meeting: other, fragment: "b3RoZXI", until: NOW }]);
});
