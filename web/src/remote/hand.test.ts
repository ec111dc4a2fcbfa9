import { describe, expect, it } from "vitest";

import { FakeClock } from "../test-remote.ts";
import { Hand, MOST_WAITING } from "./hand.ts";
import { usageOf } from "./keys.ts";
import type { InputEvent } from "./words.ts";

interface Scene {
  hand: Hand;
  clock: FakeClock;
  said: InputEvent[];
}

function scene(): Scene {
  const clock = new FakeClock();
  const said: InputEvent[] = [];
  return { hand: new Hand((input) => said.push(input), clock), clock, said };
}

const at = (x: number): { monitor: number; x: number; y: number } => ({ monitor: 0, x, y: 0 });
const key = (code: string): number => usageOf(code) ?? 0;
const down = (code: string): InputEvent => ({ event: "key", key: key(code), down: true });
const up = (code: string): InputEvent => ({ event: "key", key: key(code), down: false });

describe("movements", () => {
  it("are told at most 60 times a second, the last of them in the end", () => {
    const { hand, clock, said } = scene();
    for (let x = 0; x < 1_000; x += 1) {
      hand.move(at(x));
      clock.pass(1);
    }
    clock.pass(100);

    expect(said.length).toBeGreaterThan(50);
    expect(said.length).toBeLessThanOrEqual(62);
    expect(said.at(-1)).toEqual({ event: "move", ...at(999) });
  });

  it("come before the key that was pressed after them", () => {
    const { hand, said } = scene();
    hand.move(at(1));
    hand.move(at(2));
    hand.press(key("F5"));

    expect(said).toEqual([{ event: "move", ...at(1) }, { event: "move", ...at(2) }, down("F5")]);
  });

  it("are no longer needed where a button tells the place", () => {
    const { hand, said } = scene();
    hand.move(at(1));
    hand.move(at(2));
    hand.button(at(3), "left", true);

    expect(said.map((input) => input.event)).toEqual(["move", "button"]);
  });
});

describe("modifiers", () => {
  it("go with the key that they are for", () => {
    const { hand, said } = scene();
    hand.press(key("ControlLeft"));
    expect(said).toEqual([]);
    hand.press(key("KeyC"));
    hand.letGo(key("KeyC"));
    hand.letGo(key("ControlLeft"));

    expect(said).toEqual([down("ControlLeft"), down("KeyC"), up("KeyC"), up("ControlLeft")]);
  });

  it("are not down while a text is typed", () => {
    const { hand, said } = scene();
    hand.press(key("ShiftLeft"));
    hand.press(key("ArrowLeft"));
    hand.letGo(key("ArrowLeft"));
    hand.type("A");
    hand.letGo(key("ShiftLeft"));

    expect(said.slice(-2)).toEqual([up("ShiftLeft"), { event: "text", text: "A" }]);
  });

  it("are pressed by themselves where nothing came of them", () => {
    const { hand, said } = scene();
    hand.press(key("MetaLeft"));
    hand.letGo(key("MetaLeft"));

    expect(said).toEqual([down("MetaLeft"), up("MetaLeft")]);
  });
});

describe("texts", () => {
  it("go in pieces, between characters, with line breaks and tabs as keys", () => {
    const { hand, clock, said } = scene();
    hand.type(`${"👋".repeat(33)}\r\nb\u0007`);
    clock.pass(1_000);

    expect(said).toEqual([
      { event: "text", text: "👋".repeat(32) },
      { event: "text", text: "👋" },
      down("Enter"),
      up("Enter"),
      { event: "text", text: "b" },
    ]);
  });
});

describe("a fast hand", () => {
  it("is slowed down to what the computer takes", () => {
    const { hand, clock, said } = scene();
    for (let count = 0; count < 1_000; count += 1) hand.type("x");
    expect(said.length).toBeLessThanOrEqual(51);
    clock.pass(1_000);
    expect(said.length).toBeLessThanOrEqual(302);
    clock.pass(10_000);

    expect(said).toHaveLength(1_000);
  });

  it("that does not stop is not listened to, but what is down is let go", () => {
    const { hand, clock, said } = scene();
    hand.press(key("KeyA"));
    for (let count = 0; count < MOST_WAITING * 2; count += 1) hand.type("x");
    hand.letGo(key("KeyA"));
    clock.pass(60_000);

    expect(said.length).toBeLessThanOrEqual(MOST_WAITING + 100);
    expect(said.at(-1)).toEqual(up("KeyA"));
  });
});

describe("what is held", () => {
  it("is told of each second", () => {
    const { hand, clock, said } = scene();
    hand.button(at(1), "left", true);
    clock.pass(3_500);

    expect(said.map((input) => input.event)).toEqual(["button", "move", "move", "move"]);
  });

  it("is let go together", () => {
    const { hand, said } = scene();
    hand.press(key("ControlLeft"));
    hand.press(key("KeyA"));
    hand.button(at(1), "left", true);
    said.length = 0;
    hand.release();

    expect(said).toEqual([up("ControlLeft"), up("KeyA"), { event: "button", ...at(1), button: "left", down: false }]);
  });

  it("is forgotten with what waits, and nothing is let go twice", () => {
    const { hand, clock, said } = scene();
    hand.press(key("KeyA"));
    hand.move(at(7));
    hand.move(at(8));
    hand.forget();
    hand.letGo(key("KeyA"));
    clock.pass(5_000);

    expect(said).toEqual([down("KeyA"), { event: "move", ...at(7) }]);
  });
});
