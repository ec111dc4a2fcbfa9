import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";

import type { RecordingPlay } from "../../../api/wire.ts";
import { addTexts } from "../../../i18n.ts";
import { recordings } from "../../../locales/recordings.ts";
import { support } from "../../../locales/support.ts";
import type { Opening, RecordingKeys } from "../../../recordings/opening.ts";
import { Playback } from "./Playback.tsx";

addTexts(recordings);
addTexts(support);

const id = (number: number): string => `018f3a5c-0000-7000-8000-00000000000${number}`;
const PLAY: RecordingPlay = {
  id: id(1),
  recording: id(2),
  organisation: id(3),
  session: id(4),
  fingerprint: "abcd",
  header: "aGVhZA",
  manifest: "bWFuaQ",
  chunks: 2,
  state: "whole",
};
/** By the only byte of a piece. */
const MOMENTS = [
  [],
  [
    { at: 0, kind: "anew" },
    { at: 500, kind: "written_by_technician", text: "Hello" },
  ],
  [{ at: 65_000, kind: "typed", keys: 2, characters: 7 }],
  [{ at: 0, kind: "judged", solved: true, rating: undefined }],
  [
    { at: 700, kind: "facts", lines: [{ item: "kernel", text: "6.1" }] },
    { at: 700, kind: "diagnosed" },
  ],
  [{ at: 700, kind: "diagnosed" }],
  [
    {
      at: 0,
      kind: "answered",
      answers: [
        { question: "How quick was it?", said: 4 },
        { question: "What was it about?", said: "The printer" },
      ],
    },
  ],
  [{ at: 0, kind: "answered", answers: [] }],
];

/** Opens what it is given as it is; 66 is a piece that was changed. */
class OpenedAsItIs {
  open([piece]: Uint8Array): Uint8Array {
    if (piece === 66) throw Object.assign(new Error("changed"), { code: "chunk" });
    return Uint8Array.of(piece ?? 0);
  }
  afterword(sealed: Uint8Array): Uint8Array {
    return this.open(sealed);
  }
  end(): boolean {
    return true;
  }
  free(): void {}
}
class NoTiles {
  free(): void {}
}
const opening = {
  RecordingOpener: OpenedAsItIs,
  TileDecoder: NoTiles,
  readMoments: ([piece]: Uint8Array) => MOMENTS[piece ?? 0],
} as unknown as Opening;
const keys = {} as RecordingKeys;

const pieces = (_: RecordingPlay, number: number): Promise<Uint8Array | null> => Promise.resolve(Uint8Array.of(number));
const changed = (_: RecordingPlay, number: number): Promise<Uint8Array | null> => Promise.resolve(Uint8Array.of(number === 2 ? 66 : number));
const missing = (_: RecordingPlay, number: number): Promise<Uint8Array | null> => Promise.resolve(number === 2 ? null : Uint8Array.of(number));

beforeEach(() => {
  // jsdom draws nothing.
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
});

it("says once that a recording is whole, and tells what was said and done beside a picture with a name", async () => {
  render(<Playback opening={opening} keys={keys} play={PLAY} piece={pieces} />);

  await waitFor(() => expect(screen.getByRole("status").textContent).toBe("Whole: nothing of it is missing, and nothing was changed."));
  expect(screen.getByRole("alert").textContent).toBe("");
  expect(screen.getByRole("img", { name: "The screen as the technician saw it" })).toBeTruthy();
  const lines = within(screen.getByRole("list", { name: "What was said and done" })).getAllByRole("listitem");
  expect(lines.map(({ textContent }) => textContent)).toEqual(["0:00Technician: Hello", "1:05The technician typed. Characters: 7, keys: 2"]);
});

const withAfterword = (_: RecordingPlay, number: number): Promise<Uint8Array | null> => Promise.resolve(Uint8Array.of(number === 2 ? 4 : number));

it("shows facts as a table, and what the person who was helped said of it", async () => {
  render(<Playback opening={opening} keys={keys} play={{ ...PLAY, feedback: "Aw" }} piece={withAfterword} />);

  const facts = await screen.findByRole("table", { name: "Facts about the computer" });
  expect(within(facts).getByRole("rowheader", { name: "Kernel" }).nextSibling?.textContent).toBe("6.1");
  const said = screen.getByRole("region", { name: "What the person who was helped said of it" });
  expect(within(said).getAllByRole("definition").map(({ textContent }) => textContent)).toEqual(["Yes", "Not answered"]);
  expect(screen.getByRole("status").textContent).toMatch(/^Whole/);
});

// Shows: REQ-RS-07.
it("shows what was answered to an organisation's own questions, in words too, and that nothing was", async () => {
  const { unmount } = render(<Playback opening={opening} keys={keys} play={{ ...PLAY, feedback: "Bg" }} piece={withAfterword} />);

  const said = await screen.findByRole("region", { name: "What the person who was helped said of it" });
  expect(within(said).getAllByRole("term").map(({ textContent }) => textContent)).toEqual(["How quick was it?", "What was it about?"]);
  expect(within(said).getAllByRole("definition").map(({ textContent }) => textContent)).toEqual(["4 of 5", "The printer"]);
  unmount();
  render(<Playback opening={opening} keys={keys} play={{ ...PLAY, feedback: "Bw" }} piece={withAfterword} />);
  expect(await screen.findByText("Whoever was helped gave no feedback.")).toBeTruthy();
});

it.each([
  ["facts that were sent are missing", PLAY, /^INCOMPLETE: nothing was changed, but facts/],
  ["the feedback was changed", { ...PLAY, feedback: "Qg" }, /^CHANGED: the feedback/],
])("says urgently that %s", async (_, play, said) => {
  const lacking = (_play: RecordingPlay, number: number): Promise<Uint8Array | null> => Promise.resolve(Uint8Array.of(number === 2 && play === PLAY ? 5 : number));
  // What is thrown of feedback has a code of its own.
  class Changed extends OpenedAsItIs {
    override afterword(): Uint8Array {
      throw Object.assign(new Error("changed"), { code: "afterword" });
    }
  }
  render(<Playback opening={{ ...opening, RecordingOpener: Changed } as unknown as Opening} keys={keys} play={play} piece={lacking} />);

  await waitFor(() => expect(screen.getByRole("alert").textContent).toMatch(said));
});

it("takes the focus of what was there before, and shows how far it is without a word for each piece", async () => {
  const given: ((piece: Uint8Array) => void)[] = [];
  const slow = (): Promise<Uint8Array> => new Promise((resolve) => given.push(resolve));
  render(<Playback opening={opening} keys={keys} play={PLAY} piece={slow} />);

  const progress = screen.getByRole("progressbar", { name: "Opening: 0 of 2 pieces" });
  expect(document.activeElement).toBe(progress.closest("[tabindex]"));
  await act(async () => given.at(-1)?.(Uint8Array.of(1)));

  expect(await screen.findByRole("progressbar", { name: "Opening: 1 of 2 pieces" })).toBeTruthy();
  expect(screen.getByRole("status").textContent).toBe("");
});

it.each([
  ["changed", changed, /^CHANGED: a piece was changed/],
  ["missing", missing, /^MISSING: pieces of it are gone/],
])("says urgently that a piece is %s, and shows what comes before it", async (_, piece, said) => {
  render(<Playback opening={opening} keys={keys} play={PLAY} piece={piece} />);

  await waitFor(() => expect(screen.getByRole("alert").textContent).toMatch(said));
  expect(screen.getByRole("status").textContent).toBe("");
  expect(screen.getAllByRole("listitem").map(({ textContent }) => textContent)).toEqual(["0:00Technician: Hello"]);
});

it("goes by keyboard to where something was done, and plays anew from its end without losing the focus", async () => {
  const user = userEvent.setup();
  render(<Playback opening={opening} keys={keys} play={PLAY} piece={pieces} />);
  const play = await screen.findByRole("button", { name: "Play" });
  const time = screen.getByRole("slider", { name: "Time in the recording" });
  const typed = screen.getByRole("button", { name: "Go to 1:05" });
  while (document.activeElement !== typed) await user.tab();
  await user.keyboard("{Enter}");

  expect(time.getAttribute("aria-valuetext")).toBe("1:05");
  expect(screen.getAllByRole("listitem").map((line) => line.getAttribute("aria-current"))).toEqual([null, "step"]);
  while (document.activeElement !== play) await user.tab({ shift: true });
  await user.keyboard("{Enter}");

  expect(screen.getByRole("button", { name: "Pause" })).toBe(play);
  expect(document.activeElement).toBe(play);
  expect(time.getAttribute("aria-valuetext")).toBe("0:00");
});

it("draws what was said and done anew by the moment, and not by the time", async () => {
  let drawn = 0;
  const said = {
    at: 500,
    kind: "written_by_technician",
    get text() {
      drawn += 1;
      return "Hello";
    },
  };
  const counted = { ...opening, readMoments: ([piece]: Uint8Array) => (piece === 1 ? [said] : MOMENTS[piece ?? 0]) } as unknown as Opening;
  render(<Playback opening={counted} keys={keys} play={PLAY} piece={pieces} />);
  const time = await screen.findByRole("slider", { name: "Time in the recording" });
  fireEvent.change(time, { target: { value: "2000" } });
  expect(screen.getAllByRole("listitem").map((line) => line.getAttribute("aria-current"))).toEqual(["step", null]);
  const before = drawn;

  for (const at of ["3000", "4000", "64000"]) fireEvent.change(time, { target: { value: at } });

  expect(time.getAttribute("aria-valuetext")).toBe("1:04");
  expect(drawn).toBe(before);
});
