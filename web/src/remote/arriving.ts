/** Whether a video's frames arrive. Of one that doesn't there is nothing to see: tiles go another way, and it is tried again later. */

export interface ArrivingParts {
  /** How many frames were shown so far; `null`: nobody sees them, and the browser need not show them. */
  frames(): number | null;
  /** Says whether a video can be shown here. */
  answer(monitor: number, can: boolean): void;
}

/** A video that moves has frames far more often: the computer ends it as soon as all is still. */
const BETWEEN_FRAMES_MS = 1_500;

/** A machine that was busy for a moment shows videos after it. Where none ever arrives, it is asked for less and less. */
const FIRST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 300_000;

export class Arriving {
  readonly #parts: ArrivingParts;
  #looking: ReturnType<typeof setInterval> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #wait = FIRST_WAIT_MS;
  /** How many frames were shown before this video; `null`: there is none, or nobody sees it. */
  #before: number | null = null;
  /** The monitor whose video did not arrive, until that is over. */
  #missed: number | null = null;

  constructor(parts: ArrivingParts) {
    this.#parts = parts;
  }

  /** A video of the monitor is to arrive from here on. */
  begin(monitor: number): void {
    this.end();
    this.#before = this.#parts.frames();
    let seen: number | null = null;
    this.#looking = setInterval(() => {
      const frames = this.#parts.frames();
      if (frames !== null && (frames === seen || frames === 0)) {
        this.#missed = monitor;
        this.#parts.answer(monitor, false);
      }
      seen = frames;
    }, BETWEEN_FRAMES_MS);
  }

  /** It is over. */
  end(): void {
    clearInterval(this.#looking);
    if (this.#missed !== null) this.#tryLater(this.#missed);
    else if (this.#before !== null && (this.#parts.frames() ?? 0) > this.#before) this.#wait = FIRST_WAIT_MS;
    this.#missed = null;
    this.#before = null;
  }

  /** No video will be shown here. */
  close(): void {
    this.end();
    clearTimeout(this.#again);
  }

  #tryLater(monitor: number): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#parts.answer(monitor, true), this.#wait);
    this.#wait = Math.min(2 * this.#wait, LONGEST_WAIT_MS);
  }
}
