import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";

import { Api } from "../../api/api.ts";
import type { Downstream, Me } from "../../api/wire.ts";
import { Session } from "../../call/session.ts";
import type { World } from "../../call/world.ts";
import { Gate } from "../../test-gate.ts";
import { ACCOUNT, TestBrowser, VaultServer } from "../../test-vault.ts";
import { FakeKeyWorker } from "../../test-worker.ts";
import { testWorld } from "../../test-world.ts";
import { JoinPage } from "./JoinPage.tsx";

const CODE = "123-456-789";
const SEAT = { meeting: "m", participant: "bo", credential: "c" };

interface Scene {
  world: World;
  answer: Gate;
  requests: string[];
  unmount: () => void;
}

/** Somebody has pressed “Join now”, and the server takes its time. */
async function joining(): Promise<Scene> {
  const answer = new Gate();
  const requests: string[] = [];
  const api = new Api(async (input) => {
    requests.push(String(input));
    if (String(input).endsWith("/join")) await answer.passed;
    return Response.json(SEAT);
  });
  const world = testWorld({ api });
  const { unmount } = render(<JoinPage world={world} code={CODE} me={null} onHome={() => {}} />);
  const user = userEvent.setup();
  await user.type(screen.getByLabelText("Your name"), "Bo");
  await user.click(screen.getByRole("button", { name: "Join now" }));
  await waitFor(() => expect(requests).toEqual([`/api/v1/meetings/${CODE}/join`]));
  return { world, answer, requests, unmount };
}

beforeEach(() => {
  sessionStorage.clear();
  localStorage.clear();
});

describe("who goes away while the server takes its time", () => {
  it("leaves the seat that they then got, and opens no session", async () => {
    const { world, answer, requests, unmount } = await joining();

    unmount();
    answer.open();

    await waitFor(() => expect(requests.at(-1)).toBe("/api/v1/meetings/m/leave"));
    expect(world.seats.seat(CODE)).toBeNull();
  });

  it("keeps the seat when they are back in it by then", async () => {
    const { world, answer, requests, unmount } = await joining();

    unmount();
    world.seats.keepSeat(CODE, { ...SEAT, name: "Bo", account: null });
    answer.open();
    await new Promise((resolve) => setTimeout(resolve, 5));

    expect(requests).toHaveLength(1);
  });
});

// Shows: REQ-EM-01.
it("leads whoever starts a meeting straight in, in a browser that was in one before", async () => {
  const requests: string[] = [];
  const api = new Api(async (input) => {
    requests.push(String(input));
    await new Promise(() => {});
    return Response.json(SEAT);
  });
  const world = testWorld({ api, mayCaptureUnasked: () => Promise.resolve(true) });
  world.intent.set({ microphone: false, camera: false });
  world.seats.keepSecret(CODE, "c".repeat(43));
  render(<JoinPage world={world} code={CODE} me={{ display_name: "Amara" } as Me} joinsAtOnce onHome={() => {}} />);

  await waitFor(() => expect(requests).toEqual([`/api/v1/meetings/${CODE}/join`]));
  expect(screen.queryByRole("button", { name: "Join now" })).toBeNull();
});

describe("a host whose meeting was made in another browser", () => {
  it("comes back with what their vault has of it", async () => {
    const server = new VaultServer();
    const vault = new TestBrowser(server, "Desk").page();
    await vault.refresh();
    const meeting = "018f3a5c-0000-7000-8000-000000000900";
    await vault.keep([{ meeting, fragment: "A".repeat(43), passcode: null, until: 2_000_000_000 }]);
    const opened: (string | null)[] = [];
    const world = testWorld({
      vault: () => vault,
      openSession: (code, seat) => {
        opened.push(world.seats.secret(code));
        return new Session(
          {
            api: world.api,
            openSocket: () => Object.assign(new EventTarget(), { send: () => {}, close: () => {} }),
            openDevices: world.openDevices,
            loadMedia: () => Promise.reject(new Error("no media here")),
            canEncrypt: () => true,
            openWorker: () => new FakeKeyWorker(),
            now: () => 0,
            sleep: () => Promise.resolve(),
            onWake: () => () => {},
          },
          seat,
          world.seats.secrets(code),
          world.intent,
          {},
        );
      },
    });
    world.seats.keepSeat(CODE, { ...SEAT, meeting, name: "Amara", account: ACCOUNT });
    render(<JoinPage world={world} code={CODE} me={null} onHome={() => {}} />);

    await waitFor(() => expect(opened).toEqual(["A".repeat(43)]));
  });
});

describe("whose meeting is over", () => {
  const bo = { participant: "bo", display_name: "Bo", role: "guest", signed_in: false, connected: true } as const;
  const meeting = { title: "Remote support", organisation: "018f3a5c-0000-7abc-8def-00112233ff00", link_admits: true, locked: false, sharing: "everybody" } as const;

  /** The server says this of somebody who came from the page for those who are helped, or not, and that it is over. */
  async function over(isHelped: boolean, admission: "admitted" | "waiting", data_mode: "conduit" | "archive" = "conduit"): Promise<string[]> {
    const requests: string[] = [];
    const api = new Api(async (input, init) => {
      requests.push(`${init?.method} ${String(input)} ${String(init?.body)}`);
      if (String(input).endsWith("/feedback")) return new Response(null, { status: 204 });
      return await new Promise<Response>(() => {});
    });
    const socket = Object.assign(new EventTarget(), { send: () => {}, close: () => {} });
    const world: World = testWorld({
      api,
      openSession: (code, seat) =>
        new Session(
          {
            api,
            openSocket: () => socket,
            openDevices: world.openDevices,
            loadMedia: () => Promise.reject(new Error("no media here")),
            canEncrypt: () => true,
            openWorker: () => new FakeKeyWorker(),
            now: () => 0,
            sleep: () => Promise.resolve(),
            onWake: () => () => {},
          },
          seat,
          world.seats.secrets(code),
          world.intent,
          {},
        ),
    });
    world.seats.keepSeat(CODE, { ...SEAT, name: "Bo", account: null });
    if (isHelped) world.seats.keepHelped(CODE);
    render(<JoinPage world={world} code={CODE} me={null} onHome={() => {}} />);
    const says = (message: Downstream): boolean => socket.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
    await act(async () => {
      says({ type: "welcome", seq: 1, revision: 1, you: bo, admission, meeting: { ...meeting, data_mode }, roster: [bo], lobby: [] });
      says({ type: "bye", reason: "meeting_ended" });
    });
    await screen.findByRole("heading", { name: "The meeting has ended" });
    return requests;
  }

  // Shows: REQ-RS-07.
  it("is asked how it went after they were helped, by the seat that they had", async () => {
    const requests = await over(true, "admitted");
    const user = userEvent.setup();

    await user.selectOptions(await screen.findByLabelText("Is your problem solved?"), "yes");
    await user.click(screen.getByRole("button", { name: "Send" }));

    expect(await screen.findByText("Thank you. It is with them.")).toBeTruthy();
    expect(requests.at(-1)).toBe('POST /api/v1/meetings/m/support/feedback {"solved":true,"rating":null,"answers":[]}');
  });

  it.each([
    [false, "admitted", "conduit"],
    [true, "waiting", "conduit"],
    [true, "admitted", "archive"],
  ] as const)("is asked nothing after a meeting, where they were never let in, and where all is kept (%s, %s, %s)", async (isHelped, admission, mode) => {
    await over(isHelped, admission, mode);
    await act(async () => void (await import("../support/FeedbackCard.tsx")));

    expect(screen.queryByLabelText("Is your problem solved?")).toBeNull();
  });
});

describe("who comes to be helped, and waits to be let in", () => {
  const bo = { participant: "bo", display_name: "Bo", role: "guest", signed_in: false, connected: true } as const;
  const seat = { ...SEAT, name: "Bo", account: null };

  interface Door {
    world: World;
    /** What the browser was asked for. */
    asked: MediaStreamConstraints[];
    letWait: () => Promise<void>;
  }

  function door(prepare: (world: World) => void, offer = (): Response => Response.json({})): Door {
    const asked: MediaStreamConstraints[] = [];
    const socket = Object.assign(new EventTarget(), { send: () => {}, close: () => {} });
    const api = new Api(async (input) => {
      if (String(input).includes("/support/codes/")) return offer();
      return String(input).endsWith("/join") ? Response.json(SEAT) : Response.json(null);
    });
    const world: World = testWorld({
      api,
      openDevices: (constraints) => {
        asked.push(constraints);
        return Promise.reject(new DOMException("", "NotAllowedError"));
      },
      openSession: (code, kept, captured, wish = world.intent) =>
        new Session(
          {
            api,
            openSocket: () => socket,
            openDevices: world.openDevices,
            loadMedia: () => Promise.reject(new Error("no media here")),
            canEncrypt: () => true,
            openWorker: () => new FakeKeyWorker(),
            now: () => 0,
            sleep: () => Promise.resolve(),
            onWake: () => () => {},
          },
          kept,
          world.seats.secrets(code),
          wish,
          captured,
        ),
    });
    prepare(world);
    render(<JoinPage world={world} code={CODE} me={null} onHome={() => {}} />);
    const letWait = async (): Promise<void> => {
      const welcome: Downstream = { type: "welcome", seq: 1, revision: 1, you: bo, admission: "waiting", roster: [], lobby: [] };
      await act(async () => void socket.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(welcome) })));
      await screen.findByText("The host knows that you are here and will let you in.");
    };
    return { world, asked, letWait };
  }

  it("is asked for no camera and no microphone, and shown no switch of one, after a reload neither", async () => {
    const { world, asked, letWait } = door(({ seats }) => {
      seats.keepHelped(CODE);
      seats.keepSeat(CODE, seat);
    });
    await letWait();

    expect(asked).toEqual([]);
    expect(screen.queryByRole("button", { name: /camera|mute/i })).toBeNull();
    expect(world.intent.get()).toMatchObject({ microphone: true, camera: true });
  });

  it("is asked for none by the way through the door either", async () => {
    const { asked, letWait } = door(({ seats }) => seats.keepHelped(CODE));
    const user = userEvent.setup();
    await user.type(screen.getByLabelText("Your name"), "Bo");
    await user.click(screen.getByRole("button", { name: "Continue" }));
    await screen.findByRole("heading", { name: "Connecting…" });
    await letWait();

    expect(asked).toEqual([]);
    expect(screen.queryByRole("button", { name: /camera|mute/i })).toBeNull();
  });

  it("is another than who waits for a meeting, and sees what will be turned on", async () => {
    const { asked, letWait } = door(({ seats }) => seats.keepSeat(CODE, seat));
    await letWait();

    expect(asked).not.toEqual([]);
    expect(screen.getByRole("button", { name: /camera/i })).toBeTruthy();
    expect(screen.getByRole("button", { name: /mute/i })).toBeTruthy();
  });

  it("is nobody at the door of a meeting that got the code afterwards", async () => {
    const { world } = door(
      ({ seats }) => seats.keepHelped(CODE),
      () => Response.json({ code: "support_not_found" }, { status: 404 }),
    );

    expect(await screen.findByRole("button", { name: "Join now" })).toBeTruthy();
    expect(screen.getByRole("button", { name: "Turn on camera and microphone" })).toBeTruthy();
    expect(world.seats.isHelped(CODE)).toBe(false);
  });

  it("stays one where the server could not be asked", async () => {
    const { world } = door(
      ({ seats }) => seats.keepHelped(CODE),
      () => Response.json({ code: "busy" }, { status: 503 }),
    );
    await act(async () => new Promise((resolve) => setTimeout(resolve, 5)));

    expect(world.seats.isHelped(CODE)).toBe(true);
    expect(screen.queryByRole("button", { name: "Join now" })).toBeNull();
  });
});
