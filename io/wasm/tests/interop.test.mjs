// A client that others wrote is a member like ours: it comes in, follows, is heard and hears, and is put out.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { encode, wasm } from "./module.mjs";
import { Meeting, SECRET, id } from "./meeting.mjs";
import { Foreigner } from "./foreigner.mjs";
import * as sframe from "./sframe.mjs";

const { Codec, Source, TrackKind } = wasm;

/** What RFC 9420 and ts-mls have of our suites. */
const SUITES = [0x0001, 0x0002, 0x0007];
const STREAM = 5;
/** A track as its sender describes it, and the bytes that each of its frames is bound to. */
const TRACK = [TrackKind.Microphone, Codec.Opus, "5f2c"];
const BOUND = Buffer.from("\x00\x00\x045f2c");

/** Ann hosts, with our client; Tess comes with a foreign one. */
async function two(suite) {
  const meeting = new Meeting(["Ann"], suite);
  meeting.enter("Ann");
  meeting.run(1_000);
  const { foreigner, handedIn } = await Foreigner.join(meeting.terms, SECRET, id("Tess"), "Tess", meeting.offer);
  meeting.news = [];
  meeting.takeIn("Tess", handedIn);
  await keepUp(meeting, foreigner);
  return { meeting, tess: foreigner };
}

/** Tess reads what the server has told since, and says so. */
async function keepUp(meeting, tess) {
  for (const { from, commit, proposals } of meeting.news.splice(0)) {
    for (const proposal of proposals ?? []) {
      await tess.propose(proposal);
    }
    if (commit !== undefined && from !== "Tess") {
      await tess.follow(commit);
    }
  }
  if (!tess.isOut) {
    meeting.processed("Tess", await tess.heartbeat(meeting.now));
    meeting.run(1_000);
    meeting.processed("Tess", await tess.heartbeat(meeting.now));
  }
}

function members(meeting) {
  return meeting.people.get("Ann").member.roster();
}

function agree(meeting, tess, ...names) {
  for (const name of names) {
    const { member } = meeting.people.get(name);
    assert.equal(member.securityCode(), tess.securityCode(), name);
    assert.equal(meeting.sending(name).epoch, tess.epoch, name);
  }
  assert.deepEqual(meeting.alarms(), []);
}

/** Frames of Opus, both ways, under the keys that Tess exported. */
async function hear(meeting, tess, name) {
  const { member } = meeting.people.get(name);
  const baseKey = await tess.baseKey();
  const track = member.addTrack(...TRACK);
  const sealed = member.sealFrame(meeting.now, track, encode(`${name} speaks`));
  member.removeTrack(track);
  const { leaf } = member.roster().find((one) => one.displayName === name);
  const { kid, plaintext } = await sframe.open(baseKey, BOUND, sealed.subarray(1));
  assert.deepEqual(plaintext, encode(`${name} speaks`));
  assert.equal(kid, sframe.keyId({ epoch: tess.epoch, leaf, stream: track }));

  assert.deepEqual(open(meeting, name, await speak(tess, baseKey)), encode("Tess speaks"));
}

let counter = 0n;

/** A frame that is shorter than 128 bytes with its length in front. */
async function speak({ epoch, leaf }, baseKey) {
  const kid = sframe.keyId({ epoch, leaf, stream: STREAM });
  counter += 1n;
  const record = await sframe.seal(baseKey, kid, counter, BOUND, encode("Tess speaks"));
  return Buffer.concat([Buffer.of(record.length), record]);
}

function open(meeting, name, bytes) {
  const { member } = meeting.people.get(name);
  return member.openFrame(meeting.now, new Source(id("Tess"), ...TRACK), bytes);
}

test("the other SFrame is that of the RFC", async () => {
  const file = new URL("../../../core/e2ee/tests/vectors/rfc9605-aes-256-gcm-sha512.txt", import.meta.url);
  const lines = readFileSync(file, "utf8").split("\n").filter((line) => /^\w/.test(line));
  const vector = Object.fromEntries(lines.map((line) => line.split(" ")));
  const [baseKey, metadata, plaintext] = ["base_key", "metadata", "pt"].map((name) => Buffer.from(vector[name], "hex"));

  const record = await sframe.seal(baseKey, BigInt(vector.kid), BigInt(vector.ctr), metadata, plaintext);

  assert.equal(record.toString("hex"), vector.ct);
  assert.deepEqual(Buffer.from((await sframe.open(baseKey, metadata, record)).plaintext), plaintext);
});

for (const suite of SUITES) {
  const number = `suite ${suite}`;

  test(`${number}: ts-mls comes in with the secret and has the same keys`, async () => {
    const { meeting, tess } = await two(suite);

    const facts = members(meeting).map(({ leaf, displayName, standing }) => [leaf, displayName, standing]);
    assert.deepEqual(facts, [
      [0, "Ann", "host account"],
      [1, "Tess", "guest"],
    ]);
    const { meeting: meetingId, organisation } = meeting.terms;
    const terms = Buffer.concat([Buffer.of(0, 1), meetingId, organisation]);
    assert.deepEqual(Buffer.from(tess.terms.subarray(0, terms.length)), terms);
    agree(meeting, tess, "Ann");
    await hear(meeting, tess, "Ann");
  });

  test(`${number}: ts-mls follows who comes, comes back and is removed`, async () => {
    const { meeting, tess } = await two(suite);
    for (const name of ["Bob", "Cyd", "Bob"]) {
      meeting.enter(name);
      await keepUp(meeting, tess);
      agree(meeting, tess, "Ann", name);
    }
    await hear(meeting, tess, "Bob");

    meeting.leave("Cyd");
    await keepUp(meeting, tess);

    assert.deepEqual(members(meeting).map((one) => one.displayName).sort(), ["Ann", "Bob", "Tess"]);
    agree(meeting, tess, "Ann", "Bob");
    await hear(meeting, tess, "Ann");
    await hear(meeting, tess, "Bob");
  });

  test(`${number}: ts-mls is removed on the server's word, and follows nobody any more`, async () => {
    const { meeting, tess } = await two(suite);
    meeting.enter("Bob");
    await keepUp(meeting, tess);
    const { leaf, epoch } = tess;
    const [baseKey, code] = [await tess.baseKey(), tess.securityCode()];

    meeting.leave("Tess");
    await keepUp(meeting, tess);

    assert.ok(tess.isOut);
    meeting.run(2_000);
    assert.deepEqual(members(meeting).map((one) => one.displayName), ["Ann", "Bob"]);
    const { member } = meeting.people.get("Ann");
    assert.notEqual(member.securityCode(), code);
    const sealed = member.sealFrame(meeting.now, member.addTrack(...TRACK), encode("in private"));
    await assert.rejects(sframe.open(baseKey, BOUND, sealed.subarray(1)));
    meeting.run(10_000);
    assert.equal(open(meeting, "Ann", await speak({ leaf, epoch }, baseKey)), undefined);
    meeting.enter("Cyd");
    const [{ commit }] = meeting.news;
    await assert.rejects(tess.follow(commit));
    assert.deepEqual(meeting.alarms(), []);
  });

  test(`${number}: ts-mls comes in neither without the secret nor with another`, async () => {
    const meeting = new Meeting(["Ann"], suite);
    meeting.enter("Ann");

    for (const secret of [undefined, new Uint8Array(32)]) {
      const { handedIn } = await Foreigner.join(meeting.terms, secret, id("Tess"), "Tess", meeting.offer);
      meeting.deliver("Tess", handedIn.commit);
    }

    assert.deepEqual(members(meeting).map((one) => one.displayName), ["Ann"]);
    assert.deepEqual(meeting.alarms().map((alarm) => alarm.what), ["commit", "commit"]);
  });
}
