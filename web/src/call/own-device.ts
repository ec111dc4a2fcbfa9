/**
 * One's own microphone or camera in a meeting: a wish, and the track that follows it.
 *
 * The wish may change at any moment, also while the browser asks for permission or while the
 * track is being published. One loop compares the two after each step, so that nothing goes
 * on being heard or seen that is not wanted any more.
 */

import { type DeviceProblem, deviceProblem } from "./devices.ts";

/** The part of a local track that is used. */
export interface OwnTrack {
  readonly isMuted: boolean;
  readonly mediaStreamTrack: Pick<MediaStreamTrack, "readyState">;
  mute(): Promise<unknown>;
  unmute(): Promise<unknown>;
  stop(): void;
}

export interface OwnDeviceWays<T> {
  /** May ask the person, and so take as long as they like. */
  open(): Promise<T>;
  publish(track: T): Promise<unknown>;
  isPublished(track: T): boolean;
  /** It was wanted, and can't be had. The wish is gone. */
  onFailed(problem: DeviceProblem): void;
  /** It began or ceased to start. */
  onChange(): void;
}

export class OwnDevice<T extends OwnTrack> {
  readonly #ways: OwnDeviceWays<T>;
  #isWanted = false;
  #isClosed = false;
  #track: T | null = null;
  #following: Promise<void> | null = null;

  constructor(ways: OwnDeviceWays<T>) {
    this.#ways = ways;
  }

  get isStarting(): boolean {
    return this.#isWanted && this.#following !== null;
  }

  /** Resolves, once nothing moves any more, to whether it is on. */
  async want(isWanted: boolean): Promise<boolean> {
    this.#isWanted = isWanted;
    await this.keep();
    return this.#isWanted && !this.#isClosed;
  }

  /** Compares again: others may have published or unmuted the track. */
  async keep(): Promise<void> {
    // At once, whatever the loop still waits for.
    if (!this.#isWanted) this.#track?.mute().catch(() => {});
    this.#following ??= this.#follow();
    await this.#following;
  }

  /** Lets go of it for good. */
  close(): void {
    this.#isClosed = true;
    this.#track?.stop();
  }

  async #follow(): Promise<void> {
    // The caller has to have the promise before anybody looks.
    await Promise.resolve();
    this.#ways.onChange();
    while (!this.#isSettled()) await this.#step().catch((error: unknown) => this.#fail(error));
    this.#following = null;
    this.#ways.onChange();
  }

  #isSettled(): boolean {
    if (this.#isClosed) return true;
    if (this.#track === null) return !this.#isWanted;
    return this.#ways.isPublished(this.#track) && this.#track.isMuted !== this.#isWanted;
  }

  async #step(): Promise<void> {
    const track = this.#track;
    if (track === null) await this.#open();
    else if (!this.#ways.isPublished(track)) await this.#publish(track);
    else if (this.#isWanted) await this.#follows(track, track.unmute());
    else await this.#follows(track, track.mute());
  }

  async #open(): Promise<void> {
    const track = await this.#ways.open();
    if (!this.#isWanted || this.#isClosed) track.stop();
    else if (track.mediaStreamTrack.readyState === "ended") throw new Error("ended while it was opened");
    else this.#track = track;
  }

  async #publish(track: T): Promise<void> {
    if (this.#isWanted && track.mediaStreamTrack.readyState === "live") {
      await this.#ways.publish(track);
      if (!this.#ways.isPublished(track)) throw new Error("not published");
    } else {
      this.#drop(track);
    }
  }

  async #follows(track: T, change: Promise<unknown>): Promise<void> {
    const before = track.isMuted;
    await change;
    if (track.isMuted === before && before === this.#isWanted) throw new Error("the track does not follow");
  }

  #fail(error: unknown): void {
    if (this.#isClosed) return;
    if (this.#track !== null && !(this.#ways.isPublished(this.#track) && this.#track.isMuted)) this.#drop(this.#track);
    if (!this.#isWanted) return;
    this.#isWanted = false;
    this.#ways.onFailed(deviceProblem(error));
  }

  #drop(track: T): void {
    track.stop();
    this.#track = null;
  }
}
