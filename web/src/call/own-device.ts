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
  readonly mediaStreamTrack: Pick<MediaStreamTrack, "readyState" | "enabled">;
  /** The track reopened its device, perhaps one that was stopped. */
  on(event: "restarted", listener: () => void): unknown;
  mute(): Promise<unknown>;
  unmute(): Promise<unknown>;
  stop(): void;
}

export interface OwnDeviceWays<T> {
  /** May ask the person, and so take as long as they like. */
  open(): Promise<T>;
  publish(track: T): Promise<unknown>;
  unpublish(track: T): Promise<unknown>;
  isPublished(track: T): boolean;
  /** While it is not, tracks are taken away and published again by others. */
  isConnected(): boolean;
  /** Before another try to publish, after so many that failed. */
  pause(failures: number): Promise<void>;
  /** It was wanted, and can't be had. The wish is gone. */
  onFailed(problem: DeviceProblem): void;
  /** It began or ceased to start. */
  onChange(): void;
}

/** A router that refuses more often than this does so for a reason. */
const MOST_FAILURES = 5;

export class OwnDevice<T extends OwnTrack> {
  readonly #ways: OwnDeviceWays<T>;
  #isWanted = false;
  #isClosed = false;
  #track: T | null = null;
  #failures = 0;
  #following: Promise<void> | null = null;

  constructor(ways: OwnDeviceWays<T>) {
    this.#ways = ways;
  }

  get isStarting(): boolean {
    return this.#isWanted && !this.#isClosed && (this.#following !== null || this.#isAway());
  }

  /** Resolves, once nothing moves any more, to whether it is wanted still. */
  async want(isWanted: boolean): Promise<boolean> {
    this.#isWanted = isWanted;
    await this.keep();
    return this.#isWanted;
  }

  /** Compares again: others may have published or unmuted the track. */
  async keep(): Promise<void> {
    if (this.#track !== null) this.#obey(this.#track);
    this.#following ??= this.#follow();
    await this.#following;
  }

  /** Lets go of it for good. */
  close(): void {
    this.#isClosed = true;
    this.#track?.stop();
  }

  /** At once, whatever the loop still waits for. */
  #obey(track: T): void {
    // LiveKit tells the server of a mute only once the track is published: until then it is silent, but not muted.
    if (this.#isWanted || !this.#ways.isPublished(track)) track.mediaStreamTrack.enabled = this.#isWanted && !track.isMuted;
    else track.mute().catch(() => {});
  }

  /** Taken off the air by an interruption, to come back with the connection. */
  #isAway(): boolean {
    return this.#track !== null && !this.#ways.isPublished(this.#track) && !this.#ways.isConnected();
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
    if (this.#isAway()) return true;
    return this.#ways.isPublished(this.#track) && this.#track.isMuted !== this.#isWanted;
  }

  async #step(): Promise<void> {
    const track = this.#track;
    if (track === null) await this.#open();
    else if (!this.#ways.isPublished(track)) await this.#publish(track);
    else if (this.#isWanted) await this.#unmute(track);
    else await this.#follows(track, track.mute());
  }

  async #open(): Promise<void> {
    const track = await this.#ways.open();
    if (!this.#isWanted || this.#isClosed) track.stop();
    else if (track.mediaStreamTrack.readyState === "ended") throw new Error("ended while it was opened");
    else this.#take(track);
  }

  #take(track: T): void {
    this.#track = track;
    track.on("restarted", () => {
      if (this.#isClosed || this.#track !== track) track.stop();
      else this.#obey(track);
    });
  }

  async #publish(track: T): Promise<void> {
    if (this.#isWanted && track.mediaStreamTrack.readyState === "live") {
      await this.#send(track);
    } else {
      this.#drop(track);
    }
  }

  /** The network may fail; only a router that goes on refusing takes the wish away. */
  async #send(track: T): Promise<void> {
    try {
      await this.#ways.publish(track);
      if (!this.#ways.isPublished(track)) throw new Error("not published");
      this.#failures = 0;
    } catch (error) {
      if (!this.#ways.isConnected()) return;
      this.#failures += 1;
      if (this.#failures >= MOST_FAILURES) throw error;
      await this.#ways.pause(this.#failures);
    }
  }

  /** A chosen device that is gone would be asked for again at each unmuting: another is opened in its place. */
  async #unmute(track: T): Promise<void> {
    try {
      await this.#follows(track, track.unmute());
    } catch (error) {
      if (deviceProblem(error) !== "missing") throw error;
      await this.#ways.unpublish(track);
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
    this.#failures = 0;
    this.#ways.onFailed(deviceProblem(error));
  }

  #drop(track: T): void {
    track.stop();
    this.#track = null;
  }
}
