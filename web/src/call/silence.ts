/**
 * Whether nothing comes over this page's connection any more, long before the connection is given up.
 *
 * Once a second it is counted what has arrived. Where pictures flowed and everything has stopped, the server is asked
 * for a sign over another way: somebody else's connection may be gone, and not one's own. Where it gives none either,
 * the connection is silent, until anything comes. Its sign holds off judgement for some seconds alone: the other way may
 * go on where this one is gone.
 *
 * Nothing is judged where no picture is to come, where little came before, and where the page itself was held up.
 */

/** What has arrived since the connection began. */
export interface Reading {
  /** Grows with whatever comes, answers to checks of the way too. */
  arrived: number;
  /** Packets of each picture that is to come: not of one that is off, paused, or looked at by nobody. */
  pictures: ReadonlyMap<string, number>;
}

interface Look extends Reading {
  at: number;
}

interface SilenceWorld {
  /** In milliseconds, of a clock that nobody sets. */
  now(): number;
  /** Resolves with the server's next word. */
  ask(): Promise<void>;
  onChange(): void;
}

/** A browser lets a hidden page look seldom; what was meanwhile is not known. */
const LATE_MS = 2_500;
/** No more packets a second stop by themselves, as of a screen that stands still. */
const LEAST_PER_SECOND = 3;
/** A picture that did not flow in these last seconds is not missed. */
const MISSED_FOR_MS = 3_000;
/** Less than a second, so that the first look at which nothing came asks. */
const ASKS_AFTER_MS = 400;
/** Two looks without anything; more would say it after three seconds. */
const SILENT_AFTER_MS = 1_400;
/** A server that is there answers sooner. Less than a second, so that the next look knows. */
const ANSWERS_WITHIN_MS = 900;
/** A way that is there is checked every six seconds at the most, and the answer to that arrives. */
const CHECKED_WITHIN_MS = 7_000;
/** What is told is there long enough to be read, also where little comes now and then. */
const TOLD_FOR_MS = 2_000;

export class Silence {
  readonly #world: SilenceWorld;
  #before: Look | null = null;
  /** What arrived a second, when anything did last. */
  #usual = 0;
  #heardAt = 0;
  #askedAt: number | null = null;
  /** Whether the server gave a sign since anything was heard. */
  #isAnswered = false;
  #isGone = false;
  #toldAt = -Infinity;
  readonly #flowedAt = new Map<string, number>();
  #isSilent = false;

  constructor(world: SilenceWorld) {
    this.#world = world;
  }

  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** Whether their packets came at the last look. */
  flows(picture: string): boolean {
    return this.#before !== null && this.#flowedAt.get(picture) === this.#before.at;
  }

  /** Once a second. */
  take(reading: Reading): void {
    const before = this.#before;
    const at = this.#world.now();
    this.#before = { ...reading, at };
    if (before === null) this.#heardAt = at;
    else if (reading.arrived > before.arrived) this.#arrived(before, this.#before);
    else if (at - before.at > LATE_MS) this.#heardAt = at;
    this.#judge(this.#before);
    this.#tell();
  }

  /** Another connection follows. */
  forget(): void {
    this.#before = null;
    this.#usual = 0;
    this.#flowedAt.clear();
    this.#toldAt = -Infinity;
    this.#heard(0);
  }

  #arrived(before: Look, { arrived, pictures, at }: Look): void {
    const seconds = (at - before.at) / 1_000;
    const rate = (arrived - before.arrived) / seconds;
    // All of it came in the first half of this second.
    const isFading = rate * 2 < this.#usual && at - before.at <= LATE_MS;
    this.#usual = rate;
    for (const [id, packets] of pictures) {
      const fresh = packets - (before.pictures.get(id) ?? packets);
      if (fresh / seconds > LEAST_PER_SECOND) this.#flowedAt.set(id, at);
    }
    for (const id of this.#flowedAt.keys()) if (!pictures.has(id)) this.#flowedAt.delete(id);
    this.#heard(isFading ? (before.at + at) / 2 : at);
  }

  #judge({ at, pictures }: Look): void {
    const quiet = at - this.#heardAt;
    if (quiet < ASKS_AFTER_MS || !this.#misses(pictures)) return;
    if (this.#askedAt === null) this.#ask(at);
    else if (quiet >= (this.#isAnswered ? CHECKED_WITHIN_MS : SILENT_AFTER_MS) && at - this.#askedAt >= ANSWERS_WITHIN_MS) this.#isGone = true;
  }

  #misses(pictures: Reading["pictures"]): boolean {
    return [...pictures.keys()].some((id) => (this.#flowedAt.get(id) ?? -Infinity) > this.#heardAt - MISSED_FOR_MS);
  }

  #ask(at: number): void {
    this.#askedAt = at;
    void this.#world.ask().then(() => this.#answered(at));
  }

  #answered(askedAt: number): void {
    if (this.#askedAt !== askedAt) return;
    this.#isAnswered = true;
    if (this.#world.now() - this.#heardAt < CHECKED_WITHIN_MS) this.#isGone = false;
    this.#tell();
  }

  #heard(at: number): void {
    this.#heardAt = at;
    this.#askedAt = null;
    this.#isAnswered = false;
    this.#isGone = false;
    this.#tell();
  }

  #tell(): void {
    const now = this.#world.now();
    if (this.#isGone === this.#isSilent || (this.#isSilent && now - this.#toldAt < TOLD_FOR_MS)) return;
    this.#isSilent = this.#isGone;
    this.#toldAt = now;
    this.#world.onChange();
  }
}
