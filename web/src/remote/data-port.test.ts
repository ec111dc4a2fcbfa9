import { describe, expect, it } from "vitest";

import { type MediaState, NO_MEDIA, SILENT } from "../call/call-media.ts";
import type { MeetingState } from "../call/meeting-state.ts";
import type { PacketListener } from "../call/packets.ts";
import { Store } from "../store.ts";
import { Gate } from "../test-gate.ts";
import { settled } from "../test-remote.ts";
import { type DataPort, meetingPort, MOST_WAITING, type Way } from "./data-port.ts";

const entry = (participant: string, role: "host" | "guest", connected = true): MeetingState["you"] => ({
  participant,
  display_name: participant,
  role,
  signed_in: role === "host",
  connected,
});

function meetingOf(...roster: MeetingState["roster"]): { meeting: MeetingState } {
  const you = entry("me", "host");
  return { meeting: { revision: 1, you, admission: "admitted", dataMode: null, facts: null, roster, lobby: [], place: null, passcode: null, ended: null } };
}

const connected = (...people: string[]): MediaState => ({ ...NO_MEDIA, connection: "connected", people: new Map(people.map((person) => [person, SILENT])) });

/** A meeting whose packets take as long as the test says. */
class FakeMeeting {
  readonly state = new Store<{ meeting: MeetingState | null }>({ meeting: null });
  readonly media = new Store<MediaState>(NO_MEDIA);
  readonly sent: string[] = [];
  readonly gates: Gate[] = [];
  readonly listeners = new Set<PacketListener>();

  async sendPacket(topic: string, payload: Uint8Array, to: string): Promise<void> {
    const gate = this.gates.shift();
    await gate?.passed;
    this.sent.push(`${topic} ${payload.join(" ")} ${to}`);
  }

  onPacket(listener: PacketListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

function scene(): { meeting: FakeMeeting; port: DataPort } {
  const meeting = new FakeMeeting();
  return { meeting, port: meetingPort(meeting) };
}

describe("who is helped", () => {
  it("is the guest, once packets reach them", () => {
    const { meeting, port } = scene();
    meeting.state.set(meetingOf(entry("colleague", "host"), entry("agent", "guest")));
    expect(port.guest.get()).toBeNull();
    meeting.media.set(connected("me", "agent"));
    expect(port.guest.get()).toBe("agent");
  });

  it("is nobody while they, or this page, are gone", () => {
    const { meeting, port } = scene();
    meeting.state.set(meetingOf(entry("agent", "guest")));
    meeting.media.set(connected("agent"));
    meeting.state.set(meetingOf(entry("agent", "guest", false)));
    expect(port.guest.get()).toBeNull();
    meeting.state.set(meetingOf(entry("agent", "guest")));
    meeting.media.set({ ...connected("agent"), connection: "reconnecting" });
    expect(port.guest.get()).toBeNull();
  });
});

describe("packets", () => {
  it("of one way go in their order, however long the first one takes", async () => {
    const { meeting, port } = scene();
    const slow = new Gate();
    meeting.gates.push(slow);
    const first = port.send("agent", "input", Uint8Array.of(1));
    const second = port.send("agent", "input", Uint8Array.of(2));
    await port.send("agent", "tiles", Uint8Array.of(3));
    slow.open();
    await Promise.all([first, second]);

    expect(meeting.sent).toEqual(["conclave.tiles 3 agent", "conclave.input 1 agent", "conclave.input 2 agent"]);
  });

  it("that are lost say so and hold nothing up", async () => {
    const { meeting, port } = scene();
    const lost = new Gate();
    meeting.gates.push(lost);
    const first = port.send("agent", "remote", Uint8Array.of(1));
    const second = port.send("agent", "remote", Uint8Array.of(2));
    lost.refuse(new Error("no key"));

    await expect(first).rejects.toThrow("no key");
    await second;
    expect(meeting.sent).toEqual(["conclave.remote 2 agent"]);
  });

  it("don't wait without end", async () => {
    const { meeting, port } = scene();
    const gate = new Gate();
    meeting.gates.push(gate);
    const sent = Array.from({ length: MOST_WAITING }, () => port.send("agent", "input", Uint8Array.of(1)));

    await expect(port.send("agent", "input", Uint8Array.of(2))).rejects.toThrow("too much");
    gate.open();
    await Promise.all(sent);
    await port.send("agent", "input", Uint8Array.of(3));
  });

  it("are heard by their topic, and by no other", async () => {
    const { meeting, port } = scene();
    const heard: [string, Way][] = [];
    const stop = port.onData((from, way) => heard.push([from, way]));
    for (const topic of ["conclave.file", "conclave.other", "conclave.remote"]) {
      for (const listener of meeting.listeners) listener(topic, "agent", Uint8Array.of(1));
    }
    stop();
    await settled();

    expect(heard).toEqual([
      ["agent", "file"],
      ["agent", "remote"],
    ]);
    expect(meeting.listeners.size).toBe(0);
  });
});
