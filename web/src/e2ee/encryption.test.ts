import { afterEach, describe, expect, it } from "vitest";

import { FakeKeyWorker } from "../test-worker.ts";
import { Encryption } from "./encryption.ts";
import type { MlsUpstream } from "../api/wire.ts";
import type { Asker, Entry } from "./orders.ts";

const ENTRY: Entry = {
  meeting: "m",
  organisation: "o",
  dataMode: "conduit",
  externalSender: { signature_key: "AAAA", identity: "AAAA" },
  isClosed: false,
  fragment: "fragment",
  participant: "me",
  displayName: "Bo",
  account: null,
  passcode: null,
  isPasscodeSpent: false,
  passcodeNumber: 0,
  admitted: [],
  byCode: [],
  guesses: 0,
};
const asker = (participant: string): Asker => ({ participant, why: "no_passcode" });
const NOBODY = { present: [], away: [], hosts: [], atTheDoor: [] };
const SOUND = { kind: "microphone", codec: "opus", name: "one" } as const;

function scene(): { encryption: Encryption; worker: FakeKeyWorker; sent: MlsUpstream[]; fragments: string[]; wanted: string[] } {
  const worker = new FakeKeyWorker();
  const sent: MlsUpstream[] = [];
  const fragments: string[] = [];
  const wanted: string[] = [];
  const encryption = new Encryption(worker, {
    send: (message) => void sent.push(message),
    onFragment: (fragment) => void fragments.push(fragment),
    onByCode: () => {},
    onKnows: () => {},
    onGuesses: () => {},
    onDevicesWanted: (participant) => void wanted.push(participant),
  });
  return { encryption, worker, sent, fragments, wanted };
}

afterEach(() => void Reflect.deleteProperty(globalThis, "RTCRtpScriptTransform"));

describe("what is known of the encryption", () => {
  it("comes from the worker", () => {
    const { encryption, worker } = scene();
    expect(encryption.state.get()).toMatchObject({ standing: { at: "joining" }, code: null });

    worker.says({ news: "standing", standing: { at: "on" } });
    worker.says({ news: "group", occupants: [], code: "12345" });
    worker.says({ news: "locked", participants: ["amy"] });
    worker.says({ news: "difference", difference: { strangers: ["x"], outsiders: [] } });

    expect(encryption.state.get()).toMatchObject({ standing: { at: "on" }, code: "12345", difference: { strangers: ["x"] } });
    expect(encryption.state.get().locked.has("amy")).toBe(true);
  });

  it("shows each alarm once, and not without end", () => {
    const { encryption, worker } = scene();
    for (let count = 0; count < 50; count += 1) {
      worker.says({ news: "alarm", what: "commit", participant: null });
      worker.says({ news: "alarm", what: "commit", participant: `p${count}` });
    }

    const { alarms } = encryption.state.get();
    expect(alarms).toHaveLength(20);
    expect(alarms.at(-1)).toEqual({ what: "commit", participant: "p49" });
  });

  it("says that it failed when the worker breaks", () => {
    const { encryption, worker } = scene();
    worker.breaks();

    expect(encryption.state.get().standing).toEqual({ at: "failed" });
  });
});

describe("messages", () => {
  it("are sealed and opened in the order in which the worker answers, each by its number", async () => {
    const { encryption, worker } = scene();
    const first = encryption.open("amy", "chat", "t", Uint8Array.of(1));
    const second = encryption.open("amy", "chat", "t", Uint8Array.of(2));
    const [one, two] = worker.orders.map((order) => (order.order === "open" ? order.number : 0));
    worker.says({ news: "answer", number: two ?? 0, payload: null });
    worker.says({ news: "answer", number: one ?? 0, payload: Uint8Array.of(9) });

    expect([await first, await second]).toEqual([Uint8Array.of(9), null]);
  });

  it("are not sent without a key", async () => {
    const { encryption, worker } = scene();
    const sealed = encryption.seal("chat", "t", Uint8Array.of(1));
    worker.says({ news: "answer", number: worker.last("seal")?.number ?? 0, payload: null });

    await expect(sealed).rejects.toThrow("no key");
  });

  it("wait for nobody after the end", async () => {
    const { encryption } = scene();
    const waiting = encryption.open("amy", "chat", "t", Uint8Array.of(1));
    encryption.leave();

    expect([await waiting, await encryption.open("amy", "chat", "t", Uint8Array.of(2))]).toEqual([null, null]);
  });
});

describe("a worker that failed", () => {
  for (const how of ["breaks", "says so"] as const) {
    it(`answers who waits, and is not believed again, when it ${how}`, async () => {
      const { encryption, worker } = scene();
      const waiting = encryption.open("amy", "chat", "t", Uint8Array.of(1));
      if (how === "breaks") worker.breaks();
      else worker.says({ news: "standing", standing: { at: "failed" } });
      worker.says({ news: "standing", standing: { at: "on" } });

      expect([await waiting, await encryption.open("amy", "chat", "t", Uint8Array.of(2))]).toEqual([null, null]);
      await expect(encryption.seal("chat", "t", Uint8Array.of(1))).rejects.toThrow("no key");
      expect(encryption.state.get().standing).toEqual({ at: "failed" });
    });
  }

  it("keeps no endless list of what others sent", async () => {
    const { encryption, worker } = scene();
    for (let count = 0; count < 1_000; count += 1) void encryption.open("amy", "chat", "t", Uint8Array.of(1));

    expect(worker.orders).toHaveLength(256);
  });
});

describe("the frames of a track", () => {
  it("go to the worker as streams where the browser hands them out, once", () => {
    const { encryption, worker } = scene();
    let handedOut = 0;
    const sender = {
      createEncodedStreams() {
        handedOut += 1;
        return { readable: new ReadableStream(), writable: new WritableStream() };
      },
    } as unknown as RTCRtpSender;

    encryption.sealSender(sender, SOUND);
    encryption.release(sender);
    encryption.sealSender(sender, { kind: "screen_sound", codec: "opus", name: "two" });

    expect(handedOut).toBe(1);
    expect(worker.orders.map(({ order }) => order)).toEqual(["pipe", "detach", "retarget"]);
    expect(worker.last("pipe")?.attachment).toEqual({ id: 1, side: "out", ...SOUND });
    expect(worker.last("retarget")?.attachment).toMatchObject({ id: 1, kind: "screen_sound", name: "two" });
  });

  it("go through a transform in other browsers", () => {
    const made: unknown[] = [];
    function FakeTransform(_worker: unknown, options: unknown): void {
      made.push(options);
    }
    Object.assign(globalThis, { RTCRtpScriptTransform: FakeTransform });
    const { encryption } = scene();
    const receiver = {} as RTCRtpReceiver;

    encryption.openReceiver(receiver, { participant: "amy", ...SOUND });

    expect(receiver.transform).toBeDefined();
    expect(made).toEqual([{ id: 1, side: "in", participant: "amy", ...SOUND }]);
  });

  it("are not taken for sealed where attaching failed once", () => {
    const { encryption, worker } = scene();
    const sender = {
      createEncodedStreams() {
        throw new DOMException("", "InvalidStateError");
      },
    } as unknown as RTCRtpSender;

    for (const _ of ["once", "again"]) expect(() => encryption.sealSender(sender, SOUND)).toThrow();
    expect(worker.orders).toEqual([]);
  });

  it("are not sent where there is no way to seal them", () => {
    const { encryption } = scene();

    expect(() => encryption.sealSender({} as RTCRtpSender, SOUND)).toThrow("can't encrypt");
  });
});

describe("a meeting", () => {
  it("is entered once, and compared afterwards", () => {
    const { encryption, worker } = scene();
    encryption.people(NOBODY);
    encryption.enter(ENTRY, NOBODY, null);
    encryption.enter(ENTRY, NOBODY, { id: "g", epoch: 3, replays_from: 1 });

    expect(worker.orders.map(({ order }) => order)).toEqual(["enter", "people", "compare"]);
  });

  // Shows: REQ-MODE-05.
  it("whose server says something else of what is kept raises an alarm", () => {
    const { encryption } = scene();
    for (const mode of ["conduit", "conduit"] as const) encryption.toldMode(mode);
    expect(encryption.state.get().alarms).toEqual([]);

    for (const mode of ["archive", "archive"] as const) encryption.toldMode(mode);

    expect(encryption.state.get().alarms).toEqual([{ what: "mode", participant: null }]);
  });

  it("that somebody came to by code is marked", () => {
    const { encryption, worker, fragments } = scene();
    encryption.enter({ ...ENTRY, fragment: null }, NOBODY, null);
    worker.says({ news: "fragment", fragment: "sent", isVerified: false });

    expect(encryption.state.get().cameByCode).toBe(true);
    expect(fragments).toEqual(["sent"]);
  });

  it("who waits for a word is kept until it is said, or they have gone", () => {
    const { encryption, worker } = scene();
    encryption.enter(ENTRY, NOBODY, null);
    for (const who of ["cy", "di", "ed", "cy"]) worker.says({ news: "asker", asker: asker(who) });
    expect(encryption.state.get().askers).toEqual([asker("cy"), asker("di"), asker("ed")]);

    encryption.allow("di");
    expect(worker.orders.at(-1)).toEqual({ order: "allow", participant: "di" });
    encryption.people({ ...NOBODY, present: ["cy"] });
    expect(encryption.state.get().askers).toEqual([asker("cy")]);
    worker.says({ news: "answered", participant: "cy", isVerified: true });
    expect(encryption.state.get().askers).toEqual([]);
  });
});

it("the list of somebody's devices is fetched when the worker wants it", () => {
  const { encryption, worker, wanted } = scene();
  worker.says({ news: "devices", participant: "ann" });
  encryption.devices("ann", "account", ["AAAA"]);

  expect(wanted).toEqual(["ann"]);
  expect(worker.last("devices")).toEqual({ order: "devices", participant: "ann", account: "account", entries: ["AAAA"] });
});
