import { describe, expect, it } from "vitest";

import { Preview } from "./preview.ts";

class FakeTrack extends EventTarget {
  readyState = "live";
  readonly kind: string;

  constructor(kind: string) {
    super();
    this.kind = kind;
  }

  stop(): void {
    this.readyState = "ended";
  }
}

interface Opened {
  tracks: FakeTrack[];
  asked: MediaStreamConstraints[];
  preview: Preview;
}

/** A browser that answers with tracks, or with the given error for each kind. */
function browser(refuse: (constraints: MediaStreamConstraints) => string | null = () => null): Opened {
  const tracks: FakeTrack[] = [];
  const asked: MediaStreamConstraints[] = [];
  const preview = new Preview((constraints) => {
    asked.push(constraints);
    const name = refuse(constraints);
    if (name !== null) return Promise.reject(new DOMException("", name));
    const made = [
      ...(constraints.video === undefined ? [] : [new FakeTrack("video")]),
      ...(constraints.audio === undefined ? [] : [new FakeTrack("audio")]),
    ];
    tracks.push(...made);
    return Promise.resolve({
      getTracks: () => made,
      getVideoTracks: () => made.filter(({ kind }) => kind === "video"),
      getAudioTracks: () => made.filter(({ kind }) => kind === "audio"),
    } as unknown as MediaStream);
  });
  return { tracks, asked, preview };
}

const ON = { microphone: true, camera: true };

describe("the preview", () => {
  it("asks once for camera and microphone", async () => {
    const { asked, preview } = browser();

    await preview.start(ON);

    expect(asked).toHaveLength(1);
    expect(preview.get()).toMatchObject({ camera: { status: "on" }, microphone: { status: "on" } });
  });

  it("does not open what is switched off", async () => {
    const { asked, preview } = browser();

    await preview.start({ microphone: false, camera: true });

    expect(asked.every(({ audio }) => audio === undefined)).toBe(true);
    expect(preview.get().microphone).toEqual({ status: "off" });
  });

  it("still hears somebody who has no camera", async () => {
    const { preview } = browser(({ video }) => (video === undefined ? null : "NotFoundError"));

    await preview.start(ON);

    expect(preview.get()).toMatchObject({
      camera: { status: "failed", problem: "missing" },
      microphone: { status: "on" },
    });
  });

  it("opens another camera when the chosen one is gone", async () => {
    const { asked, preview } = browser(({ video }) => (JSON.stringify(video).includes("unplugged") ? "OverconstrainedError" : null));

    await preview.turnOn("camera", "unplugged");

    expect(asked).toHaveLength(2);
    expect(preview.get().camera.status).toBe("on");
  });

  it("asks for exactly the microphone that was chosen", async () => {
    const { asked, preview } = browser();

    await preview.turnOn("microphone", "headset");

    expect(asked[0]?.audio).toMatchObject({ deviceId: { exact: "headset" } });
  });

  it("asks no second time after a refusal", async () => {
    const { asked, preview } = browser(() => "NotAllowedError");

    await preview.start(ON);

    expect(asked).toHaveLength(1);
    expect(preview.get().microphone).toEqual({ status: "failed", problem: "denied" });
  });

  it("stops a camera that answers after it was switched off", async () => {
    const { tracks, preview } = browser();

    const starting = preview.turnOn("camera", undefined);
    preview.turnOff("camera");
    await starting;

    expect(tracks[0]?.readyState).toBe("ended");
    expect(preview.get().camera).toEqual({ status: "off" });
  });

  it("stops the old camera before it opens another", async () => {
    const { tracks, preview } = browser();
    await preview.turnOn("camera", "front");

    const switching = preview.turnOn("camera", "back");

    expect(tracks[0]?.readyState).toBe("ended");
    await switching;
    expect(tracks[1]?.readyState).toBe("live");
  });

  it("hands its tracks over running, and forgets them", async () => {
    const { tracks, preview } = browser();
    await preview.start(ON);

    const captured = preview.release();
    preview.stop();

    expect(Object.keys(captured).toSorted()).toEqual(["camera", "microphone"]);
    expect(tracks.every(({ readyState }) => readyState === "live")).toBe(true);
  });

  it("stops a running camera before it tries again", async () => {
    const { tracks, preview } = browser();
    await preview.start(ON);

    await preview.start(ON);

    expect(tracks.map(({ readyState }) => readyState)).toEqual(["ended", "ended", "live", "live"]);
  });

  it.each([
    ["was handed over", (preview: Preview) => void preview.release()],
    ["was stopped", (preview: Preview) => preview.stop()],
    [
      "was switched off",
      (preview: Preview) => {
        preview.turnOff("camera");
        preview.turnOff("microphone");
      },
    ],
  ])("opens nothing for one of the two after it %s", async (_, give) => {
    const { asked, tracks, preview } = browser(({ video, audio }) => (video !== undefined && audio !== undefined ? "NotFoundError" : null));

    const starting = preview.start(ON);
    give(preview);
    await starting;

    expect(asked).toHaveLength(1);
    expect(tracks).toEqual([]);
  });
});
