/** Whose frames come and can't be opened: those people are shown as waiting for a key. */

/** A change of keys drops a few frames; what lasts longer is shown. */
const PATIENCE_MS = 1_000;

interface Frames {
  opened: number;
  isLocked: boolean;
}

export class Locked {
  readonly #people = new Map<string, Frames>();
  readonly #onChange: (participants: readonly string[]) => void;

  constructor(onChange: (participants: readonly string[]) => void) {
    this.#onChange = onChange;
  }

  opened(participant: string, now: number): void {
    const frames = this.#framesOf(participant, now);
    frames.opened = now;
    this.#put(frames, false);
  }

  dropped(participant: string, now: number): void {
    const frames = this.#framesOf(participant, now);
    if (now - frames.opened >= PATIENCE_MS) this.#put(frames, true);
  }

  /** No track of theirs is left. */
  gone(participant: string): void {
    const wasLocked = this.#people.get(participant)?.isLocked ?? false;
    this.#people.delete(participant);
    if (wasLocked) this.#tell();
  }

  #framesOf(participant: string, now: number): Frames {
    const known = this.#people.get(participant);
    if (known !== undefined) return known;
    const frames = { opened: now, isLocked: false };
    this.#people.set(participant, frames);
    return frames;
  }

  #put(frames: Frames, isLocked: boolean): void {
    if (frames.isLocked === isLocked) return;
    frames.isLocked = isLocked;
    this.#tell();
  }

  #tell(): void {
    this.#onChange([...this.#people].flatMap(([participant, { isLocked }]) => (isLocked ? [participant] : [])));
  }
}
