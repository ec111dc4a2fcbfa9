import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Api } from "../api/api.ts";
import type { Downstream } from "../api/wire.ts";
import { Gate } from "../test-gate.ts";
import { FakeKeyWorker } from "../test-worker.ts";
import { type CallMedia, type MediaHandlers, type MediaState, NO_MEDIA, SILENT } from "./call-media.ts";
import type { Socket } from "./channel.ts";
import type { OpenDevices } from "./capture.ts";
import { encodeChat } from "./chat.ts";
import { type Intent, IntentStore } from "./intent.ts";
import type { CapturedTracks } from "./preview.ts";
import { Seats } from "./seats.ts";
import { Session } from "./session.ts";
import { Store } from "../store.ts";

const CODE = "123-456-789";
const SEAT = { meeting: "meeting", participant: "me", credential: "secret", name: "Bo", account: null };
const FACTS = { title: "Visit", organisation: "018f3a5c-0000-7abc-8def-00112233ff00", data_mode: "conduit", link_admits: true, locked: false, sharing: "everybody" } as const;
const you = { participant: "me", display_name: "Bo", role: "guest", signed_in: false, connected: true } as const;

function welcome(admission: "waiting" | "admitted" | "host_absent"): Downstream {
  return { type: "welcome", seq: 1, revision: 1, you, admission, meeting: FACTS, roster: [you], lobby: [] };
}

class FakeSocket extends EventTarget {
  readonly sent: string[] = [];
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {}
  says(message: Downstream): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
  }
}

/** What takes its time on the way in. */
interface Gates {
  ticket: Gate;
  load: Gate;
  connect: Gate;
}

/** Media that remember what they were asked for; `refusals` connections fail first. */
class FakeMedia implements CallMedia {
  readonly state = new Store<MediaState>(NO_MEDIA);
  readonly connections: { ticket: string; intent: Intent }[] = [];
  readonly handlers: MediaHandlers;
  readonly #gates: Gates;
  isConnected = false;
  refusals = 0;
  hasMicrophone = true;

  constructor(handlers: MediaHandlers, gates: Gates) {
    this.handlers = handlers;
    this.#gates = gates;
  }

  async connect(ticket: string, intent: Intent, take: () => CapturedTracks): Promise<void> {
    this.connections.push({ ticket, intent });
    await this.#gates.connect.passed;
    if (this.connections.length <= this.refusals) throw new Error("unreachable");
    take();
    this.isConnected = true;
  }

  setMicrophone(on: boolean): Promise<boolean> {
    return Promise.resolve(on && this.hasMicrophone);
  }

  setCamera(on: boolean): Promise<boolean> {
    return Promise.resolve(on);
  }

  setScreen(on: boolean): Promise<boolean> {
    return Promise.resolve(on);
  }

  chooseDevice(): Promise<void> {
    return Promise.resolve();
  }

  send(): Promise<void> {
    return this.isConnected ? Promise.resolve() : Promise.reject(new Error("not connected"));
  }

  unblockSound(): Promise<void> {
    return Promise.resolve();
  }

  disconnect(): Promise<void> {
    this.isConnected = false;
    return Promise.resolve();
  }
}

class FakeCamera extends EventTarget {
  isStopped = false;
  stop(): void {
    this.isStopped = true;
  }
}

function streamOf(track: FakeCamera): MediaStream {
  return { getVideoTracks: () => [track], getAudioTracks: () => [track] } as unknown as MediaStream;
}

interface Scene {
  session: Session;
  socket: FakeSocket;
  worker: FakeKeyWorker;
  seats: Seats;
  requests: string[];
  gates: Gates;
  media(): FakeMedia;
  loaded(): FakeMedia | null;
  /** Who wants to know that the network is back. */
  listeners: ReadonlySet<() => void>;
  settled(): Promise<void>;
}

interface SceneOptions {
  refusals?: number;
  answer?: (path: string) => Response;
  openDevices?: OpenDevices;
  /** What does not answer by itself. */
  slow?: keyof Gates;
  captured?: CapturedTracks;
  canEncrypt?: boolean;
}

const noDevices: OpenDevices = () => Promise.reject(new DOMException("", "NotFoundError"));

function scene(options: SceneOptions = {}): Scene {
  const { refusals = 0, answer = () => Response.json({ ticket: "ticket", revision: 2 }), slow, captured = {}, openDevices = noDevices, canEncrypt = true } = options;
  const gates: Gates = { ticket: new Gate(), load: new Gate(), connect: new Gate() };
  for (const name of ["ticket", "load", "connect"] as const) if (name !== slow) gates[name].open();
  const socket = new FakeSocket();
  const worker = new FakeKeyWorker();
  const seats = new Seats(sessionStorage, localStorage);
  const requests: string[] = [];
  const listeners = new Set<() => void>();
  let media: FakeMedia | null = null;
  const api = new Api(async (input, init) => {
    requests.push(`${init?.method} ${String(input)}`);
    if (String(input).endsWith("/ticket")) await gates.ticket.passed;
    return answer(String(input));
  });
  const session = new Session(
    {
      api,
      openSocket: () => socket as unknown as Socket,
      openDevices,
      loadMedia: async (handlers) => {
        await gates.load.passed;
        media = new FakeMedia(handlers, gates);
        media.refusals = refusals;
        return media;
      },
      openWorker: () => worker,
      canEncrypt: () => canEncrypt,
      now: () => 1_000,
      sleep: () => Promise.resolve(),
      onWake: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    SEAT,
    seats.secrets(CODE),
    new IntentStore(sessionStorage, localStorage),
    captured,
  );
  session.start();
  return {
    session,
    socket,
    worker,
    seats,
    requests,
    gates,
    media: () => {
      if (media === null) throw new Error("no media were loaded");
      return media;
    },
    loaded: () => media,
    listeners,
    settled: async () => void (await vi.advanceTimersByTimeAsync(100)),
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
  localStorage.clear();
});
afterEach(() => vi.useRealTimers());

describe("a session", () => {
  it("loads no media while its person waits in the lobby", async () => {
    const { session, socket, requests, settled } = scene();

    socket.says(welcome("waiting"));
    await settled();

    expect(session.state.get().phase).toEqual({ at: "waiting", why: "waiting" });
    expect(requests).toEqual([]);
  });

  it("lets the camera's light go out when it is switched off in the lobby", async () => {
    const camera = new FakeCamera();
    const { session, socket, settled } = scene({ captured: { camera: camera as unknown as MediaStreamTrack } });
    socket.says(welcome("waiting"));
    await settled();

    await session.setCamera(false);

    expect(camera.isStopped).toBe(true);
    expect(session.preview.get().camera).toEqual({ status: "off" });
  });

  it("shows in the lobby what runs: the camera that is switched on there", async () => {
    const camera = new FakeCamera();
    const { session, socket, settled } = scene({ openDevices: () => Promise.resolve(streamOf(camera)) });
    await session.setMicrophone(false);
    await session.setCamera(false);
    socket.says(welcome("waiting"));
    await settled();

    await session.setCamera(true);
    await settled();

    expect(session.preview.get().camera).toEqual({ status: "on", track: camera });
  });

  it("opens after a reload in the lobby what is wanted, once", async () => {
    const asked: MediaStreamConstraints[] = [];
    const { session, socket, settled } = scene({
      openDevices: (constraints) => {
        asked.push(constraints);
        return Promise.resolve(streamOf(new FakeCamera()));
      },
    });

    socket.says(welcome("waiting"));
    await settled();
    socket.says(welcome("host_absent"));
    await settled();

    expect(asked).toHaveLength(1);
    expect(session.preview.get()).toMatchObject({ camera: { status: "on" }, microphone: { status: "on" } });
  });

  it("turns nothing on in the meeting that did not open in the lobby", async () => {
    const { session, socket, settled } = scene();

    socket.says(welcome("waiting"));
    await settled();

    expect(session.intent.get()).toEqual({ microphone: false, camera: false });
  });

  it("goes in when it is admitted, with a fresh ticket", async () => {
    const { session, socket, requests, media, settled } = scene();
    socket.says(welcome("host_absent"));

    socket.says(welcome("admitted"));
    await settled();

    expect(session.state.get().phase).toEqual({ at: "inside" });
    expect(requests).toEqual(["POST /api/v1/meetings/meeting/ticket"]);
    expect(media().connections).toHaveLength(1);
  });

  it("tries again, each time with another ticket, until the media are connected", async () => {
    const { socket, requests, media, settled } = scene({ refusals: 2 });

    socket.says(welcome("admitted"));
    await settled();

    expect(media().isConnected).toBe(true);
    expect(requests).toHaveLength(3);
  });

  it("does not disturb running media when the channel comes back", async () => {
    const { socket, media, settled } = scene();
    socket.says(welcome("admitted"));
    await settled();

    socket.says(welcome("admitted"));
    await settled();

    expect(media().connections).toHaveLength(1);
  });

  it("rejoins after the media were lost, still muted", async () => {
    const { session, socket, media, settled } = scene();
    socket.says(welcome("admitted"));
    await settled();
    await session.setMicrophone(false);

    media().handlers.onLost();
    await settled();

    expect(media().connections).toHaveLength(2);
    expect(media().connections[1]?.intent.microphone).toBe(false);
  });

  it("does not pretend that a microphone is on which could not be opened", async () => {
    const { session, socket, media, settled } = scene();
    socket.says(welcome("admitted"));
    await settled();
    media().hasMicrophone = false;

    await session.setMicrophone(true);

    expect(session.intent.get().microphone).toBe(false);
  });

  it.each([
    [410, "ended"],
    [401, "expired"],
    [404, "expired"],
  ] as const)("is over when a ticket is refused with %i", async (status, how) => {
    const { session, socket, settled } = scene({ answer: () => Response.json({ code: "x" }, { status }) });

    socket.says(welcome("admitted"));
    await settled();

    expect(session.state.get().phase).toEqual({ at: "over", how });
  });

  it.each([
    ["meeting_ended", "ended"],
    ["denied", "denied"],
    ["replaced", "replaced"],
    ["not_authenticated", "expired"],
  ] as const)("is over after “%s”, and lets its media go", async (reason, how) => {
    const { session, socket, media, settled } = scene();
    socket.says(welcome("admitted"));
    await settled();

    socket.says({ type: "bye", reason });
    await settled();

    expect(session.state.get().phase).toEqual({ at: "over", how });
    expect(media().isConnected).toBe(false);
  });

  it("wants to know that the network is back as long as it goes on", async () => {
    const { session, listeners } = scene();
    expect(listeners.size).toBe(1);

    await session.leave();

    expect(listeners.size).toBe(0);
  });

  it("leaves at once, whatever the server answers", async () => {
    const { session, socket, requests, settled } = scene({ answer: () => new Response(null, { status: 500 }) });
    socket.says(welcome("waiting"));

    await session.leave();
    await settled();

    expect(session.state.get().phase).toEqual({ at: "over", how: "left" });
    expect(requests).toContain("POST /api/v1/meetings/meeting/leave");
  });

  it("stays in a meeting that could not be ended, and says why", async () => {
    const { session, socket, settled } = scene({
      answer: (path) =>
        path.endsWith("/end") ? Response.json({ code: "not_allowed" }, { status: 403 }) : Response.json({ ticket: "t" }),
    });
    socket.says(welcome("admitted"));
    await settled();

    await expect(session.endForAll()).rejects.toThrow("not_allowed");

    expect(session.state.get().phase).toEqual({ at: "inside" });
  });
});

describe("who leaves while something still takes its time", () => {
  it.each([
    ["ticket", (session: Session) => session.leave()],
    ["load", (session: Session) => session.leave()],
    ["connect", (session: Session) => session.leave()],
    ["ticket", (session: Session) => session.close()],
    ["load", (session: Session) => session.close()],
    ["connect", (session: Session) => session.close()],
  ] as const)("is not connected afterwards: %s, %s", async (slow, go) => {
    const camera = new FakeCamera();
    const { session, socket, gates, loaded, settled } = scene({ slow, captured: { camera: camera as unknown as MediaStreamTrack } });
    socket.says(welcome("admitted"));
    await settled();

    void go(session);
    await settled();
    gates[slow].open();
    await settled();

    expect(loaded()?.isConnected ?? false).toBe(false);
    expect(loaded()?.connections ?? []).toHaveLength(slow === "connect" ? 1 : 0);
    expect(camera.isStopped).toBe(true);
  });
});

it("does not wait for ever for what plays the media: it tries again, with another ticket", async () => {
  const { socket, requests, gates, media, settled } = scene({ slow: "load" });
  socket.says(welcome("admitted"));
  await settled();
  const tickets = (): number => requests.filter((request) => request.endsWith("/ticket")).length;
  expect(tickets()).toBe(1);

  await vi.advanceTimersByTimeAsync(30_000);
  expect(tickets()).toBe(2);

  gates.load.open();
  await settled();
  expect(media().isConnected).toBe(true);
  expect(tickets()).toBe(2);
});

it("connects again when the media are lost while they are still being connected", async () => {
  const { socket, gates, media, settled } = scene({ slow: "connect" });
  socket.says(welcome("admitted"));
  await settled();

  media().handlers.onLost();
  gates.connect.open();
  await settled();

  expect(media().connections).toHaveLength(2);
});

it("gives up what can't be had, so that a reconnection does not try it again", async () => {
  const { session, socket, media, settled } = scene();
  socket.says(welcome("admitted"));
  await settled();

  media().handlers.onUnavailable("camera");

  expect(session.intent.get()).toEqual({ microphone: true, camera: false });
});

it("asks the server over the meeting channel for a sign, where the media wonder whether anything comes", async () => {
  const { socket, media, settled } = scene();
  socket.says(welcome("admitted"));
  await settled();
  let hasHeard = false;
  void media()
    .handlers.ask()
    .then(() => (hasHeard = true));
  await settled();
  expect([socket.sent.at(-1), hasHeard]).toEqual([JSON.stringify({ type: "ping" }), false]);

  socket.says({ type: "pong" } as Downstream);
  await settled();

  expect(hasHeard).toBe(true);
});

const asked = (seq: number): Downstream => ({ type: "event", seq, revision: 2, event: { kind: "unmute_asked" } });

describe("what a host does about one's own devices", () => {
  it("turns them off until the person turns them on", async () => {
    const { session, socket, media, settled } = scene();
    socket.says(welcome("admitted"));
    await settled();

    media().handlers.onStopped("microphone");
    expect([session.state.get().stopped, session.intent.get().microphone]).toEqual(["microphone", false]);

    await session.setCamera(false);
    expect(session.state.get().stopped).toBe("microphone");
    await session.setMicrophone(true);
    expect([session.state.get().stopped, session.intent.get().microphone]).toEqual([null, true]);
  });

  it("opens nothing when it is a question", async () => {
    const { session, socket, settled } = scene();
    socket.says(welcome("admitted"));
    await settled();
    await session.setMicrophone(false);

    socket.says(asked(2));
    expect([session.state.get().isAskedToSpeak, session.intent.get().microphone]).toEqual([true, false]);
    session.declineToSpeak();
    expect(session.state.get().isAskedToSpeak).toBe(false);
    socket.says(asked(3));
    await session.setMicrophone(true);
    expect(session.state.get().isAskedToSpeak).toBe(false);
    socket.says(asked(4));
    expect(session.state.get().isAskedToSpeak).toBe(false);
  });
});

describe("the lobby of a session", () => {
  it("lets exactly those in who were shown, and vouches for them", async () => {
    const { session, socket, worker, requests, settled } = scene();
    socket.says(encrypted());
    await settled();

    await session.admitAll(["cy", "di"]);

    expect(requests.at(-1)).toMatch(/lobby\/admit-all$/);
    expect(worker.orders.slice(-2)).toEqual([
      { order: "admitted", participant: "cy" },
      { order: "admitted", participant: "di" },
    ]);
  });

  it("tells who waits their place in line", () => {
    const { session, socket } = scene();
    const { meeting: _inside, ...outside } = welcome("waiting") as Extract<Downstream, { type: "welcome" }>;
    socket.says({ ...outside, place: 3 });
    expect(session.state.get().meeting?.place).toBe(3);

    socket.says({ type: "event", seq: 2, revision: 2, event: { kind: "place", place: 2 } });

    expect(session.state.get().meeting?.place).toBe(2);
  });

  it("is closed to who was away for too long when the meeting is locked", () => {
    const { session, socket } = scene();

    socket.says({ type: "bye", reason: "meeting_locked" });

    expect(session.state.get().phase).toEqual({ at: "over", how: "locked" });
  });
});

describe("the chat of a session", () => {
  it("names the sender that the router vouches for, and ignores other topics", async () => {
    const { session, socket, media, settled } = scene();
    socket.says(welcome("admitted"));
    await settled();

    media().handlers.onMessage("conclave.chat", "amy", encodeChat("1", "Hello"));
    media().handlers.onMessage("something.else", "amy", encodeChat("2", "Hidden"));

    expect(session.chat.get()).toEqual([{ id: "1", participant: "amy", text: "Hello", at: 1_000 }]);
  });

  it("leaves what is no message of its own to who listens", async () => {
    const { session, socket, media, settled } = scene();
    const heard: string[] = [];
    const stop = session.onPacket((topic, participant) => heard.push(`${topic} ${participant}`));
    await expect(session.sendPacket("conclave.remote", Uint8Array.of(1), "amy")).rejects.toThrow("offline");
    socket.says(welcome("admitted"));
    await settled();
    media().handlers.onMessage("conclave.remote", "amy", Uint8Array.of(1));
    media().handlers.onMessage("conclave.chat", "amy", encodeChat("1", "Hello"));
    stop();
    media().handlers.onMessage("conclave.remote", "amy", Uint8Array.of(2));
    await session.sendPacket("conclave.remote", Uint8Array.of(1), "amy");

    expect(heard).toEqual(["conclave.remote amy"]);
  });

  it("shows one's own message once it was sent, and not before", async () => {
    const { session, socket, media, settled } = scene();
    socket.says(welcome("admitted"));
    await settled();
    await session.say(" Hi ");

    await media().disconnect();
    await expect(session.say("Lost")).rejects.toThrow("chat_not_sent");

    expect(session.chat.get().map(({ text }) => text)).toEqual(["Hi"]);
  });
});

it("passes the state of its media on", async () => {
  const { session, socket, media, settled } = scene();
  socket.says(welcome("admitted"));
  await settled();

  media().state.set({ ...NO_MEDIA, connection: "connected", people: new Map([["me", SILENT]]) });

  expect(session.media.get().connection).toBe("connected");
});

const GROUP = "AAECAwQFBgcICQoLDA0ODw==";
const MLS = { group: { id: GROUP, epoch: 4, replays_from: 2 }, external_sender: { signature_key: "AAAA", identity: "AAAA" }, required: true };
const amy = { participant: "amy", display_name: "Amy", role: "host", signed_in: true, connected: true } as const;

function encrypted(admission: "waiting" | "admitted" = "admitted"): Downstream {
  return { type: "welcome", seq: 1, revision: 1, you, admission, meeting: FACTS, mls: MLS, roster: [amy, you], lobby: [] };
}

describe("a meeting's encryption", () => {
  it("begins when somebody is in, with the link's secret and nobody's word but the person's own for their name", () => {
    const { socket, worker, seats } = scene();
    seats.keepSecret(CODE, "fragment");
    socket.says(welcome("waiting"));
    expect(worker.orders).toEqual([]);

    socket.says(encrypted());

    expect(worker.last("enter")).toMatchObject({
      entry: { meeting: "meeting", participant: "me", displayName: "Bo", account: null, fragment: "fragment", dataMode: "conduit" },
      people: { present: ["amy", "me"], away: [], hosts: ["amy"], atTheDoor: [] },
    });
  });

  // Shows: REQ-AC-02.
  it("shows the hosts in the lobby that the passcode is known, where the server asks for it, and counts one try", () => {
    const { session, socket, worker, seats } = scene();
    seats.keepPasscode(CODE, "482193");
    const { meeting: _inside, ...outside } = welcome("waiting") as Extract<Downstream, { type: "welcome" }>;
    socket.says({ ...outside, passcode: { hosts: [] } });
    socket.says({ type: "event", seq: 2, revision: 2, event: { kind: "passcode", wanted: { hosts: ["amy"] } } });
    const door = { meeting: "meeting", participant: "me", fragment: null, passcode: "482193", isPasscodeSpent: false, passcodeNumber: 0 };
    expect(worker.orders).toEqual([
      { order: "knock", door, hosts: [] },
      { order: "knock", door, hosts: ["amy"] },
    ]);

    socket.says({ type: "event", seq: 3, revision: 3, event: { kind: "passcode" } });
    expect(session.state.get().meeting?.passcode).toBeNull();
    expect(worker.last("knock")?.hosts).toEqual([]);
    socket.says(encrypted());

    expect(worker.last("enter")?.entry).toMatchObject({ passcode: "482193", isPasscodeSpent: false });
    const isSpent = [1, 2, 3, 4, 5].map(() => seats.secrets(CODE).countTry());
    expect(isSpent).toEqual([false, false, false, false, true]);
  });

  // Shows: REQ-AC-02.
  it("takes the passcode that its person changed it to, and no earlier one from the server", async () => {
    const { session, socket, worker, requests, seats } = scene();
    const says = (seq: number, passcode_number: number): void =>
      socket.says({ type: "event", seq, revision: seq, event: { kind: "meeting_changed", meeting: { ...FACTS, passcode_number } } });
    socket.says(encrypted());

    await session.changePasscode();

    expect(requests).toContain("POST /api/v1/meetings/meeting/passcode");
    expect(worker.last("passcode_changed")?.number).toBe(1);
    for (const [seq, number] of [[2, 3], [3, 3], [4, 0]] as const) says(seq, number);
    expect(worker.orders.filter(({ order }) => order === "passcode_number")).toEqual([{ order: "passcode_number", number: 3 }]);
    expect(seats.secrets(CODE).passcodeNumber()).toBe(3);
  });

  // Shows: REQ-AC-02.
  it("vouches for whoever has shown in the lobby that they know the passcode", async () => {
    const { socket, worker, requests, settled } = scene();
    socket.says({ ...encrypted(), lobby: [{ participant: "cy", display_name: "Cy", since: "2026-11-22T08:00:00Z", needs_passcode: true }] } as Downstream);
    expect(worker.last("enter")?.people.atTheDoor).toEqual(["cy"]);

    worker.says({ news: "knows", participant: "cy" });
    await settled();

    expect(requests).toContain("POST /api/v1/meetings/meeting/lobby/cy/vouch");
  });

  // Shows: REQ-AC-02.
  it.each([
    ["until the server has taken it", 503, 2],
    ["not again where the server refuses it", 409, 1],
  ])("vouches for them %s", async (_, status, times) => {
    const answers = [Response.json({ code: "refused" }, { status })];
    const answer = (path: string): Response => (path.endsWith("/vouch") ? answers.shift() : undefined) ?? Response.json({ ticket: "ticket", revision: 2 });
    const { socket, worker, requests, settled } = scene({ answer });
    socket.says({ ...encrypted(), lobby: [{ participant: "cy", display_name: "Cy", since: "2026-11-22T08:00:00Z", needs_passcode: true }] } as Downstream);

    worker.says({ news: "knows", participant: "cy" });
    worker.says({ news: "knows", participant: "cy" });

    const vouched = (): string[] => requests.filter((request) => request.endsWith("/vouch"));
    await vi.waitFor(() => expect(vouched()).toHaveLength(times));
    await settled();
    expect(vouched()).toHaveLength(times);
  });

  it("vouches for nobody who does not wait for it", async () => {
    const { socket, worker, requests, settled } = scene();
    socket.says(encrypted());

    worker.says({ news: "knows", participant: "cy" });
    await settled();

    expect(requests.filter((request) => request.endsWith("/vouch"))).toEqual([]);
  });

  // Shows: REQ-AC-02.
  it("leaves it to the link to show that the passcode is known, and counts no try", () => {
    const { socket, worker, seats } = scene();
    seats.secrets(CODE).keepFragment("c2VjcmV0.aG9zdA", true);
    seats.keepPasscode(CODE, "482193");
    const { meeting: _inside, ...outside } = welcome("waiting") as Extract<Downstream, { type: "welcome" }>;
    socket.says({ ...outside, passcode: { hosts: ["amy"] } });

    expect(worker.last("knock")?.door).toMatchObject({ fragment: "c2VjcmV0.aG9zdA", isPasscodeSpent: false });
    const isSpent = [1, 2, 3, 4, 5, 6].map(() => seats.secrets(CODE).countTry());
    expect(isSpent).toEqual([false, false, false, false, false, true]);
  });

  it("compares where the group is after an interruption, and does not begin again", () => {
    const { socket, worker } = scene();
    socket.says(encrypted());
    socket.says(encrypted());

    expect(worker.orders.map(({ order }) => order)).toEqual(["enter", "again", "people", "compare"]);
    expect(worker.last("compare")?.group).toMatchObject({ id: GROUP, epoch: 4 });
  });

  it("hears the group's events and messages, and sends the worker's", () => {
    const { socket, worker } = scene();
    socket.says(encrypted());
    socket.says({ type: "event", seq: 2, revision: 1, event: { kind: "mls_ended", group: GROUP } });
    socket.says({ type: "mls_heartbeat", bytes: "AAAA" });
    worker.says({ news: "send", message: { type: "mls_join" } });

    const heard = worker.orders.flatMap((order) => (order.order === "hear" ? [order.message] : []));
    expect(heard).toEqual([{ kind: "mls_ended", group: GROUP }, { type: "mls_heartbeat", bytes: "AAAA" }]);
    expect(socket.sent.at(-1)).toBe(JSON.stringify({ type: "mls_join" }));
  });

  it("knows who comes and goes by the server's word", () => {
    const { socket, worker } = scene();
    socket.says(encrypted());
    socket.says({ type: "event", seq: 2, revision: 2, event: { kind: "roster_left", participant: "amy" } });

    expect(worker.last("people")?.people).toEqual({ present: ["me"], away: [], hosts: [], atTheDoor: [] });
  });

  it.each([
    ["what the server says", () => Response.json({ account: "account", entries: ["AAAA"] }), { account: "account", entries: ["AAAA"] }],
    ["that there is none", () => Response.json({ code: "participant_not_found" }, { status: 404 }), { account: "", entries: [] }],
  ] as const)("fetches the list of somebody's devices, and passes on %s", async (_, answer, heard) => {
    const { session, worker, requests } = scene({ answer });
    session.start();
    worker.says({ news: "devices", participant: "ann" });

    await vi.waitFor(() => expect(worker.last("devices")).toMatchObject({ participant: "ann", ...heard }));
    expect(requests).toContain("GET /api/v1/meetings/meeting/participants/ann/devices");
  });

  it("asks again for somebody's devices where the server had no time for the question", async () => {
    const busy = Response.json({ code: "too_many_requests" }, { status: 429 });
    const answers = [busy, Response.json({ account: "account", entries: ["AAAA"] })];
    const { session, worker } = scene({ answer: () => answers.shift() ?? Response.json({}, { status: 404 }) });
    session.start();
    worker.says({ news: "devices", participant: "ann" });

    await vi.waitFor(() => expect(worker.last("devices")).toMatchObject({ account: "account", entries: ["AAAA"] }));
    expect(worker.orders.filter(({ order }) => order === "devices")).toHaveLength(1);
  });

  it("lets the worker answer those whom this person let in, also after a reload", async () => {
    const { session, socket, worker, seats } = scene();
    socket.says(encrypted());
    await session.admit("cy");

    expect(worker.last("admitted")?.participant).toBe("cy");
    expect(seats.secrets(CODE).admitted()).toEqual(["cy"]);
  });

  it("lets the worker answer nobody whom this person turned away after a failed try to let them in", async () => {
    const { session, socket, worker, seats } = scene();
    socket.says(encrypted());
    await session.admit("cy");
    await session.deny("cy");

    expect(worker.orders.slice(-2)).toEqual([
      { order: "admitted", participant: "cy" },
      { order: "denied", participant: "cy" },
    ]);
    expect(seats.secrets(CODE).admitted()).toEqual([]);
  });

  it("keeps what a host sent to somebody who came by code", () => {
    const { session, socket, worker, seats } = scene();
    socket.says(encrypted());
    worker.says({ news: "fragment", fragment: "sent", isVerified: false });

    expect(seats.secrets(CODE).fragment()).toBe("sent");
    expect(session.encryption.get().cameByCode).toBe(true);
    worker.says({ news: "fragment", fragment: "sent", isVerified: true });
    expect([seats.secrets(CODE).isByCode(), session.encryption.get().cameByCode]).toEqual([false, false]);
  });

  it("remembers to whom this page gave the secret without a passcode", () => {
    const { socket, worker, seats } = scene();
    socket.says(encrypted());
    worker.says({ news: "answered", participant: "cy", isVerified: false });
    worker.says({ news: "answered", participant: "di", isVerified: true });

    expect(seats.secrets(CODE).byCode()).toEqual(["cy"]);
  });

  it("puts somebody out of the group whether or not the server follows", async () => {
    const { session, socket, worker, requests } = scene();
    socket.says(encrypted());
    await session.expel("cy").catch(() => {});

    expect(worker.orders.at(-1)).toEqual({ order: "expelled", participant: "cy" });
    expect(requests.at(-1)).toMatch(/participants\/cy\/expel$/);
  });

  it("is none of a co-host's, whose acts the server alone follows", async () => {
    const { session, socket, worker, requests } = scene();
    const { you: _you, ...rest } = encrypted() as Extract<Downstream, { type: "welcome" }>;
    socket.says({ ...rest, you: { ...you, role: "co_host" } });
    const before = worker.orders.length;

    await session.expel("cy").catch(() => {});
    await session.deny("di");

    expect(worker.orders.slice(before)).toEqual([]);
    expect(requests.slice(-2).map((path) => path.split("/").at(-1))).toEqual(["expel", "deny"]);
  });

  it("that a browser can't do ends there: no media are asked for, and no key", async () => {
    const { session, socket, worker, requests, settled } = scene({ canEncrypt: false });
    socket.says(encrypted());
    await settled();

    expect(session.encryption.get().standing).toEqual({ at: "unsupported" });
    expect([worker.last("enter"), requests]).toEqual([undefined, []]);
  });

  it("is forgotten by who leaves, and kept by a page that goes away", async () => {
    const leaving = scene();
    await leaving.session.leave();
    expect([leaving.worker.last("leave"), leaving.worker.isTerminated]).toEqual([{ order: "leave" }, false]);

    const going = scene();
    going.session.close();
    expect([going.worker.last("leave"), going.worker.isTerminated]).toEqual([undefined, true]);
  });
});
