// People meet: they found a group, come, speak, are put out, and come back.
import assert from "node:assert/strict";
import { test } from "node:test";

import { encode, wasm } from "./module.mjs";
import { Meeting, id, seed } from "./meeting.mjs";

const { Channel, Codec, DeviceKeys, Label, Member, Source, TrackKind } = wasm;

const MICROPHONE = [TrackKind.Microphone, Codec.Opus, "1f"];
const SPEECH = [TrackKind.Microphone, Codec.Opus, "2e"];

/** Ann hosts; Bob and Cyd join. */
function three() {
  const meeting = new Meeting(["Ann"]);
  for (const name of ["Ann", "Bob", "Cyd"]) {
    meeting.enter(name);
    meeting.run(2_000);
  }
  return meeting;
}

function names(meeting, name) {
  const roster = meeting.people.get(name).member.roster();
  return roster.map((one) => one.displayName).sort();
}

/** Whether each of these hears each other. */
function hear(meeting, ...people) {
  for (const from of people) {
    const { member } = meeting.people.get(from);
    const track = member.addTrack(...SPEECH);
    const sealed = member.sealFrame(meeting.now, track, encode(`${from} speaks`));
    for (const to of people.filter((other) => other !== from)) {
      const opened = meeting.people.get(to).member.openFrame(meeting.now, new Source(id(from), ...SPEECH), sealed);
      assert.deepEqual(opened, encode(`${from} speaks`), `${to} hears ${from}`);
    }
    member.removeTrack(track);
  }
}

function agree(meeting, ...people) {
  const codes = people.map((name) => meeting.people.get(name).member.securityCode());
  assert.equal(new Set(codes).size, 1);
  assert.match(codes[0], /^(\d{5} ){5}\d{5}$/);
  const epochs = people.map((name) => meeting.sending(name).epoch);
  assert.equal(new Set(epochs).size, 1);
  assert.equal(typeof epochs[0], "bigint");
}

test("three found a group and hear each other, and nobody is alarmed", () => {
  const meeting = three();

  agree(meeting, "Ann", "Bob", "Cyd");
  hear(meeting, "Ann", "Bob", "Cyd");
  meeting.run(60_000);
  hear(meeting, "Ann", "Bob", "Cyd");
  assert.deepEqual(meeting.alarms(), []);
});

test("the roster says who is who, and what proves it", () => {
  const roster = three().people.get("Cyd").member.roster();

  const facts = roster.map(({ leaf, displayName, isHost, standing, isVerified }) => [
    leaf,
    displayName,
    isHost,
    standing,
    isVerified,
  ]);
  assert.deepEqual(facts, [
    [0, "Ann", true, "host account", true],
    [1, "Bob", false, "guest", false],
    [2, "Cyd", false, "guest", false],
  ]);
  assert.deepEqual(roster[1].participant, id("Bob"));
  assert.equal(roster[1].signatureKey.length, 32);
  assert.equal(roster[0].accountKey.length, 32);
  assert.deepEqual(roster[0].account, new Uint8Array(16).fill(3));
  assert.equal("account" in roster[1], false);
});

test("whoever a host puts out hears nothing of what follows, and doesn't come back", () => {
  const meeting = three();
  const cyd = meeting.people.get("Cyd").member;

  meeting.expel("Ann", "Cyd");

  assert.deepEqual(names(meeting, "Ann"), ["Ann", "Bob"]);
  assert.equal(meeting.sending("Cyd").silence, "no_key");
  assert.throws(() => cyd.sealFrame(meeting.now, cyd.addTrack(...MICROPHONE), encode("still here")), /no key/);
  const ann = meeting.people.get("Ann").member;
  const sealed = ann.sealFrame(meeting.now, ann.addTrack(...MICROPHONE), encode("in private"));
  assert.equal(cyd.openFrame(meeting.now, new Source(id("Ann"), ...MICROPHONE), sealed), undefined);
  meeting.run(2_000);
  agree(meeting, "Ann", "Bob");
  hear(meeting, "Ann", "Bob");

  const again = meeting.enter("Cyd");
  meeting.run(30_000);
  assert.ok(again.outputs.some((output) => output.kind === "needs_voucher"));
  assert.deepEqual(names(meeting, "Ann"), ["Ann", "Bob"]);
});

test("whoever a host turned away doesn't come in with the link, whatever the server says", () => {
  const meeting = three();
  meeting.turnAway("Ann", "Eve");
  meeting.run(2_000);

  const eve = meeting.enter("Eve");
  meeting.run(30_000);

  assert.ok(eve.outputs.some((output) => output.kind === "needs_voucher"));
  assert.deepEqual(names(meeting, "Bob"), ["Ann", "Bob", "Cyd"]);
  hear(meeting, "Ann", "Bob", "Cyd");
});

test("the host who left comes back after somebody was turned away, without anybody to vouch for them", () => {
  const meeting = three();
  meeting.turnAway("Ann", "Eve");
  meeting.run(2_000);
  meeting.leave("Ann");
  meeting.run(4_000);
  assert.deepEqual(names(meeting, "Bob"), ["Bob", "Cyd"]);

  meeting.enter("Ann");
  meeting.run(8_000);

  assert.deepEqual(names(meeting, "Bob"), ["Ann", "Bob", "Cyd"]);
  agree(meeting, "Ann", "Bob", "Cyd");
  assert.deepEqual(meeting.alarms(), []);
});

test("a group that ends in a closed meeting is followed by one with the same people", () => {
  const meeting = three();
  meeting.turnAway("Ann", "Eve");
  meeting.run(2_000);

  meeting.end();
  meeting.run(30_000);

  assert.deepEqual(names(meeting, "Bob"), ["Ann", "Bob", "Cyd"]);
  agree(meeting, "Ann", "Bob", "Cyd");
});

test("whoever a host lets in after that gets a voucher and comes in", () => {
  const meeting = three();
  meeting.expel("Ann", "Cyd");
  const ann = meeting.people.get("Ann");
  const asked = () => ann.outputs.filter((output) => output.kind === "voucher_asked");

  meeting.enter("Dan");
  meeting.enter("Cyd");
  meeting.run(4_000);
  assert.deepEqual(asked().map((output) => output.participant), [id("Cyd"), id("Dan")]);
  meeting.admit("Ann", "Dan");
  meeting.run(8_000);

  assert.deepEqual(names(meeting, "Bob"), ["Ann", "Bob", "Dan"]);
  agree(meeting, "Ann", "Bob", "Dan");
  hear(meeting, "Ann", "Bob", "Dan");
  assert.deepEqual(meeting.alarms(), []);
});

test("whoever reloads is the same member in another epoch", () => {
  const meeting = three();
  const before = meeting.sending("Ann").epoch;

  meeting.enter("Bob");
  meeting.run(4_000);

  assert.deepEqual(names(meeting, "Ann"), ["Ann", "Bob", "Cyd"]);
  agree(meeting, "Ann", "Bob", "Cyd");
  assert.equal(meeting.sending("Ann").epoch, before + 1n);
  hear(meeting, "Ann", "Bob", "Cyd");
  assert.deepEqual(meeting.alarms(), []);
});

test("whoever leaves is removed on the server's word", () => {
  const meeting = three();

  meeting.leave("Bob");
  meeting.run(2_000);

  assert.deepEqual(names(meeting, "Cyd"), ["Ann", "Cyd"]);
  agree(meeting, "Ann", "Cyd");
  hear(meeting, "Ann", "Cyd");
  assert.deepEqual(meeting.alarms(), []);
});

test("a guest waits for a host to make the group", () => {
  const meeting = new Meeting(["Ann"]);

  const bob = meeting.enter("Bob");
  assert.ok(bob.outputs.some((output) => output.kind === "needs_host"));
  meeting.enter("Ann");
  meeting.run(20_000);

  agree(meeting, "Ann", "Bob");
});

test("whoever has another secret comes in nowhere", () => {
  const meeting = three();
  const stranger = new Meeting(["Ann"]);
  stranger.enter("Ann");

  const { member } = stranger.people.get("Ann");
  const sealed = member.sealFrame(stranger.now, member.addTrack(...MICROPHONE), encode("hello"));

  const cyd = meeting.people.get("Cyd").member;
  assert.equal(cyd.openFrame(meeting.now, new Source(id("Ann"), ...MICROPHONE), sealed), undefined);
});

test("a message opens under its own label, binding and sender alone", () => {
  const meeting = three();
  const [ann, bob] = ["Ann", "Bob"].map((name) => meeting.people.get(name).member);
  const sealed = ann.sealMessage(meeting.now, Label.Chat, Channel.Reliable, encode("topic"), encode("hello"));
  const open = (name, label, bound) => bob.openMessage(meeting.now, id(name), label, encode(bound), sealed);

  assert.equal(open("Ann", Label.File, "topic"), undefined);
  assert.equal(open("Ann", Label.Chat, "other"), undefined);
  assert.equal(open("Cyd", Label.Chat, "topic"), undefined);
  assert.deepEqual(open("Ann", Label.Chat, "topic"), encode("hello"));
  assert.equal(open("Ann", Label.Chat, "topic"), undefined);
});

test("a device's keys are the same after they were kept", () => {
  const { keys } = new Meeting(["Ann"]);
  const made = keys.get("Ann");

  const kept = DeviceKeys.fromBytes(made.toBytes());

  assert.deepEqual(kept.accountKey, made.accountKey);
  assert.deepEqual(kept.deviceKey, made.deviceKey);
  assert.throws(() => DeviceKeys.fromBytes(new Uint8Array(64)), /no signature key/);
});

test("what can't be is refused", () => {
  const { terms } = new Meeting();
  const keys = DeviceKeys.generate(seed());
  const secret = new Uint8Array(32);
  const who = { participant: id("Ann"), displayName: "Ann" };
  const make = (change) => new Member({ ...terms, ...change.terms }, change.secret ?? secret, { ...who, ...change.who }, keys, seed());

  assert.doesNotThrow(() => make({}));
  assert.throws(() => make({ terms: { meeting: new Uint8Array(15) } }), /15 bytes where 16 belong/);
  assert.throws(() => make({ terms: { dataMode: 3 } }), /data mode/);
  assert.throws(() => make({ terms: { hostAccounts: ["key"] } }), /bytes belong/);
  assert.throws(() => make({ secret: new Uint8Array(15) }), /secret/);
  assert.throws(() => make({ who: { displayName: "Ann\u202e" } }), /name/);
  assert.throws(() => make({}).refused(0, "because"), /reason/);
});
