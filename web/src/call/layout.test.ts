import { describe, expect, it } from "vitest";

import { gridOf, layoutOf, type Scene } from "./layout.ts";

const camera = (participant: string) => ({ participant, source: "camera" }) as const;
const screen = (participant: string) => ({ participant, source: "screen" }) as const;
const scene = (change: Partial<Scene>): Scene => ({
  view: "auto",
  me: "me",
  participants: ["me"],
  sharing: [],
  speaker: null,
  pinned: null,
  ...change,
});

describe("the layout", () => {
  it("shows somebody who is alone their own picture", () => {
    expect(layoutOf(scene({}))).toEqual({ kind: "grid", tiles: [camera("me")] });
  });

  it("gives two people to each other, with oneself in the corner", () => {
    expect(layoutOf(scene({ participants: ["me", "amy"] }))).toEqual({
      kind: "stage",
      main: camera("amy"),
      strip: [camera("me")],
      isFloating: true,
    });
  });

  it("treats three people alike, oneself last", () => {
    expect(layoutOf(scene({ participants: ["me", "amy", "bo"] }))).toEqual({
      kind: "grid",
      tiles: [camera("amy"), camera("bo"), camera("me")],
    });
  });

  it("gives a shared screen the stage", () => {
    const layout = layoutOf(scene({ participants: ["me", "amy", "bo"], sharing: ["bo"] }));

    expect(layout).toMatchObject({ kind: "stage", main: screen("bo"), isFloating: false });
  });

  it("does not put one's own shared screen in front of oneself", () => {
    const layout = layoutOf(scene({ participants: ["me", "amy", "bo"], sharing: ["me"] }));

    expect(layout).toMatchObject({ kind: "grid" });
  });

  it("follows who speaks, but never shows me to myself as the speaker", () => {
    const participants = ["me", "amy", "bo"];

    expect(layoutOf(scene({ view: "speaker", participants, speaker: "bo" }))).toMatchObject({ main: camera("bo") });
    expect(layoutOf(scene({ view: "speaker", participants, speaker: "me" }))).toMatchObject({ main: camera("amy") });
  });

  it("keeps what is pinned in every view", () => {
    const participants = ["me", "amy", "bo"];
    const pinned = camera("amy");

    for (const view of ["auto", "grid", "speaker"] as const) {
      expect(layoutOf(scene({ view, participants, pinned, sharing: ["bo"] }))).toMatchObject({ main: pinned });
    }
  });

  it("forgets a pin whose picture is gone", () => {
    expect(layoutOf(scene({ participants: ["me", "amy", "bo"], pinned: screen("amy") }))).toMatchObject({ kind: "grid" });
  });
});

describe("the grid", () => {
  it("makes its tiles as large as the box allows", () => {
    expect(gridOf(2, 1600, 900, 0).columns).toBe(2);
    expect(gridOf(4, 1600, 900, 0)).toEqual({ columns: 2, tileWidth: 800, aspect: 16 / 9 });
    expect(gridOf(2, 360, 640, 0)).toEqual({ columns: 1, tileWidth: 320, aspect: 1 });
  });

  it("never makes tiles that overflow", () => {
    for (let count = 1; count <= 30; count += 1) {
      for (const [width, height] of [[320, 480], [1280, 720], [900, 1600]] as const) {
        const { columns, tileWidth, aspect } = gridOf(count, width, height, 12);
        const rows = Math.ceil(count / columns);

        expect(columns * tileWidth + 12 * (columns - 1)).toBeLessThanOrEqual(width);
        expect((rows * tileWidth) / aspect + 12 * (rows - 1)).toBeLessThanOrEqual(height + 1);
      }
    }
  });
});
