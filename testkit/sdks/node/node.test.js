// @livekit/rtc-node and livekit-server-sdk.

import assert from "node:assert/strict";
import { after, afterEach, beforeEach, test } from "node:test";

import { DisconnectReason, dispose } from "@livekit/rtc-node";
import { DataPacket_Kind } from "livekit-server-sdk";

import { Party, roomService, until } from "./party.js";

const LIMIT = { timeout: 60_000 };

let party;
beforeEach(() => {
  party = new Party();
});
afterEach(() => party.end());
after(() => dispose());

test("two programs see each other", LIMIT, async () => {
  const ann = await party.join("ann");
  const bob = await party.join("bob");

  await ann.publishCamera();
  await bob.publishCamera();

  await ann.sees("bob");
  await bob.sees("ann");
});

test("an addressed message reaches nobody else", LIMIT, async () => {
  const ann = await party.join("ann");
  const bob = await party.join("bob");
  const eve = await party.join("eve");
  await until(() => ann.peer("bob") && ann.peer("eve"), "everybody is there");
  const send = (text, to) =>
    ann.me.publishData(new TextEncoder().encode(text), {
      reliable: true,
      topic: "t",
      destination_identities: to,
    });

  await send("for bob", ["bob"]);
  await send("for eve", ["eve"]);

  await until(() => bob.data.length && eve.data.length, "both messages");
  assert.deepEqual(bob.data, [{ text: "for bob", from: "ann", topic: "t" }]);
  assert.deepEqual(eve.data, [{ text: "for eve", from: "ann", topic: "t" }]);
});

test("a procedure is called and attributes are told", LIMIT, async () => {
  const ann = await party.join("ann");
  const bob = await party.join("bob");
  await until(() => ann.peer("bob") && bob.peer("ann"), "both are there");
  bob.me.registerRpcMethod("greet", async ({ payload }) => `Hello, ${payload}`);

  const answer = await ann.me.performRpc({
    destinationIdentity: "bob",
    method: "greet",
    payload: "Ann",
  });
  await ann.me.setAttributes({ hand: "up" });

  assert.equal(answer, "Hello, Ann");
  await until(() => bob.peer("ann").attributes.hand === "up", "ann's attribute");
});

test("the server API in JSON: a room from its making to its end", LIMIT, async () => {
  const rooms = roomService();

  const made = await rooms.createRoom({ name: party.name, emptyTimeout: 60, metadata: "first" });
  const changed = await rooms.updateRoomMetadata(party.name, "second");
  const [listed] = await rooms.listRooms([party.name]);
  assert.equal(changed.metadata, "second");
  assert.equal(listed.sid, made.sid);
  assert.equal(listed.emptyTimeout, 60);

  const ann = await party.join("ann");
  const bob = await party.join("bob");
  const publication = await ann.publishCamera();
  await bob.sees("ann", 3);
  const names = (await rooms.listParticipants(party.name)).map(({ identity }) => identity);
  assert.deepEqual(names.sort(), ["ann", "bob"]);

  const muted = await rooms.mutePublishedTrack(party.name, "ann", publication.sid, true);
  assert.ok(muted.muted);
  const updated = await rooms.updateParticipant(party.name, "bob", { metadata: "guest" });
  assert.equal(updated.metadata, "guest");
  await rooms.sendData(party.name, new TextEncoder().encode("news"), DataPacket_Kind.RELIABLE, {
    destinationIdentities: ["bob"],
  });
  await until(() => bob.data.length, "the server's message");
  assert.equal(ann.data.length, 0);

  await rooms.removeParticipant(party.name, "bob");
  await until(() => bob.disconnected.length, "bob is sent away");
  assert.deepEqual(bob.disconnected, [DisconnectReason.PARTICIPANT_REMOVED]);
  await rooms.deleteRoom(party.name);
  await until(() => ann.disconnected.length, "ann is sent away");
  assert.deepEqual(await rooms.listRooms([party.name]), []);
});

test("what is not there or not allowed is told as such", LIMIT, async () => {
  const rooms = roomService();

  await assert.rejects(rooms.deleteRoom(party.name), { code: "not_found", status: 404 });
  await assert.rejects(rooms.createRoom({ name: "meeting:x" }), {
    code: "invalid_argument",
    status: 400,
  });
});
