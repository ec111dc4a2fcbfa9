/**
 * The technician's keyboard and mouse over the picture of a computer.
 *
 * What a key writes is told as text, as this keyboard's layout and its input method made it; keys that write nothing,
 * and shortcuts, are told by their place. The texts come through a field that stays empty: dead keys and compositions
 * end there.
 */

import { type Clock, Hand } from "./hand.ts";
import { type CombinationId, COMBINATIONS, isModifier, usageOf } from "./keys.ts";
import type { SupportState } from "./support-state.ts";
import type { InputEvent, MouseButton, Point } from "./words.ts";
import type { Watchable } from "../store.ts";

export { COMBINATIONS, type CombinationId } from "./keys.ts";

interface InputParts {
  support: { readonly state: Watchable<SupportState>; input(input: InputEvent): void; active(): void };
  viewer: { readonly state: Watchable<{ monitor: number | null; width: number; height: number }> };
  clock: Clock;
  /** Lies over the picture, in the same place and size. */
  surface: HTMLElement;
  /** Has the focus while keys go to the computer. */
  keyboard: HTMLTextAreaElement;
  /** Control, Alt, Shift and Enter at once: the way out for who has no mouse. */
  onLeave?: () => void;
  /** On a Mac the Alt key writes characters, and makes no shortcuts. */
  altWrites?: boolean;
}

const BUTTONS: readonly MouseButton[] = ["left", "middle", "right", "back", "forward"];
/** What browsers make of one notch, in pixels, lines and pages. */
const PER_NOTCH = [100, 3, 1] as const;
/** In one event: more is a broken wheel. */
const MOST_NOTCHES = 20;

export class RemoteInput {
  readonly #parts: InputParts;
  readonly #hand: Hand;
  readonly #ends = new AbortController();
  readonly #leaveState: () => void;
  /** Down, by place, of those that were told by it. */
  readonly #pressed = new Map<string, number>();
  readonly #altWrites: boolean;
  #wheel = { up: 0, right: 0 };
  #controls = false;

  constructor(parts: InputParts) {
    this.#parts = parts;
    this.#altWrites = parts.altWrites ?? navigator.platform.startsWith("Mac");
    this.#hand = new Hand((input) => parts.support.input(input), parts.clock);
    this.#leaveState = parts.support.state.subscribe(() => this.#look());
    this.#look();
    this.#listen();
  }

  /** What this browser would keep for itself. */
  press(id: CombinationId): void {
    if (!this.#controls) return;
    const combination = COMBINATIONS.find((other) => other.id === id);
    const keys: readonly string[] = combination?.keys ?? [];
    this.#hand.pressTogether(keys.map(usageOf).filter((key) => key !== undefined));
  }

  /** As if it came from the keyboard. */
  type(text: string): void {
    if (this.#controls) this.#hand.type(text);
  }

  /** Nothing stays down at the computer. */
  release(): void {
    this.#pressed.clear();
    this.#hand.release();
  }

  close(): void {
    this.release();
    this.#hand.forget();
    this.#ends.abort();
    this.#leaveState();
  }

  /** With each turn everything begins anew, and with each pause the computer has let go of all. */
  #look(): void {
    const controls = this.#parts.support.state.get().phase.at === "controlled";
    if (controls === this.#controls) return;
    this.#controls = controls;
    this.#hand.forget();
    this.#pressed.clear();
  }

  #listen(): void {
    const { surface, keyboard } = this.#parts;
    const { signal } = this.#ends;
    const on = <K extends keyof HTMLElementEventMap>(target: HTMLElement, type: K, take: (event: HTMLElementEventMap[K]) => void): void =>
      target.addEventListener(type, take, { signal, passive: false });
    on(surface, "pointermove", (event) => this.#moved(event));
    on(surface, "pointerdown", (event) => this.#pointed(event, true));
    on(surface, "pointerup", (event) => this.#pointed(event, false));
    on(surface, "pointercancel", () => this.release());
    on(surface, "wheel", (event) => this.#wheeled(event));
    on(surface, "contextmenu", (event) => event.preventDefault());
    on(keyboard, "keydown", (event) => this.#keyDown(event));
    on(keyboard, "keyup", (event) => this.#keyUp(event));
    on(keyboard, "beforeinput", (event) => this.#written(event));
    on(keyboard, "compositionend", (event) => this.#composed(event));
    on(keyboard, "paste", (event) => event.preventDefault());
    on(keyboard, "blur", () => this.release());
    window.addEventListener("blur", () => this.release(), { signal });
    const onHidden = (): void => {
      if (document.visibilityState === "hidden") this.release();
    };
    document.addEventListener("visibilitychange", onHidden, { signal });
  }

  #moved(event: PointerEvent): void {
    this.#parts.support.active();
    const at = this.#place(event);
    if (!this.#controls || at === null) return;
    this.#hand.move(at);
  }

  #pointed(event: PointerEvent, down: boolean): void {
    this.#parts.support.active();
    const button = BUTTONS[event.button];
    const at = this.#place(event);
    if (!this.#controls || at === null || button === undefined) return;
    event.preventDefault();
    if (down) {
      this.#parts.keyboard.focus({ preventScroll: true });
      // What is drawn out of the picture is let go all the same.
      this.#parts.surface.setPointerCapture?.(event.pointerId);
    }
    this.#hand.button(at, button, down);
  }

  /** Fractions of a notch wait for the rest: the computer knows whole ones. */
  #wheeled(event: WheelEvent): void {
    this.#parts.support.active();
    const at = this.#place(event);
    if (!this.#controls || at === null) return;
    event.preventDefault();
    const perNotch = PER_NOTCH[event.deltaMode] ?? PER_NOTCH[0];
    const up = this.#wheel.up - event.deltaY / perNotch;
    const right = this.#wheel.right + event.deltaX / perNotch;
    const [notchesUp, notchesRight] = [wholeOf(up), wholeOf(right)];
    this.#wheel = { up: up - Math.trunc(up), right: right - Math.trunc(right) };
    if (notchesUp !== 0 || notchesRight !== 0) this.#hand.wheel(at, notchesUp, notchesRight);
  }

  #keyDown(event: KeyboardEvent): void {
    this.#parts.support.active();
    if (isWayOut(event)) {
      event.preventDefault();
      this.release();
      this.#parts.onLeave?.();
      return;
    }
    // What was meant for the computer presses no button of this page while it rests.
    if (this.#rests()) return event.preventDefault();
    // An input method is at work, and says what came of it in the end.
    if (!this.#controls || isComposed(event) || ["Process", "Dead", "Unidentified"].includes(event.key)) return;
    event.preventDefault();
    if (writes(event, this.#altWrites)) return this.#hand.type(event.key);
    const usage = usageOf(event.code);
    if (usage === undefined || event.repeat) return;
    this.#pressed.set(event.code, usage);
    this.#hand.press(usage);
  }

  #rests(): boolean {
    return this.#parts.support.state.get().phase.at === "paused";
  }

  #keyUp(event: KeyboardEvent): void {
    const usage = this.#pressed.get(event.code);
    if (usage === undefined) return;
    event.preventDefault();
    this.#pressed.delete(event.code);
    this.#hand.letGo(usage);
    // macOS tells of no key that is let go while its command key is down.
    if (isModifier(usage) && event.code.startsWith("Meta")) this.#letGoOthers();
  }

  #letGoOthers(): void {
    for (const [code, usage] of this.#pressed) {
      if (isModifier(usage)) continue;
      this.#pressed.delete(code);
      this.#hand.letGo(usage);
    }
  }

  /** Of keys that are known by nothing else, as on a screen's keyboard; a composition is told at its end. */
  #written(event: InputEventOfField): void {
    if (event.inputType === "insertCompositionText") return;
    event.preventDefault();
    if (!this.#controls || event.isComposing) return;
    if (event.inputType === "insertText" && event.data !== null) this.#hand.type(event.data);
    if (event.inputType === "insertLineBreak") this.#hand.type("\n");
    if (event.inputType === "deleteContentBackward") this.#hand.pressTogether([BACKSPACE]);
  }

  #composed(event: CompositionEvent): void {
    this.#parts.keyboard.value = "";
    if (this.#controls && event.data !== "") this.#hand.type(event.data);
  }

  /** The pixel of the monitor under it, however large the picture is shown; `null` where there is no picture. */
  #place({ clientX, clientY }: MouseEvent): Point | null {
    const { monitor, width, height } = this.#parts.viewer.state.get();
    const box = this.#parts.surface.getBoundingClientRect();
    if (monitor === null || box.width === 0 || box.height === 0) return null;
    const x = pixelOf((clientX - box.left) / box.width, width);
    const y = pixelOf((clientY - box.top) / box.height, height);
    return { monitor, x, y };
  }
}

/** The browser's, whose name the computer's has too. */
type InputEventOfField = HTMLElementEventMap["beforeinput"];

const BACKSPACE = 0x2a;

function pixelOf(share: number, pixels: number): number {
  return Math.max(0, Math.min(pixels - 1, Math.floor(share * pixels)));
}

function wholeOf(notches: number): number {
  const whole = Math.trunc(notches);
  return whole === 0 ? 0 : Math.max(-MOST_NOTCHES, Math.min(MOST_NOTCHES, whole));
}

/** One character that no shortcut is made of. What AltGr writes comes with Control and Alt on some systems. */
function writes(event: KeyboardEvent, altWrites: boolean): boolean {
  const isShortcut = (event.ctrlKey || event.metaKey || (event.altKey && !altWrites)) && !event.getModifierState("AltGraph");
  return !isShortcut && [...event.key].length === 1;
}

/** Safari tells of the key that ends a composition after its end: by a number that no key has. */
function isComposed({ isComposing, keyCode }: KeyboardEvent): boolean {
  return isComposing || keyCode === 229;
}

function isWayOut(event: KeyboardEvent): boolean {
  return event.key === "Enter" && event.ctrlKey && event.altKey && event.shiftKey;
}

export const browserClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
};
