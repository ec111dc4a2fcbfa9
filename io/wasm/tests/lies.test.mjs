// A delivery service that lies to members in each way it can: they refuse, stop, or show it, and nothing opens.
// The native session is lied to in `core/e2ee/src/session/tests/lies.rs`. Cases are those of the list of abuses.
import assert from "node:assert/strict";
import { test } from "node:test";

import { encode, wasm } from "./module.mjs";
import { ACCOUNT, Meeting, SECRET, account, Signer, id, seed } from "./meeting.mjs";

const { Channel, Codec, DeviceKeys, Label, Member, Source, TrackKind } = wasm;

const SPEECH = [TrackKind.Microphone, Codec.Opus, "2e"];

/** Ann hosts. */
function meet(...others) {
  const meeting = new Meeting(["Ann"]);
  for (const name of ["Ann", ...others]) {
    meeting.enter(name);
    meeting.run(2_000);
  }
  return meeting;
}

function member(meeting, name) {
  return meeting.people.get(name).member;
}

function names(meeting, name) {
  return member(meeting, name).roster().map((one) => one.displayName).sort();
}

function alarmsOf(meeting, name) {
  return meeting.people.get(name).outputs.flatMap((output) => (output.kind === "alarm" ? [output.what] : []));
}

/** What somebody says in the tracks of `SPEECH`, sealed. */
function seal(meeting, name, words = "spoken") {
  const track = member(meeting, name).addTrack(...SPEECH);
  try {
    return member(meeting, name).sealFrame(meeting.now, track, encode(words));
  } finally {
    member(meeting, name).removeTrack(track);
  }
}

function opens(meeting, at, from, sealed, as = SPEECH) {
  return at.openFrame(meeting.now, new Source(id(from), ...as), sealed) !== undefined;
}

function allHear(meeting, ...people) {
  for (const from of people) {
    const sealed = seal(meeting, from);
    for (const to of people.filter((other) => other !== from)) {
      assert.ok(opens(meeting, member(meeting, to), from, sealed), `${to} hears ${from}`);
    }
  }
  assert.equal(new Set(people.map((name) => member(meeting, name).securityCode())).size, 1);
}

/** Somebody whom the server brings, and whose commit it passes on. */
function stranger(meeting, name, { secret = SECRET, terms = {}, keys = DeviceKeys.generate(seed()), offer = meeting.offer } = {}) {
  const kept = DeviceKeys.fromBytes(keys.toBytes());
  const who = { participant: id(name), displayName: name };
  const one = new Member({ ...meeting.terms, ...terms }, secret, who, kept, seed());
  one.enter(meeting.now);
  drained(one);
  one.slotToJoin(meeting.now, offer.group, offer.epoch, offer.groupInfo);
  const outputs = drained(one);
  return { member: one, outputs, commit: outputs.find((output) => output.message === "commit")?.commit };
}

function drained(one) {
  const outputs = [];
  for (let output = one.poll(); output.kind !== "wait"; output = one.poll()) {
    outputs.push(output);
  }
  return outputs;
}

/** The server says to a member that this is the present epoch's commit. */
function pass(meeting, to, from, commit, epoch = meeting.offer.epoch) {
  const { group } = meeting.offer;
  meeting.tell(to, (one, now) => one.commit(now, group, epoch, id(from), commit));
}

test("abuse case 34: a ghost without the secret is refused and shown, and opens nothing", () => {
  const meeting = meet("Bob", "Cyd");
  const { group, epoch } = meeting.offer;
  const ghost = stranger(meeting, "Gus", { secret: new Uint8Array(32).fill(8) });
  for (const name of ["Ann", "Bob", "Cyd"]) {
    pass(meeting, name, "Gus", ghost.commit);
    assert.deepEqual(alarmsOf(meeting, name), ["commit"]);
  }

  // The server tells the ghost that it is in.
  ghost.member.commit(meeting.now, group, epoch, id("Gus"), ghost.commit);
  meeting.run(60_000);
  assert.deepEqual(names(meeting, "Ann"), ["Ann", "Bob", "Cyd"]);
  allHear(meeting, "Ann", "Bob", "Cyd");
  assert.ok(!opens(meeting, ghost.member, "Ann", seal(meeting, "Ann")));
});

test("abuse case 34: whoever is hidden or invented in the server's roster is shown", () => {
  const meeting = meet("Bob", "Cyd");
  meeting.tell("Ann", (one, now) => one.present(now, ["Ann", "Bob", "Gus"].map(id)));
  meeting.run(16_000);

  const shown = meeting.people.get("Ann").outputs.findLast((output) => output.kind === "difference");
  assert.deepEqual([shown.strangers, shown.outsiders], [[id("Cyd")], [id("Gus")]]);
});

test("abuse case 34: whom the server strips is told so, and everybody sees them gone", () => {
  const meeting = meet("Bob", "Cyd");
  const { group, epoch } = meeting.offer;
  const proposal = meeting.proposal(1);
  for (const name of ["Ann", "Bob", "Cyd"]) {
    meeting.tell(name, (one, now) => one.removal(now, group, epoch, [proposal]));
  }
  let commit;
  const ann = member(meeting, "Ann");
  ann.slotToCommit(meeting.now, group, epoch);
  for (const output of drained(ann)) {
    commit = output.message === "commit" ? output.commit : commit;
  }
  for (const name of ["Ann", "Bob", "Cyd"]) {
    pass(meeting, name, "Ann", commit);
  }

  assert.equal(meeting.sending("Bob").silence, "no_key");
  assert.deepEqual(names(meeting, "Cyd"), ["Ann", "Cyd"]);
  assert.ok(meeting.people.get("Cyd").outputs.some((output) => output.kind === "changed"));
});

test("abuse case 34: an old commit that is said to be new is refused and shown", () => {
  const meeting = meet("Bob", "Cyd");
  const { commit } = meeting.news.findLast((news) => news.from === "Cyd");
  pass(meeting, "Bob", "Cyd", commit);
  assert.deepEqual(alarmsOf(meeting, "Bob"), ["commit"]);
  meeting.run(10_000);
  assert.deepEqual(names(meeting, "Bob"), ["Ann", "Bob", "Cyd"]);
  allHear(meeting, "Ann", "Bob", "Cyd");
});

test("abuse case 34: a commit that comes twice counts once", () => {
  const meeting = meet("Bob");
  const { epoch } = meeting.offer;
  const { commit } = stranger(meeting, "Dan");
  pass(meeting, "Bob", "Dan", commit, epoch);
  const code = member(meeting, "Bob").securityCode();
  pass(meeting, "Bob", "Dan", commit, epoch);

  assert.equal(member(meeting, "Bob").securityCode(), code);
  assert.deepEqual(names(meeting, "Bob"), ["Ann", "Bob", "Dan"]);
  assert.deepEqual(meeting.alarms(), []);
});

test("abuse case 34: a fork shows in the code, and stops both sides", () => {
  const meeting = meet("Bob");
  const [one, other] = ["Xia", "Yan"].map((name) => stranger(meeting, name).commit);
  pass(meeting, "Ann", "Xia", one);
  pass(meeting, "Bob", "Yan", other);
  assert.notEqual(member(meeting, "Ann").securityCode(), member(meeting, "Bob").securityCode());

  meeting.run(11_000);
  for (const name of ["Ann", "Bob"]) {
    assert.equal(meeting.sending(name).silence, "unconfirmed");
    assert.throws(() => seal(meeting, name), /no key/);
  }
});

test("abuse case 34: a group of before is not joined again", () => {
  const meeting = meet("Bob", "Cyd");
  const before = meeting.offer;
  meeting.leave("Cyd");
  meeting.run(2_000);
  const { group, epoch } = meeting.offer;
  meeting.tell("Bob", (one, now) => one.state(now, group, epoch + 1n));
  meeting.tell("Bob", (one, now) => one.slotToJoin(now, group, before.epoch, before.groupInfo));

  assert.deepEqual(alarmsOf(meeting, "Bob"), ["rollback"]);
  assert.deepEqual(names(meeting, "Bob"), []);
});

test("abuse case 34: a group that no host of the link founded is not joined", () => {
  const meeting = meet("Bob");
  const { group } = meeting.offer;
  const keys = account("Eve");
  const who = { participant: id("Eve"), displayName: "Eve", account: ACCOUNT };
  const eve = new Member({ ...meeting.terms, hostAccounts: [keys.accountKey] }, SECRET, who, keys, seed());
  eve.enter(meeting.now);
  eve.slotToCreate(meeting.now);
  const eves = drained(eve).find((output) => output.message === "create");

  meeting.tell("Bob", (one, now) => one.ended(now, group));
  meeting.tell("Bob", (one, now) => one.slotToJoin(now, eves.group, 0n, eves.groupInfo));
  assert.deepEqual(alarmsOf(meeting, "Bob"), ["unfounded"]);
  assert.deepEqual(names(meeting, "Bob"), []);
  assert.throws(() => seal(meeting, "Bob"), /no key/);
});

test("abuse case 35: a key that was swapped on its way is refused and shown", () => {
  const keys = DeviceKeys.generate(seed());
  const known = meet();
  known.keys.set("Dan", keys);
  known.enter("Dan");
  const { signatureKey } = known.people.get("Ann").member.roster().find((one) => one.displayName === "Dan");
  const meeting = meet("Bob");
  const { commit } = stranger(meeting, "Dan", { keys });
  const at = Buffer.from(commit).indexOf(signatureKey);
  assert.ok(at > 0);
  const swapped = Uint8Array.from(commit);
  swapped.set(member(meeting, "Bob").roster()[0].signatureKey, at);

  pass(meeting, "Bob", "Dan", swapped);

  assert.deepEqual(alarmsOf(meeting, "Bob"), ["commit"]);
  assert.deepEqual(names(meeting, "Bob"), ["Ann", "Bob"]);
});

test("abuse case 35: a joiner under another's name is shown", () => {
  const meeting = meet("Bob");
  const { commit } = stranger(meeting, "Dan");

  pass(meeting, "Bob", "Eve", commit);

  assert.deepEqual(alarmsOf(meeting, "Bob"), ["mislabelled"]);
});

test("abuse case 36: whoever is told another mode, suite or organisation comes into no group, and is told", () => {
  const meeting = meet("Bob");
  for (const terms of [{ dataMode: 2 }, { suite: 1 }, { organisation: new Uint8Array(16).fill(9) }, { meeting: new Uint8Array(16).fill(9) }]) {
    const { member: one, outputs, commit } = stranger(meeting, "Dan", { terms });

    assert.equal(commit, undefined);
    assert.deepEqual(outputs.flatMap(({ kind, what }) => (kind === "alarm" ? [what] : [])), ["group"]);
    assert.throws(() => one.sealFrame(meeting.now, one.addTrack(...SPEECH), encode("spoken")), /no key/);
  }
});

test("abuse case 36: a group in a weaker suite than the meeting's is not joined", () => {
  const weak = new Meeting(["Ann"], 0x0002);
  weak.enter("Ann");
  const meeting = new Meeting(["Ann"]);
  meeting.keys.set("Ann", weak.keys.get("Ann"));

  const { outputs, commit } = stranger(meeting, "Dan", { offer: weak.offer });

  assert.equal(commit, undefined);
  assert.deepEqual(outputs.flatMap(({ kind, what }) => (kind === "alarm" ? [what] : [])), ["group"]);
});

test("abuse case 36: no frame passes because it is said not to be encrypted", () => {
  const meeting = meet("Bob");
  const plain = {
    Opus: encode("an Opus frame is any bytes"),
    Vp8: Uint8Array.of(0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0xe0, 0x01, 5, 6, 7, 8),
    Vp9: encode("a VP9 frame is any bytes"),
    Av1: Uint8Array.of(0x32, 0x04, 1, 2, 3, 4),
    H264: Uint8Array.of(0, 0, 0, 1, 0x65, 0x88, 0x84, 0, 0x10, 0xff),
  };
  for (const [name, frame] of Object.entries(plain)) {
    assert.ok(!opens(meeting, member(meeting, "Bob"), "Ann", frame, [TrackKind.Camera, Codec[name], "1f"]), name);
  }
  assert.equal(member(meeting, "Bob").openMessage(meeting.now, id("Ann"), Label.Chat, encode("topic"), encode("plain words")), undefined);
});

test("abuse case 37: the evicted open nothing new, and whoever comes late nothing old", () => {
  const meeting = meet("Bob", "Cyd");
  const cyd = member(meeting, "Cyd");
  const before = seal(meeting, "Ann");
  meeting.enter("Dan");
  meeting.run(2_000);
  assert.ok(!opens(meeting, member(meeting, "Dan"), "Ann", before));
  assert.ok(opens(meeting, cyd, "Ann", seal(meeting, "Ann")));

  meeting.expel("Ann", "Cyd");
  meeting.run(2_000);
  const after = seal(meeting, "Ann");
  assert.ok(!opens(meeting, cyd, "Ann", after));
  assert.ok(opens(meeting, member(meeting, "Dan"), "Ann", after));
});

test("abuse case 37: a removal that is withheld stops the sender, though the removed goes on signing", () => {
  const meeting = meet("Bob", "Cyd");
  meeting.withheld = new Set(["Bob", "Cyd"]);
  meeting.expel("Ann", "Cyd");
  meeting.run(11_000);

  assert.equal(meeting.sending("Bob").silence, "unconfirmed");
  assert.throws(() => seal(meeting, "Bob"), /no key/);
});

test("abuse case 38: frames that are cut, repeated or called another's are dropped, and late ones are not", () => {
  const meeting = meet("Bob", "Cyd");
  const bob = member(meeting, "Bob");
  const track = member(meeting, "Ann").addTrack(...SPEECH);
  const frames = ["one", "two", "three"].map((words) => member(meeting, "Ann").sealFrame(meeting.now, track, encode(words)));
  for (let length = 0; length < frames[0].length; length += 1) {
    assert.ok(!opens(meeting, bob, "Ann", frames[0].slice(0, length)));
  }
  assert.ok(!opens(meeting, bob, "Cyd", frames[0]), "called another's");
  assert.ok(!opens(meeting, bob, "Ann", frames[0], [TrackKind.Microphone, Codec.Opus, "3d"]), "put on a later track");

  const source = new Source(id("Ann"), ...SPEECH);
  for (const at of [2, 0, 1]) {
    assert.ok(bob.openFrame(meeting.now, source, frames[at]) !== undefined);
  }
  for (const frame of frames) {
    assert.equal(bob.openFrame(meeting.now, source, frame), undefined);
    assert.ok(!opens(meeting, bob, "Ann", frame), "to a receiver that is new");
  }
  const { replayed, misattributed } = bob.drops;
  assert.deepEqual([replayed, misattributed], [6n, 1n]);
});

test("abuse case 38: a message that is changed in a bit, cut or repeated is dropped", () => {
  const meeting = meet("Bob");
  const [ann, bob] = ["Ann", "Bob"].map((name) => member(meeting, name));
  for (const label of [Label.Chat, Label.File]) {
    const sealed = ann.sealMessage(meeting.now, label, Channel.Reliable, encode("topic"), encode("hello"));
    const open = (bytes) => bob.openMessage(meeting.now, id("Ann"), label, encode("topic"), bytes);
    for (let at = 0; at < sealed.length; at += 1) {
      assert.equal(open(sealed.slice(0, at)), undefined);
      const forged = sealed.slice();
      forged[at] ^= 1;
      assert.equal(open(forged), undefined);
    }
    assert.deepEqual(open(sealed), encode("hello"));
    assert.equal(open(sealed), undefined);
  }
});

test("commits out of their order move nobody on, and the member comes back", () => {
  const meeting = meet("Bob", "Cyd");
  const { commit } = stranger(meeting, "Dan");
  pass(meeting, "Bob", "Dan", commit, meeting.offer.epoch + 1n);
  assert.deepEqual(names(meeting, "Bob"), []);
  assert.throws(() => seal(meeting, "Bob"), /no key/);

  meeting.run(12_000);
  allHear(meeting, "Ann", "Bob", "Cyd");
});

test("whoever is kept from a commit stops, and comes back with the next", () => {
  const meeting = meet("Bob", "Cyd");
  meeting.withheld = new Set(["Cyd"]);
  meeting.enter("Dan");
  meeting.run(15_000);
  assert.throws(() => seal(meeting, "Cyd"), /no key/);

  meeting.withheld.clear();
  meeting.enter("Eve");
  meeting.run(20_000);
  allHear(meeting, "Ann", "Bob", "Cyd", "Dan", "Eve");
});

test("a removal that the server did not sign is refused and shown", () => {
  const meeting = meet("Bob", "Cyd");
  const { group, epoch } = meeting.offer;
  const forged = meeting.proposal(1, new Signer());
  meeting.tell("Cyd", (one, now) => one.removal(now, group, epoch, [forged, new Uint8Array(5_000)]));

  assert.deepEqual(alarmsOf(meeting, "Cyd"), ["proposal", "proposal"]);
  assert.deepEqual(names(meeting, "Cyd"), ["Ann", "Bob", "Cyd"]);
});

test("no bytes of the server's make a member fail", () => {
  const meeting = meet("Bob");
  const { group, epoch, groupInfo } = meeting.offer;
  const { commit } = stranger(meeting, "Dan");
  for (let length = 0; length < commit.length; length += 97) {
    const cut = commit.slice(0, length);
    pass(meeting, "Bob", "Dan", cut);
    meeting.tell("Bob", (one, now) => {
      one.removal(now, group, epoch, [cut]);
      one.heartbeat(now, cut);
      one.letter(now, id("Dan"), cut);
    });
  }
  for (let length = 0; length < groupInfo.length; length += 977) {
    assert.equal(stranger(meeting, "Dan", { offer: { group, epoch, groupInfo: groupInfo.slice(0, length) } }).commit, undefined);
  }
  meeting.run(12_000);
  allHear(meeting, "Ann", "Bob");
});
