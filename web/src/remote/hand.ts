/**
 * What goes to the computer of the technician's keyboard and mouse: at a pace that it takes, and with what is down.
 *
 * Shift, Control, Alt and their like go only together with what they are for: a text is told as it is, and a key that
 * were down meanwhile would make another one of it.
 */

import { isModifier } from "./keys.ts";
import { type InputEvent, LONGEST_TYPED, type MouseButton, type Point } from "./words.ts";

/** Time, given from outside. */
export interface Clock {
  now(): number;
  /** Calls back once. Returns what keeps it from that. */
  after(milliseconds: number, call: () => void): () => void;
}

/** What the computer does in a second without falling behind, and what it takes at once. */
const EVENTS_PER_SECOND = 250;
const AT_ONCE = 50;
/** Movements: a screen shows no more. */
const BETWEEN_MOVES_MS = 1_000 / 60;
/** More is no hand any more. */
export const MOST_WAITING = 2_048;
/** What is held is let go there after ten seconds of silence. */
const BETWEEN_SIGNS_MS = 1_000;

export class Hand {
  readonly #say: (input: InputEvent) => void;
  readonly #clock: Clock;
  readonly #waiting: InputEvent[] = [];
  /** As the computer has them when all that waits is done. */
  readonly #keys = new Set<number>();
  readonly #buttons = new Set<MouseButton>();
  /** Here, under the technician's fingers. */
  readonly #modifiers = new Set<number>();
  /** Pressed, and used for nothing yet. */
  #lone: number | null = null;
  #at: Point | null = null;
  #hasMoved = false;
  #movedAt = -Infinity;
  #saidAt = -Infinity;
  /** What the computer has done when it is done with all. */
  #doneAt = 0;
  #stop: (() => void) | null = null;

  constructor(say: (input: InputEvent) => void, clock: Clock) {
    this.#say = say;
    this.#clock = clock;
  }

  move(at: Point): void {
    this.#at = at;
    this.#hasMoved = true;
    this.#run();
  }

  button(at: Point, button: MouseButton, down: boolean): void {
    if (!down && !this.#buttons.has(button)) return;
    this.#useModifiers();
    this.#pointTo(at);
    if (down) this.#buttons.add(button);
    else this.#buttons.delete(button);
    this.#queue({ event: "button", ...at, button, down });
  }

  wheel(at: Point, up: number, right: number): void {
    this.#useModifiers();
    this.#pointTo(at);
    this.#queue({ event: "wheel", ...at, up, right });
  }

  /** By place. One that repeats is down already, and repeats there. */
  press(key: number): void {
    if (isModifier(key)) {
      this.#lone = this.#modifiers.size === 0 ? key : null;
      this.#modifiers.add(key);
      return;
    }
    this.#useModifiers();
    this.#down(key);
  }

  letGo(key: number): void {
    this.#modifiers.delete(key);
    if (this.#lone === key) this.#down(key);
    this.#lone = null;
    this.#up(key);
  }

  /** What a keyboard's own layout made of its keys. */
  type(text: string): void {
    this.#lone = null;
    for (const modifier of [...this.#keys].filter(isModifier)) this.#up(modifier);
    for (const piece of piecesOf(text)) {
      if (piece === "\n") this.#tap(ENTER);
      else if (piece === "\t") this.#tap(TAB);
      else this.#queue({ event: "text", text: piece });
    }
  }

  /** Down one after the other, and up again in the opposite order. */
  pressTogether(keys: readonly number[]): void {
    this.#lone = null;
    for (const key of keys) this.#down(key);
    for (const key of keys.toReversed()) this.#up(key);
  }

  /** Nothing stays down. */
  release(): void {
    this.#modifiers.clear();
    this.#lone = null;
    for (const key of this.#keys) this.#up(key);
    const at = this.#at;
    for (const button of this.#buttons) if (at !== null) this.button(at, button, false);
  }

  /** The computer let go of all, and does nothing of what waits. */
  forget(): void {
    this.#waiting.length = 0;
    this.#keys.clear();
    this.#buttons.clear();
    this.#modifiers.clear();
    this.#lone = null;
    this.#hasMoved = false;
    this.#rest();
  }

  #useModifiers(): void {
    this.#lone = null;
    for (const modifier of this.#modifiers) this.#down(modifier);
    for (const key of this.#keys) if (isModifier(key) && !this.#modifiers.has(key)) this.#up(key);
  }

  #tap(key: number): void {
    this.#down(key);
    this.#up(key);
  }

  #down(key: number): void {
    if (this.#keys.has(key)) return;
    this.#keys.add(key);
    this.#queue({ event: "key", key, down: true });
  }

  #up(key: number): void {
    if (this.#keys.delete(key)) this.#queue({ event: "key", key, down: false });
  }

  /** What tells a place needs no movement before it. */
  #pointTo(at: Point): void {
    this.#at = at;
    this.#hasMoved = false;
  }

  #queue(input: InputEvent): void {
    this.#flushMove();
    if (this.#waiting.length >= MOST_WAITING && !isRelease(input)) return;
    this.#waiting.push(input);
    this.#run();
  }

  /** A key belongs to where the pointer was. */
  #flushMove(): void {
    if (!this.#hasMoved || this.#at === null) return;
    this.#hasMoved = false;
    this.#movedAt = this.#clock.now();
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push({ event: "move", ...this.#at });
  }

  #run(): void {
    const now = this.#clock.now();
    if (now >= this.#movedAt + BETWEEN_MOVES_MS && this.#waiting.length === 0) this.#flushMove();
    if (this.#isHeld() && now >= this.#saidAt + BETWEEN_SIGNS_MS && this.#waiting.length === 0) this.#sign();
    while (this.#waiting.length > 0 && this.#mayAt() <= now) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#doneAt = Math.max(this.#doneAt, now) + (costOf(next) * 1_000) / EVENTS_PER_SECOND;
      this.#saidAt = now;
      this.#say(next);
    }
    this.#wake(now);
  }

  /** That what is held is held still. */
  #sign(): void {
    const [key] = this.#keys;
    if (this.#at !== null) this.#waiting.push({ event: "move", ...this.#at });
    else if (key !== undefined) this.#waiting.push({ event: "key", key, down: true });
  }

  #wake(now: number): void {
    this.#rest();
    const times = [
      ...(this.#waiting.length > 0 ? [this.#mayAt()] : []),
      ...(this.#hasMoved ? [this.#movedAt + BETWEEN_MOVES_MS] : []),
      ...(this.#isHeld() ? [this.#saidAt + BETWEEN_SIGNS_MS] : []),
    ];
    if (times.length > 0) this.#stop = this.#clock.after(Math.max(1, Math.min(...times) - now), () => this.#run());
  }

  #rest(): void {
    this.#stop?.();
    this.#stop = null;
  }

  #isHeld(): boolean {
    return this.#keys.size + this.#buttons.size > 0;
  }

  #mayAt(): number {
    return this.#doneAt - (AT_ONCE * 1_000) / EVENTS_PER_SECOND;
  }
}

const ENTER = 0x28;
const TAB = 0x2b;

/** What the computer makes of it: the pointer goes there first, and each character is a key. */
function costOf(input: InputEvent): number {
  switch (input.event) {
    case "text":
      return [...input.text].length;
    case "button":
    case "wheel":
      return 2;
    case "move":
    case "key":
      return 1;
  }
}

function isRelease(input: InputEvent): boolean {
  return (input.event === "key" || input.event === "button") && !input.down;
}

/** Short enough to be typed at once; line breaks and tabs are keys, and other control characters nothing. */
function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  for (const part of text.replaceAll(/\r\n?/gu, "\n").split(/([\n\t])/u)) {
    const characters = [...(part === "\n" || part === "\t" ? part : part.replaceAll(/\p{Cc}/gu, ""))];
    for (let at = 0; at < characters.length; at += LONGEST_TYPED) pieces.push(characters.slice(at, at + LONGEST_TYPED).join(""));
  }
  return pieces;
}
