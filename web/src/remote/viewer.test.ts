import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { fakeCodec, FakePort } from "../test-remote.ts";
import { SupportSession } from "./support-session.ts";
import { Viewer } from "./viewer.ts";

/** As far as it is used: jsdom draws nothing. */
class FakeCanvas {
  width = 0;
  height = 0;
  readonly drawn: string[] = [];

  getContext(): { putImageData(image: ImageData, x: number, y: number): void; clearRect(...rect: number[]): void; drawImage(...drawn: unknown[]): void } {
    return {
      putImageData: ({ width, height }, x, y) => void this.drawn.push(`${x},${y} ${width}x${height}`),
      clearRect: (...rect) => void this.drawn.push(`clear ${rect.join(" ")}`),
      drawImage: (_video, ...rect) => void this.drawn.push(`video ${rect.join(" ")}`),
    };
  }
}

class FakeImageData {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;

  constructor(data: Uint8ClampedArray, width: number, height: number) {
    this.data = data;
    this.width = width;
    this.height = height;
  }
}

const before = globalThis.ImageData;
beforeEach(() => void Reflect.set(globalThis, "ImageData", FakeImageData));
afterEach(() => void Reflect.set(globalThis, "ImageData", before));

interface Scene {
  viewer: Viewer;
  port: FakePort;
  canvas: FakeCanvas;
  cursor: FakeCanvas;
  video: { readyState: number; frames: number };
  pass(milliseconds: number): void;
}

function scene({ isLate = false, leads = true, codecs = [2] } = {}): Scene {
  const port = new FakePort();
  if (!leads) port.greeting = { kind: "watches" };
  port.guest.set("agent");
  let now = 1_000;
  const support = new SupportSession({ port, codec: fakeCodec, now: () => now, after: () => () => {} }, { leads });
  const begin = (): void => {
    port.says({ kind: "answer", to: "view", answer: "granted", seconds: 600 });
    port.says({ kind: "watching", monitor: 0 });
  };
  if (isLate) begin();
  const [canvas, cursor] = [new FakeCanvas(), new FakeCanvas()];
  const element = (fake: FakeCanvas): HTMLCanvasElement => fake as unknown as HTMLCanvasElement;
  const video = { readyState: 4, frames: 1, getVideoPlaybackQuality: (): { totalVideoFrames: number } => ({ totalVideoFrames: video.frames }) };
  const viewer = new Viewer({
    codec: fakeCodec,
    support,
    canvas: element(canvas),
    cursor: element(cursor),
    video: video as unknown as HTMLVideoElement,
    showsVideo: (codec) => codecs.includes(codec),
    now: () => now,
  });
  if (!isLate) begin();
  return { viewer, port, canvas, cursor, video, pass: (milliseconds) => void (now += milliseconds) };
}

const batch = (change: object = {}): object => ({
  batch: { kind: "batch", monitor: 0, dirty: [0, 0, 64, 64], resized: false, exact: false, width: 800, height: 600, ...change },
});

describe("a picture", () => {
  it("is drawn whole at first, and then where it changed; each change is acknowledged", () => {
    const { viewer, port, canvas } = scene();
    port.shows(batch({ resized: true }));
    port.shows(batch({ dirty: [64, 0, 64, 64, 0, 64, 10, 20], exact: true }));

    expect(canvas.drawn).toEqual(["0,0 800x600", "64,0 64x64", "0,64 10x20"]);
    expect([canvas.width, canvas.height]).toEqual([800, 600]);
    expect(viewer.state.get()).toEqual({ monitor: 0, width: 800, height: 600, isExact: true, isMoving: false });
    expect(port.sent).toEqual(Array.from({ length: 2 }, () => ({ to: "agent", way: "tiles", message: { receipt: 0 } })));
  });

  it("that an earlier view was shown is asked for again", () => {
    const { port } = scene({ isLate: true });

    expect(port.sent.map(({ message }) => message)).toEqual([{ resync: 0 }]);
  });

  it("that is watched is wiped when the computer says that it is over", () => {
    const { viewer, port, canvas } = scene({ leads: false });
    port.shows(batch({ resized: true }));
    expect(viewer.state.get().monitor).toBe(0);
    port.says({ kind: "watches" });

    expect(viewer.state.get().monitor).toBeNull();
    expect(canvas.drawn.at(-1)).toBe("clear 0 0 800 600");
  });

  it("of a monitor that is not watched is acknowledged, and not shown", () => {
    const { viewer, port, canvas } = scene();
    port.shows(batch({ monitor: 3 }));

    expect([canvas.drawn.length, port.sent.length, viewer.state.get().monitor]).toEqual([0, 1, null]);
  });

  it("of another monitor takes the first one's place", () => {
    const { viewer, port, canvas } = scene();
    port.shows(batch());
    port.says({ kind: "watching", monitor: 1 });
    port.shows(batch({ monitor: 1, width: 100, height: 50 }));

    expect(viewer.state.get()).toMatchObject({ monitor: 1, width: 100, height: 50 });
    expect(canvas.drawn.at(-1)).toBe("0,0 100x50");
  });

  it("of a window alone takes the place of the monitor that was shown before", () => {
    const { viewer, port, canvas } = scene();
    port.shows(batch());
    port.says({ kind: "monitors", monitors: [] });
    expect(canvas.drawn.at(-1)).toBe("clear 0 0 800 600");

    port.shows(batch({ monitor: 255, width: 100, height: 50 }));

    expect(viewer.state.get()).toMatchObject({ monitor: 255, width: 100, height: 50 });
    expect(canvas.drawn.at(-1)).toBe("0,0 100x50");
  });

  it("is wiped when it may not be seen any more", () => {
    const { viewer, port, canvas } = scene();
    port.shows(batch());
    port.says({ kind: "withdrawn", capability: "view" });

    expect(canvas.drawn.at(-1)).toBe("clear 0 0 800 600");
    expect(viewer.state.get().monitor).toBeNull();
  });

  it("is asked for again where a message is none, and not with each of them", () => {
    const { port, pass } = scene();
    port.shows(batch());
    port.shows({});
    port.shows({});
    pass(1_000);
    port.shows({});

    expect(port.sent.slice(1).map(({ message }) => message)).toEqual([{ resync: 0 }, { resync: 0 }]);
  });
});

const turn = (turn: string, change: object = {}): object => ({ video: { monitor: 0, turn, codec: 2, exact: false, ...change } });

describe("a video", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is wanted where the browser shows it, and said not to be where not", () => {
    const { port } = scene();
    port.shows(turn("offered"));
    port.shows(turn("offered", { codec: 3 }));

    expect(port.sent.map(({ message }) => message)).toEqual([
      { video: 0, can: true },
      { video: 0, can: false },
    ]);
  });

  it("takes the picture's place, which is exact only when the tiles behind it are", () => {
    const { viewer, port, canvas } = scene();
    port.shows(batch({ resized: true, exact: true }));
    port.shows(turn("begins"));
    expect(viewer.state.get()).toMatchObject({ isMoving: true, isExact: false });

    port.shows(turn("ends"));
    expect(viewer.state.get()).toMatchObject({ isMoving: false, isExact: false });
    port.shows(batch());
    port.shows(batch({ dirty: [64, 0, 64, 64], exact: true }));

    expect(canvas.drawn.slice(1)).toEqual(["video 0 0 800 600", "0,0 64x64", "0,0 800x600"]);
    expect(viewer.state.get()).toMatchObject({ isMoving: false, isExact: true });
  });

  it("is over with the next tiles, also where nobody said so, and leaves nothing where it had no frame", () => {
    const { viewer, port, canvas, video } = scene();
    port.shows(batch());
    port.shows(turn("begins"));
    video.readyState = 0;
    port.shows(batch());

    expect(viewer.state.get().isMoving).toBe(false);
    expect(canvas.drawn).toEqual(["0,0 800x600", "0,0 64x64"]);
  });

  it("that changed nothing leaves the picture as it was once the tiles say so", () => {
    const { viewer, port, canvas } = scene();
    port.shows(batch({ exact: true }));
    port.shows(turn("begins"));
    port.shows(turn("ends"));
    expect(canvas.drawn.at(-1)).toBe("video 0 0 800 600");
    expect(viewer.state.get()).toMatchObject({ isMoving: false, isExact: false });

    port.shows(batch({ dirty: [], exact: true }));

    expect(canvas.drawn.at(-1)).toBe("0,0 800x600");
    expect(viewer.state.get()).toMatchObject({ isMoving: false, isExact: true });
  });

  it("that does not arrive, or comes to a halt, is said not to be shown", () => {
    for (const arrived of [0, 5]) {
      const { port, video } = scene();
      port.shows(batch());
      video.frames = 0;
      port.shows(turn("begins"));
      video.frames = arrived;
      vi.advanceTimersByTime(1_500);
      const answer = { to: "agent", way: "tiles", message: { video: 0, can: false } };
      expect(port.sent.slice(1)).toEqual(arrived === 0 ? [answer] : []);
      vi.advanceTimersByTime(1_500);

      expect(port.sent.at(-1)).toEqual(answer);
    }
  });

  it("that did not arrive is said to be shown again after a while, and after a longer one each time it does not", () => {
    const { viewer, port, video } = scene();
    port.shows(batch());
    video.frames = 0;
    const halts = (): void => {
      port.shows(turn("begins"));
      vi.advanceTimersByTime(1_500);
      port.shows(batch());
    };
    const isWanted = (): boolean => port.sent.some(({ message }) => (message as { can?: boolean }).can === true);
    for (const wait of [10_000, 20_000, 40_000]) {
      port.sent.length = 0;
      halts();
      vi.advanceTimersByTime(wait - 1);
      expect(isWanted()).toBe(false);
      vi.advanceTimersByTime(1);
      expect(isWanted()).toBe(true);
    }

    // A short one that is seen.
    port.shows(turn("begins"));
    video.frames += 30;
    vi.advanceTimersByTime(1_000);
    port.shows(batch());
    port.sent.length = 0;
    vi.advanceTimersByTime(600_000);
    expect(isWanted()).toBe(false);
    video.frames = 0;
    halts();
    port.sent.length = 0;
    vi.advanceTimersByTime(10_000);
    expect(isWanted()).toBe(true);

    halts();
    viewer.close();
    port.sent.length = 0;
    vi.advanceTimersByTime(600_000);
    expect(isWanted()).toBe(false);
  });

  it("that goes on, or is over, is left alone", () => {
    for (const ends of [turn("ends"), batch()]) {
      const { viewer, port, video } = scene();
      port.shows(batch());
      port.shows(turn("begins"));
      for (let second = 0; second < 5; second += 1) {
        video.frames += 30;
        vi.advanceTimersByTime(1_000);
      }
      port.shows(ends);
      vi.advanceTimersByTime(5_000);
      port.shows(turn("begins"));
      viewer.close();
      vi.advanceTimersByTime(5_000);

      expect(port.sent.map(({ message }) => message)).not.toContainEqual({ video: 0, can: false });
    }
  });

  it("of a monitor that is not shown, or may not be seen, is not shown", () => {
    const { viewer, port } = scene();
    port.shows(batch());
    port.shows(turn("begins", { monitor: 3 }));
    expect(viewer.state.get().isMoving).toBe(false);

    port.shows(turn("begins"));
    port.says({ kind: "withdrawn", capability: "view" });

    expect(viewer.state.get()).toMatchObject({ monitor: null, isMoving: false });
  });
});

describe("the pointer", () => {
  const shape = { width: 8, height: 8, hotX: 1, hotY: 2, rgba: [] };

  it("is drawn over the picture, and wiped where it was", () => {
    const { port, cursor } = scene();
    port.shows(batch());
    port.shows({ pointer: { shape, place: { monitor: 0, x: 10, y: 10 } } });
    port.shows({ pointer: { shape, place: { monitor: 0, x: 20, y: 10 } } });
    port.shows({ pointer: { shape, place: null } });

    expect(cursor.drawn).toEqual(["9,8 8x8", "clear 9 8 8 8", "19,8 8x8", "clear 19 8 8 8"]);
  });

  it("on another monitor is not shown", () => {
    const { port, cursor } = scene();
    port.shows(batch());
    port.shows({ pointer: { shape, place: { monitor: 1, x: 10, y: 10 } } });

    expect(cursor.drawn).toEqual([]);
  });
});
