// Somebody who came by a code gets the link from a host who knows the same passcode, over a server that carries letters.
import assert from "node:assert/strict";
import { test } from "node:test";

import { id, seed } from "./meeting.mjs";
import { wasm } from "./module.mjs";

const { SecretAsker, SecretGiver } = wasm;

const MEETING = new Uint8Array(16).fill(1);
const FRAGMENT = "c2VjcmV0.aG9zdA";
const [HOST, GUEST] = [id("Ann"), id("Eve")];

const asking = (passcode) => new SecretAsker(seed(), passcode);
const giving = (passcode) => new SecretGiver(MEETING, HOST, FRAGMENT, passcode, seed());

/** Letters go to and fro until one side has nothing to say. What each made of them. */
function meet(asker, giver) {
  const [said, heard] = [[], []];
  let letter = asker.ask();
  while (letter !== undefined) {
    const given = giver.take(GUEST, letter);
    said.push(given);
    const answered = given?.bytes && asker.take(MEETING, GUEST, HOST, given.bytes);
    heard.push(answered);
    letter = answered?.kind === "send" ? answered.bytes : undefined;
  }
  return { said: said.at(-1), heard: heard.at(-1) };
}

test("whoever knows the passcode gets the link, and both sides know that it was verified", () => {
  const { said, heard } = meet(asking("123 456"), giving("123456"));

  assert.deepEqual(heard, { kind: "secret", fragment: FRAGMENT, isVerified: true });
  assert.equal(said.kind, "send");
  assert.equal(said.isVerified, true);
  assert.ok(said.bytes.length < 4096);
});

test("in a meeting without a passcode the link is given unverified", () => {
  const { said, heard } = meet(asking(), giving());

  assert.deepEqual(heard, { kind: "secret", fragment: FRAGMENT, isVerified: false });
  assert.equal(said.isVerified, false);
});

test("who waits to be let in shows that they know the passcode, and is given nothing for it", () => {
  const [asker, giver] = [asking("123456"), giving("123456")];
  const reply = giver.check(GUEST, asker.ask());
  const { bytes } = asker.take(MEETING, GUEST, HOST, reply.bytes);

  assert.deepEqual(giver.check(GUEST, bytes), { kind: "known" });
  assert.equal(giver.guesses, 0);
  assert.equal(giver.check(GUEST, asking().ask()), undefined);
  assert.deepEqual(meet(asker, giver).heard, { kind: "secret", fragment: FRAGMENT, isVerified: true });
});

test("a wrong passcode is told to both, and the third is the last", () => {
  const giver = giving("123456");

  for (let guess = 0; guess < 3; guess += 1) {
    const { said, heard } = meet(asking("654321"), giver);
    assert.equal(said.kind, "wrong_passcode");
    assert.deepEqual(heard, { kind: "wrong_passcode" });
  }
  const { said, heard } = meet(asking("123456"), giver);

  assert.equal(said.kind, "passcode_spent");
  assert.deepEqual(heard, { kind: "passcode_spent" });
});

test("a page that is loaded again goes on counting wrong passcodes", () => {
  const before = giving("123456");
  meet(asking("654321"), before);
  assert.equal(before.guesses, 1);

  const after = new SecretGiver(MEETING, HOST, FRAGMENT, "123456", seed(), before.guesses + 9);
  const { said } = meet(asking("123456"), after);

  assert.equal(said.kind, "passcode_spent");
  assert.equal(after.guesses, 10);
});

test("whoever asks without a passcode where there is one waits for the host's person", () => {
  const [asker, giver] = [asking(), giving("123456")];

  assert.deepEqual(meet(asker, giver), { said: { kind: "no_passcode" }, heard: undefined });
  giver.allow(GUEST);

  assert.deepEqual(meet(asker, giver).heard, { kind: "secret", fragment: FRAGMENT, isVerified: false });
});

test("whoever typed a passcode takes no link without it", () => {
  const asker = asking("123456");

  assert.deepEqual(meet(asker, giving()), { said: undefined, heard: undefined });
  const unasked = giving().take(GUEST, asking().ask());

  assert.equal(asker.take(MEETING, GUEST, HOST, unasked.bytes), undefined);
});

test("letters that come again are answered alike", () => {
  const [asker, giver] = [asking("123456"), giving("123456")];
  const question = asker.ask();

  const [first, again] = [giver.take(GUEST, question), giver.take(GUEST, question)];
  assert.deepEqual(first, again);
  const confirm = () => asker.take(MEETING, GUEST, HOST, first.bytes).bytes;
  const [one, two] = [confirm(), confirm()];

  assert.deepEqual(one, two);
  assert.deepEqual(giver.take(GUEST, one), giver.take(GUEST, two));
  assert.equal(giver.take(id("Bob"), one), undefined);
});

test("what is no passcode is refused", () => {
  for (const passcode of ["", "12345", "1234567890123", "12345a"]) {
    assert.throws(() => asking(passcode), (error) => error.code === "passcode");
    assert.throws(() => giving(passcode), (error) => error.code === "passcode");
  }
});
