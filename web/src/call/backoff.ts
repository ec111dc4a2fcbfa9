/** How long to wait before the next try: doubling, bounded, with jitter so that a crowd does not return at once. */

const FIRST_MS = 400;
const LONGEST_MS = 8_000;

export class Backoff {
  #tries = 0;
  readonly #random: () => number;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  next(): number {
    const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#tries);
    this.#tries += 1;
    return full / 2 + (full / 2) * this.#random();
  }

  reset(): void {
    this.#tries = 0;
  }
}
