import { afterEach, describe, expect, it } from "vitest";

import { Store } from "../store.ts";
import { FakeClock } from "../test-remote.ts";
import { RemoteInput } from "./input.ts";
import { usageOf } from "./keys.ts";
import { emptyState, type Phase, type SupportState } from "./support-state.ts";
import type { InputEvent as Told } from "./words.ts";

const CONTROLLED: Phase = { at: "controlled", turn: 1 };

interface Scene {
  input: RemoteInput;
  surface: HTMLElement;
  keyboard: HTMLTextAreaElement;
  state: Store<SupportState>;
  clock: FakeClock;
  said: Told[];
  left: () => number;
  stand(phase: Phase): void;
}

let closeLast = (): void => {};
afterEach(() => {
  closeLast();
  document.body.replaceChildren();
});

/** A picture of 1000x500 pixels, shown at half its size. */
function scene({ altWrites = false } = {}): Scene {
  const surface = document.createElement("div");
  surface.getBoundingClientRect = () => ({ left: 10, top: 20, width: 500, height: 250 }) as DOMRect;
  const keyboard = document.createElement("textarea");
  document.body.append(surface, keyboard);
  const state = new Store<SupportState>({ ...emptyState(true), phase: CONTROLLED });
  const said: Told[] = [];
  const clock = new FakeClock();
  let leaves = 0;
  const input = new RemoteInput({
    support: { state, input: (told) => said.push(told), active: () => {} },
    viewer: { state: new Store({ monitor: 2, width: 1_000, height: 500 }) },
    clock,
    surface,
    keyboard,
    onLeave: () => void (leaves += 1),
    altWrites,
  });
  closeLast = () => input.close();
  return { input, surface, keyboard, state, clock, said, left: () => leaves, stand: (phase) => state.update((it) => ({ ...it, phase })) };
}

function pointer(surface: HTMLElement, type: string, init: MouseEventInit): void {
  surface.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, ...init }));
}

/** Whether the browser does nothing of its own with it. */
function key(keyboard: HTMLElement, type: "keydown" | "keyup", init: KeyboardEventInit): boolean {
  return !keyboard.dispatchEvent(new KeyboardEvent(type, { bubbles: true, cancelable: true, ...init }));
}

const usage = (code: string): number => usageOf(code) ?? 0;

describe("the mouse", () => {
  it("points to the pixel under it, however large the picture is shown, and not beyond", () => {
    const { surface, clock, said } = scene();
    pointer(surface, "pointermove", { clientX: 10, clientY: 20 });
    clock.pass(100);
    pointer(surface, "pointermove", { clientX: 260, clientY: 145 });
    clock.pass(100);
    pointer(surface, "pointermove", { clientX: 900, clientY: 900 });

    expect(said).toEqual([
      { event: "move", monitor: 2, x: 0, y: 0 },
      { event: "move", monitor: 2, x: 500, y: 250 },
      { event: "move", monitor: 2, x: 999, y: 499 },
    ]);
  });

  it("presses and lets go, and gives the keyboard to the computer", () => {
    const { surface, keyboard, said } = scene();
    pointer(surface, "pointerdown", { clientX: 10, clientY: 20, button: 2 });
    pointer(surface, "pointerup", { clientX: 11, clientY: 20, button: 2 });

    expect(said).toEqual([
      { event: "button", monitor: 2, x: 0, y: 0, button: "right", down: true },
      { event: "button", monitor: 2, x: 2, y: 0, button: "right", down: false },
    ]);
    expect(document.activeElement).toBe(keyboard);
  });

  it("turns its wheel in notches, and saves up what is less", () => {
    const { surface, said } = scene();
    const turn = (deltaY: number, deltaMode = 0): boolean =>
      surface.dispatchEvent(new WheelEvent("wheel", { clientX: 10, clientY: 20, deltaY, deltaMode, cancelable: true }));
    turn(60);
    turn(60);
    turn(-6, 1);

    expect(said.map((told) => told.event === "wheel" && told.up)).toEqual([-1, 1]);
  });
});

describe("the keyboard", () => {
  it("tells what a key writes as text, and other keys by their place", () => {
    const { keyboard, said } = scene();
    expect(key(keyboard, "keydown", { key: "ä", code: "Quote" })).toBe(true);
    key(keyboard, "keyup", { key: "ä", code: "Quote" });
    key(keyboard, "keydown", { key: "Enter", code: "Enter" });
    key(keyboard, "keyup", { key: "Enter", code: "Enter" });

    expect(said).toEqual([
      { event: "text", text: "ä" },
      { event: "key", key: usage("Enter"), down: true },
      { event: "key", key: usage("Enter"), down: false },
    ]);
  });

  it("tells shortcuts by place", () => {
    const { keyboard, said } = scene();
    key(keyboard, "keydown", { key: "Control", code: "ControlLeft", ctrlKey: true });
    key(keyboard, "keydown", { key: "c", code: "KeyC", ctrlKey: true });

    expect(said).toEqual([
      { event: "key", key: usage("ControlLeft"), down: true },
      { event: "key", key: usage("KeyC"), down: true },
    ]);
  });

  it("tells what AltGr writes, or Alt on a Mac, as text", () => {
    const { keyboard, said } = scene();
    key(keyboard, "keydown", { key: "Control", code: "ControlLeft", ctrlKey: true });
    key(keyboard, "keydown", { key: "AltGraph", code: "AltRight", ctrlKey: true, altKey: true, modifierAltGraph: true });
    key(keyboard, "keydown", { key: "@", code: "KeyQ", ctrlKey: true, altKey: true, modifierAltGraph: true });
    expect(said).toEqual([{ event: "text", text: "@" }]);
    closeLast();

    const mac = scene({ altWrites: true });
    key(mac.keyboard, "keydown", { key: "Alt", code: "AltLeft", altKey: true });
    key(mac.keyboard, "keydown", { key: "@", code: "KeyL", altKey: true });
    expect(mac.said).toEqual([{ event: "text", text: "@" }]);
  });

  it("repeats what is written, and leaves other keys to repeat there", () => {
    const { keyboard, said } = scene();
    for (const repeat of [false, true]) {
      key(keyboard, "keydown", { key: "x", code: "KeyX", repeat });
      key(keyboard, "keydown", { key: "ArrowDown", code: "ArrowDown", repeat });
    }

    expect(said.map(({ event }) => event)).toEqual(["text", "key", "text"]);
  });

  it("leaves dead keys and compositions to the input method, and tells what came of them", () => {
    const { keyboard, said } = scene();
    expect(key(keyboard, "keydown", { key: "Dead", code: "Equal" })).toBe(false);
    expect(key(keyboard, "keydown", { key: "Process", code: "KeyN", isComposing: true })).toBe(false);
    expect(key(keyboard, "keydown", { key: "Enter", code: "Enter", keyCode: 229 })).toBe(false);
    keyboard.value = "日本";
    keyboard.dispatchEvent(new CompositionEvent("compositionend", { data: "日本" }));

    expect(said).toEqual([{ event: "text", text: "日本" }]);
    expect(keyboard.value).toBe("");
  });

  it("tells what comes without a key, and keeps nothing of it", () => {
    const { keyboard, said } = scene();
    const write = (inputType: string, data: string | null): boolean =>
      keyboard.dispatchEvent(new InputEvent("beforeinput", { inputType, data, bubbles: true, cancelable: true }));
    expect(write("insertText", "ok")).toBe(false);
    write("deleteContentBackward", null);
    write("insertFromPaste", "secret");

    expect(said.map(({ event }) => event)).toEqual(["text", "key", "key"]);
  });

  it("has a way out", () => {
    const { keyboard, said, left } = scene();
    key(keyboard, "keydown", { key: "Enter", code: "Enter", ctrlKey: true, altKey: true, shiftKey: true });

    expect([left(), said.length]).toEqual([1, 0]);
  });
});

describe("what is down", () => {
  it.each([
    ["the field loses the focus", ({ keyboard }: Scene) => keyboard.dispatchEvent(new FocusEvent("blur"))],
    ["the window does", () => window.dispatchEvent(new FocusEvent("blur"))],
    ["the page says so", ({ input }: Scene) => input.release()],
  ])("is let go where %s", (_, happen) => {
    const made = scene();
    key(made.keyboard, "keydown", { key: "F5", code: "F5" });
    happen(made);

    expect(made.said.at(-1)).toEqual({ event: "key", key: usage("F5"), down: false });
  });

  it("is forgotten with a pause: the computer has let go of it", () => {
    const made = scene();
    key(made.keyboard, "keydown", { key: "F5", code: "F5" });
    made.stand({ at: "paused", turn: 1, why: "local_input" });
    made.stand(CONTROLLED);
    key(made.keyboard, "keyup", { key: "F5", code: "F5" });

    expect(made.said).toHaveLength(1);
  });
});

describe("while control rests", () => {
  it("nothing is told, and no key leads to somewhere else in the page", () => {
    const made = scene();
    made.stand({ at: "paused", turn: 1, why: "local_input" });
    expect(key(made.keyboard, "keydown", { key: "Tab", code: "Tab" })).toBe(true);
    key(made.keyboard, "keydown", { key: "Enter", code: "Enter", ctrlKey: true, altKey: true, shiftKey: true });

    expect([made.said.length, made.left()]).toEqual([0, 1]);
  });
});

describe("without control", () => {
  it("nothing is told, and the browser keeps its keys", () => {
    const made = scene();
    made.stand({ at: "viewing" });
    expect(key(made.keyboard, "keydown", { key: "x", code: "KeyX" })).toBe(false);
    pointer(made.surface, "pointerdown", { clientX: 10, clientY: 20, button: 0 });
    made.input.press("ctrl_alt_delete");
    made.input.type("x");
    made.clock.pass(1_000);

    expect(made.said).toEqual([]);
  });
});

describe("a combination", () => {
  it("goes down in its order, and up in the opposite one", () => {
    const { input, said } = scene();
    input.press("ctrl_alt_delete");

    const keys = ["ControlLeft", "AltLeft", "Delete"].map(usage);
    expect(said.map((told) => told.event === "key" && [told.key, told.down])).toEqual([
      ...keys.map((place) => [place, true]),
      ...keys.toReversed().map((place) => [place, false]),
    ]);
  });
});
