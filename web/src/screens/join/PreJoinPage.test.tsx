import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Problem } from "../../api/problem.ts";
import type { Me } from "../../api/wire.ts";
import type { World } from "../../call/world.ts";
import { Gate } from "../../test-gate.ts";
import { testWorld } from "../../test-world.ts";
import type { CapturedTracks } from "../../call/preview.ts";
import { type Joining, PreJoinPage } from "./PreJoinPage.tsx";

let rearCamera = false;

class FakeTrack extends EventTarget {
  readyState = "live";
  readonly kind: string;

  constructor(kind: string) {
    super();
    this.kind = kind;
  }

  getSettings(): MediaTrackSettings {
    return rearCamera ? { facingMode: "environment" } : {};
  }

  stop(): void {
    this.readyState = "ended";
  }
}

/** Audio that is always silent. */
class SilentAudio {
  readonly state = "running";
  resume(): Promise<void> {
    return Promise.resolve();
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
  createMediaStreamSource(): { connect(): void } {
    return { connect: () => {} };
  }
}
class SilentAnalyser {
  readonly fftSize = 512;
  getFloatTimeDomainData(): void {}
}

interface Scene {
  world: World;
  asked: MediaStreamConstraints[];
  /** Who was let in, with what ran then. */
  joined: { name: string; captured: CapturedTracks }[];
  opened: FakeTrack[];
}

interface SceneOptions {
  mayCaptureUnasked?: () => Promise<boolean>;
  refuse?: string;
  onJoin?: (joining: Joining) => Promise<void>;
  /** The person answers the browser, or the device starts. */
  opening?: Gate;
  /** Who has just started the meeting. */
  starts?: Me;
  isHelped?: boolean;
}

interface Door extends SceneOptions {
  what: string;
  isNew?: boolean;
}

function show({ mayCaptureUnasked = () => Promise.resolve(false), refuse, onJoin = () => Promise.resolve(), opening = Gate.opened(), starts, isHelped = false }: SceneOptions = {}): Scene & {
  unmount: () => void;
} {
  const asked: MediaStreamConstraints[] = [];
  const joined: Scene["joined"] = [];
  const opened: FakeTrack[] = [];
  const world = testWorld({
    openDevices: async (constraints) => {
      asked.push(constraints);
      if (refuse !== undefined) throw new DOMException("", refuse);
      await opening.passed;
      const made = [
        ...(constraints.video === undefined ? [] : [new FakeTrack("video")]),
        ...(constraints.audio === undefined ? [] : [new FakeTrack("audio")]),
      ];
      opened.push(...made);
      return {
        getVideoTracks: () => made.filter(({ kind }) => kind === "video"),
        getAudioTracks: () => made.filter(({ kind }) => kind === "audio"),
      } as unknown as MediaStream;
    },
    mayCaptureUnasked,
  });
  async function join(joining: Joining): Promise<void> {
    await onJoin(joining);
    joined.push({ name: joining.name, captured: joining.take() });
  }
  const { unmount } = render(<PreJoinPage world={world} me={starts ?? null} isHelped={isHelped} joinsAtOnce={starts !== undefined} isThroughLobby={false} takesPasscode={false} onJoin={join} onShown={() => {}} />);
  return { world, asked, joined, opened, unmount };
}

async function joinAs(name: string): Promise<void> {
  const user = userEvent.setup();
  await user.type(screen.getByLabelText("Your name"), name);
  await user.click(screen.getByRole("button", { name: "Join now" }));
}

beforeEach(() => {
  sessionStorage.clear();
  localStorage.clear();
  vi.stubGlobal("AudioContext", SilentAudio);
  vi.stubGlobal("AnalyserNode", SilentAnalyser);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it("opens nothing for whoever is helped, and leaves what this tab's meetings want as it is", async () => {
  const { world, asked, joined } = show({ isHelped: true, mayCaptureUnasked: () => Promise.resolve(true) });
  const wanted = world.intent.get();
  const user = userEvent.setup();

  await user.type(screen.getByLabelText("Your name"), "Bo{Enter}");

  await waitFor(() => expect(joined).toEqual([{ name: "Bo", captured: {} }]));
  expect(asked).toEqual([]);
  expect(world.intent.get()).toBe(wanted);
});

describe("who joins without camera and microphone", () => {
  it("has neither turned on in the meeting", async () => {
    const { world, asked, joined } = show();

    await joinAs("Bo");

    expect(joined).toEqual([{ name: "Bo", captured: {} }]);
    expect(world.intent.get()).toEqual({ microphone: false, camera: false });
    expect(asked).toEqual([]);
  });

  it("is not asked for them when joining fails", async () => {
    const { asked } = show({ onJoin: () => Promise.reject(new Problem("meeting_full", 409)) });

    await joinAs("Bo");

    await screen.findByText("The meeting is full.");
    expect(asked).toEqual([]);
  });

  it("may turn them on after all", async () => {
    const { world, asked } = show({ onJoin: () => Promise.reject(new Problem("meeting_full", 409)) });
    await joinAs("Bo");
    await screen.findByText("The meeting is full.");

    await userEvent.setup().click(screen.getByRole("button", { name: "Turn on camera and microphone" }));

    expect(asked).toHaveLength(1);
    expect(world.intent.get()).toEqual({ microphone: true, camera: true });
  });
});

function door(me: Me | undefined): ReactNode {
  return <PreJoinPage world={testWorld()} me={me} isThroughLobby={false} takesPasscode={false} onJoin={() => Promise.resolve()} onShown={() => {}} />;
}

it("does not wait for who is signed in, and then fills in their name", async () => {
  const { rerender } = render(door(undefined));
  const field = screen.getByLabelText<HTMLInputElement>("Your name");
  expect(field.value).toBe("");

  rerender(door({ display_name: "Amara" } as Me));

  expect(field.value).toBe("Amara");
});

it("turns nothing on in the meeting that the browser refused in front of it", async () => {
  const { world } = show({ refuse: "NotAllowedError" });
  await userEvent.setup().click(screen.getByRole("button", { name: "Turn on camera and microphone" }));
  await screen.findByText("The camera is blocked for this page.");

  await joinAs("Bo");

  expect(world.intent.get()).toEqual({ microphone: false, camera: false });
});

it.each([true, false])("shows the front camera as a mirror, and not the rear one: %s", async (isRear) => {
  rearCamera = isRear;
  show({ mayCaptureUnasked: () => Promise.resolve(true) });

  const picture = await screen.findByLabelText("Your camera picture");

  expect(Object.hasOwn((picture as HTMLElement).dataset, "mirrored")).toBe(!isRear);
});

it("hands over what runs, still wanted", async () => {
  const { world, joined } = show({ mayCaptureUnasked: () => Promise.resolve(true) });
  await screen.findByRole("button", { name: "Mute" });

  await joinAs("Bo");

  expect(Object.keys(joined[0]?.captured ?? {}).toSorted()).toEqual(["camera", "microphone"]);
  expect(world.intent.get()).toEqual({ microphone: true, camera: true });
});

const mayCaptureUnasked = (): Promise<boolean> => Promise.resolve(true);

/** In another tab of this browser. */
function wasInAMeeting(): void {
  testWorld().intent.set({ microphone: true, camera: false });
  sessionStorage.clear();
}

describe("who starts a meeting", () => {
  const starts = { display_name: "Amara" } as Me;
  // Shows: REQ-EM-01.
  it("is in it at once, with what was on last", async () => {
    wasInAMeeting();
    const { joined, world } = show({ starts, mayCaptureUnasked });
    expect(screen.queryByRole("button", { name: "Join now" })).toBeNull();

    await waitFor(() => expect(joined).toHaveLength(1));

    expect(joined[0]?.name).toBe("Amara");
    expect(Object.keys(joined[0]?.captured ?? {})).toEqual(["microphone"]);
    expect(world.intent.get()).toEqual({ microphone: true, camera: false });
  });

  it("sees what runs, and can switch it off, when that takes long", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    wasInAMeeting();
    const { joined } = show({ starts, mayCaptureUnasked, onJoin: () => new Promise(() => {}) });
    expect(screen.queryByRole("button", { name: "Mute" })).toBeNull();

    await vi.advanceTimersByTimeAsync(5_000);
    vi.useRealTimers();

    expect(await screen.findByRole("button", { name: "Mute" })).toBeTruthy();
    expect(joined).toEqual([]);
  });

  it.each<Door>([
    { what: "a browser that was in no meeting yet", isNew: true },
    { what: "a browser that would ask", mayCaptureUnasked: () => Promise.resolve(false) },
    { what: "a microphone that is not there", refuse: "NotFoundError" },
    { what: "a server that refuses", onJoin: () => Promise.reject(new Problem("meeting_full", 409)) },
  ])("stands at the door first, with $what", async (door) => {
    if (door.isNew !== true) wasInAMeeting();
    const { joined } = show({ starts, mayCaptureUnasked, ...door });

    expect(await screen.findByRole("button", { name: "Join now" })).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>("Your name").value).toBe("Amara");
    expect(joined).toEqual([]);
  });
});

describe("while the server has not answered", () => {
  it("what runs goes on, is shown, and can be switched off", async () => {
    const answer = new Gate();
    const { world, joined, opened } = show({ mayCaptureUnasked: () => Promise.resolve(true), onJoin: () => answer.passed });
    await screen.findByRole("button", { name: "Mute" });
    await joinAs("Bo");
    expect(screen.getByLabelText("Your camera picture")).toBeTruthy();

    await userEvent.setup().click(screen.getByRole("button", { name: "Mute" }));
    answer.open();
    await waitFor(() => expect(joined).toHaveLength(1));

    expect(world.intent.get()).toEqual({ microphone: false, camera: true });
    expect(Object.keys(joined[0]?.captured ?? {})).toEqual(["camera"]);
    expect(opened.map(({ kind, readyState }) => `${kind} ${readyState}`)).toEqual(["video live", "audio ended"]);
  });

  it("everything stops when somebody goes away, and nothing starts when joining then fails", async () => {
    const answer = new Gate();
    const { asked, opened, unmount } = show({ mayCaptureUnasked: () => Promise.resolve(true), onJoin: () => answer.passed });
    await screen.findByRole("button", { name: "Mute" });
    await joinAs("Bo");

    unmount();
    answer.refuse(new Problem("meeting_full", 409));
    await waitFor(() => Promise.resolve());

    expect(opened.map(({ readyState }) => readyState)).toEqual(["ended", "ended"]);
    expect(asked).toHaveLength(1);
  });

  it("nothing is asked for again after joining failed", async () => {
    const { asked, opened } = show({
      mayCaptureUnasked: () => Promise.resolve(true),
      onJoin: () => Promise.reject(new Problem("meeting_full", 409)),
    });
    await screen.findByRole("button", { name: "Mute" });

    await joinAs("Bo");
    await screen.findByText("The meeting is full.");

    expect(asked).toHaveLength(1);
    expect(opened.map(({ readyState }) => readyState)).toEqual(["live", "live"]);
  });
});

it("turns nothing on in the meeting that the browser still asks about", async () => {
  const opening = new Gate();
  const { world, joined, opened } = show({ opening });
  await userEvent.setup().click(screen.getByRole("button", { name: "Turn on camera and microphone" }));

  await joinAs("Bo");
  await waitFor(() => expect(joined).toHaveLength(1));
  opening.open();
  await waitFor(() => expect(opened).toHaveLength(2));

  expect(joined[0]?.captured).toEqual({});
  expect(world.intent.get()).toEqual({ microphone: false, camera: false });
  await waitFor(() => expect(opened.map(({ readyState }) => readyState)).toEqual(["ended", "ended"]));
});

it("waits for a camera that starts without a question", async () => {
  const opening = new Gate();
  const { joined } = show({ opening, mayCaptureUnasked: () => Promise.resolve(true) });

  await joinAs("Bo");
  expect(joined).toEqual([]);
  opening.open();

  await waitFor(() => expect(Object.keys(joined[0]?.captured ?? {}).toSorted()).toEqual(["camera", "microphone"]));
});

it("opens nothing after somebody went away", async () => {
  const answer = new Gate();
  const { asked, unmount } = show({ mayCaptureUnasked: () => answer.passed.then(() => true) });

  unmount();
  answer.open();
  await waitFor(() => Promise.resolve());

  expect(asked).toEqual([]);
});
