/** How long a movement takes to the computer and back: until its pointer is seen where ours was put. */

import type { Point } from "./words.ts";

/** At 60 a second, some four seconds' worth: a later answer says nothing any more. */
const MOST_MOVES = 256;

export class Latency {
  readonly #moves: { at: Point; when: number }[] = [];

  moved(at: Point, now: number): void {
    this.#moves.push({ at, when: now });
    if (this.#moves.length > MOST_MOVES) this.#moves.shift();
  }

  /** In milliseconds; `null` for a place that no movement of ours led to. */
  seen(place: Point, now: number): number | null {
    const index = this.#moves.findLastIndex(({ at }) => at.monitor === place.monitor && at.x === place.x && at.y === place.y);
    const move = this.#moves[index];
    if (move === undefined) return null;
    // What was sent before is not answered later.
    this.#moves.splice(0, index + 1);
    return now - move.when;
  }

  forget(): void {
    this.#moves.length = 0;
  }
}
