import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { ChannelEvent, Downstream, Upstream } from "../api/wire.ts";
import { Channel, type Socket } from "./channel.ts";

/** The other end of a connection, in the test's hands. */
class FakeSocket extends EventTarget {
  readonly sent: Upstream[] = [];
  isClosed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Upstream);
  }

  close(): void {
    this.isClosed = true;
  }

  opens(): void {
    this.dispatchEvent(new Event("open"));
  }

  says(message: Downstream): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
  }

  breaks(): void {
    this.dispatchEvent(new Event("close"));
  }
}

const you = { participant: "me", display_name: "Amy", role: "guest", signed_in: false, connected: true } as const;
const welcome = (seq: number): Downstream => ({
  type: "welcome",
  seq,
  revision: 1,
  you,
  admission: "admitted",
  roster: [you],
  lobby: [],
});
const event = (seq: number): Downstream => ({
  type: "event",
  seq,
  revision: seq,
  event: { kind: "roster_left", participant: `p${seq}` },
});

function connected(): { sockets: FakeSocket[]; seen: string[]; channel: Channel } {
  const sockets: FakeSocket[] = [];
  const seen: string[] = [];
  const open = (): Socket => {
    const socket = new FakeSocket();
    sockets.push(socket);
    return socket as unknown as Socket;
  };
  const channel = new Channel(open, "secret", {
    onWelcome: ({ seq }) => seen.push(`welcome ${seq}`),
    onEvent: (revision, { kind }: ChannelEvent) => seen.push(`${kind} ${revision}`),
    onGroup: ({ type }) => seen.push(type),
    onConnected: (isConnected) => seen.push(isConnected ? "up" : "down"),
    onClosed: (reason) => seen.push(`bye ${reason}`),
  });
  channel.connect();
  return { sockets, seen, channel };
}

function last(sockets: FakeSocket[]): FakeSocket {
  const socket = sockets.at(-1);
  if (socket === undefined) throw new Error("no socket was opened");
  return socket;
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("the meeting channel", () => {
  it("shows its credential first, and nothing before that", () => {
    const { sockets } = connected();
    expect(last(sockets).sent).toEqual([]);

    last(sockets).opens();

    expect(last(sockets).sent).toEqual([{ type: "hello", credential: "secret" }]);
  });

  it("carries what is said about the group, both ways, and nothing before the server has answered", () => {
    const { sockets, seen, channel } = connected();
    channel.send({ type: "mls_join" });
    last(sockets).opens();
    channel.send({ type: "mls_join" });
    expect(last(sockets).sent).toHaveLength(1);

    last(sockets).says(welcome(4));
    channel.send({ type: "mls_processed", group: "AAECAwQFBgcICQoLDA0ODw==", epoch: 3 });
    last(sockets).says({ type: "mls_slot", kind: "create", lease_ms: 2_000 });

    expect(last(sockets).sent.at(-1)).toEqual({ type: "mls_processed", group: "AAECAwQFBgcICQoLDA0ODw==", epoch: 3 });
    expect(seen.at(-1)).toBe("mls_slot");

    last(sockets).breaks();
    channel.send({ type: "mls_join" });
    expect(last(sockets).sent.at(-1)).not.toEqual({ type: "mls_join" });
  });

  it("passes events on in order and drops a repetition", () => {
    const { sockets, seen } = connected();
    last(sockets).opens();

    for (const message of [welcome(4), event(5), event(5), event(6)]) last(sockets).says(message);

    expect(seen).toEqual(["up", "welcome 4", "roster_left 5", "roster_left 6"]);
  });

  it("asks for what it missed after an interruption", () => {
    const { sockets, seen } = connected();
    last(sockets).opens();
    last(sockets).says(welcome(4));
    last(sockets).says(event(5));

    last(sockets).breaks();
    vi.advanceTimersByTime(10_000);
    last(sockets).opens();
    last(sockets).says({ type: "resumed", after: 5 });

    expect(sockets).toHaveLength(2);
    expect(last(sockets).sent[0]).toEqual({ type: "hello", credential: "secret", after: 5 });
    expect(seen.slice(-2)).toEqual(["down", "up"]);
  });

  it("treats a gap as an interruption, and does not apply what follows it", () => {
    const { sockets, seen } = connected();
    last(sockets).opens();
    last(sockets).says(welcome(4));

    last(sockets).says(event(7));

    expect(sockets[0]?.isClosed).toBe(true);
    expect(seen.at(-1)).toBe("down");
  });

  it("acknowledges many events at once", () => {
    const { sockets } = connected();
    last(sockets).opens();
    for (const message of [welcome(0), event(1), event(2), event(3)]) last(sockets).says(message);

    vi.advanceTimersByTime(1_000);

    expect(last(sockets).sent.filter(({ type }) => type === "ack")).toEqual([{ type: "ack", seq: 3 }]);
  });

  it("gives up on a silent connection and tries another", () => {
    const { sockets, seen } = connected();
    last(sockets).opens();
    last(sockets).says(welcome(0));

    vi.advanceTimersByTime(60_000);

    expect(seen).toContain("down");
    expect(sockets.length).toBeGreaterThan(1);
  });

  it("stays open as long as its pings are answered", () => {
    const { sockets } = connected();
    last(sockets).opens();
    last(sockets).says(welcome(0));

    for (let minute = 0; minute < 12; minute += 1) {
      vi.advanceTimersByTime(15_000);
      last(sockets).says({ type: "pong" });
    }

    expect(sockets).toHaveLength(1);
    expect(last(sockets).sent.filter(({ type }) => type === "ping")).toHaveLength(12);
  });

  it.each(["not_authenticated", "replaced", "meeting_ended", "denied"] as const)("does not come back after “%s”", (reason) => {
    const { sockets, seen } = connected();
    last(sockets).opens();

    last(sockets).says({ type: "bye", reason });
    vi.advanceTimersByTime(60_000);

    expect(sockets).toHaveLength(1);
    expect(seen.at(-1)).toBe(`bye ${reason}`);
  });

  it("asks the server for a word, and takes any for one, also of the next connection", async () => {
    const { sockets, channel } = connected();
    const words: string[] = [];
    const ask = async (name: string): Promise<void> => void channel.ask().then(() => words.push(name));
    await ask("before the hello is answered");
    expect(last(sockets).sent).toEqual([]);
    last(sockets).opens();
    last(sockets).says(welcome(1));
    await vi.advanceTimersByTimeAsync(0);
    expect(words).toEqual(["before the hello is answered"]);

    await ask("later");
    expect(last(sockets).sent.at(-1)).toEqual({ type: "ping" });
    last(sockets).breaks();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(words).toHaveLength(1);
    last(sockets).opens();
    last(sockets).says({ type: "resumed" } as Downstream);
    await vi.advanceTimersByTimeAsync(0);

    expect(words).toHaveLength(2);
  });

  it.each(["too_slow", "server_stopping"] as const)("comes back after “%s”", (reason) => {
    const { sockets } = connected();
    last(sockets).opens();

    last(sockets).says({ type: "bye", reason });
    vi.advanceTimersByTime(10_000);

    expect(sockets.length).toBeGreaterThan(1);
  });

  it("is quiet after it was closed", () => {
    const { sockets, channel } = connected();
    last(sockets).opens();
    last(sockets).says(welcome(0));
    const sent = last(sockets).sent.length;

    channel.close();
    vi.advanceTimersByTime(60_000);

    expect(sockets).toHaveLength(1);
    expect(last(sockets).sent).toHaveLength(sent);
  });
});

it("does not wait for its next try when the network is back", () => {
  const { sockets, channel } = connected();
  last(sockets).breaks();

  channel.hurry();
  channel.hurry();

  expect(sockets).toHaveLength(2);
});
