import { describe, expect, it } from "vitest";

import { Gate } from "../test-gate.ts";
import type { DeviceProblem } from "./devices.ts";
import { OwnDevice, type OwnTrack } from "./own-device.ts";

/** A track as LiveKit's `LocalTrack` behaves. */
class FakeTrack implements OwnTrack {
  readonly mediaStreamTrack: { readyState: "live" | "ended"; enabled: boolean } = { readyState: "live", enabled: true };
  isMuted = false;
  /** As the server knows it: it is told when the track is published, and of each change after that. */
  isMutedOnServer: boolean | null = null;
  isUnplugged = false;
  readonly #onRestarted: (() => void)[] = [];

  on(_: "restarted", listener: () => void): void {
    this.#onRestarted.push(listener);
  }

  mute(): Promise<void> {
    this.#setMuted(true);
    return Promise.resolve();
  }

  /** Reopens the device that it had. */
  unmute(): Promise<void> {
    if (this.isUnplugged) return Promise.reject(new DOMException("", "OverconstrainedError"));
    this.#setMuted(false);
    return Promise.resolve();
  }

  /** Before it is published again after an interruption. */
  restart(): void {
    this.mediaStreamTrack.readyState = "live";
    this.mediaStreamTrack.enabled = !this.isMuted;
    for (const listener of this.#onRestarted) listener();
  }

  #setMuted(isMuted: boolean): void {
    this.isMuted = isMuted;
    this.mediaStreamTrack.enabled = !isMuted;
    if (this.isMutedOnServer !== null) this.isMutedOnServer = isMuted;
  }

  stop(): void {
    this.mediaStreamTrack.readyState = "ended";
  }
}

/** A browser and a router that answer when the test says so. */
class World {
  readonly opened: FakeTrack[] = [];
  readonly published = new Set<FakeTrack>();
  /** Ever sent while it was not muted. */
  readonly heard = new Set<FakeTrack>();
  readonly failures: DeviceProblem[] = [];
  readonly device = new OwnDevice<FakeTrack>({
    open: () => this.opening.passed.then(() => this.#open()),
    publish: (track) => this.publish(track),
    unpublish: (track) => Promise.resolve(this.published.delete(track)),
    isPublished: (track) => this.published.has(track),
    isConnected: () => this.isConnected,
    pause: () => {
      this.pauses += 1;
      return this.pausing.passed;
    },
    onFailed: (problem) => this.failures.push(problem),
    onChange: () => {},
  });
  opening = new Gate();
  publishing = new Gate();
  pausing = Gate.opened();
  isConnected = true;
  pauses = 0;

  #open(): FakeTrack {
    const track = new FakeTrack();
    this.opened.push(track);
    return track;
  }

  /** Reads early whether the track is muted. */
  async publish(track: FakeTrack): Promise<void> {
    const { isMuted } = track;
    await this.publishing.passed;
    track.isMutedOnServer = isMuted;
    this.published.add(track);
    if (track.mediaStreamTrack.enabled) this.heard.add(track);
  }
}

/** Answers everything at once. */
function quick(): World {
  const world = new World();
  world.opening.open();
  world.publishing.open();
  return world;
}

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe("one's own device", () => {
  it("is opened and published when it is wanted, and muted when it no longer is", async () => {
    const { device, opened, published } = quick();

    expect(await device.want(true)).toBe(true);
    expect(published.has(opened[0] as FakeTrack)).toBe(true);
    expect(await device.want(false)).toBe(false);

    expect(opened).toHaveLength(1);
    expect(opened[0]?.isMuted).toBe(true);
  });

  it("is unmuted, not opened again", async () => {
    const { device, opened } = quick();
    await device.want(true);
    await device.want(false);

    expect(await device.want(true)).toBe(true);

    expect(opened).toHaveLength(1);
    expect(opened[0]?.isMuted).toBe(false);
  });

  it("is never heard when it was muted while the browser still asked", async () => {
    const world = new World();
    world.publishing.open();
    const wanting = world.device.want(true);
    await soon();
    const muting = world.device.want(false);

    world.opening.open();
    await Promise.all([wanting, muting]);

    expect(world.published.size).toBe(0);
    expect(world.opened[0]?.mediaStreamTrack.readyState).toBe("ended");
    expect(await wanting).toBe(false);
  });

  it("is never heard when it was muted while it was being published", async () => {
    const world = new World();
    world.opening.open();
    const wanting = world.device.want(true);
    await soon();

    const muting = world.device.want(false);
    world.publishing.open();
    await Promise.all([wanting, muting]);

    expect(world.published.size).toBe(1);
    expect(world.heard.size).toBe(0);
    expect(world.opened[0]).toMatchObject({ isMuted: true, isMutedOnServer: true });
  });

  it("is on after a change of mind and back", async () => {
    const world = new World();
    world.opening.open();
    const first = world.device.want(true);
    await soon();
    const second = world.device.want(false);
    const third = world.device.want(true);
    world.publishing.open();

    expect(await Promise.all([first, second, third])).toEqual([true, true, true]);
    expect(world.opened).toHaveLength(1);
    expect(world.opened[0]).toMatchObject({ isMuted: false, mediaStreamTrack: { enabled: true } });
  });

  it("gives the wish up when the browser refuses", async () => {
    const world = new World();
    const wanting = world.device.want(true);
    world.opening.refuse(new DOMException("", "NotAllowedError"));

    expect(await wanting).toBe(false);
    expect(world.failures).toEqual(["denied"]);
    expect(world.device.isStarting).toBe(false);
  });

  it("lets the camera's light go out when the router goes on refusing it", async () => {
    const world = new World();
    world.opening.open();
    world.publishing.refuse(new Error("no answer"));

    expect(await world.device.want(true)).toBe(false);
    expect(world.pauses).toBeGreaterThan(2);
    expect(world.opened[0]?.mediaStreamTrack.readyState).toBe("ended");
    expect(world.failures).toEqual(["failed"]);
  });

  it("is published when the network failed once", async () => {
    const world = new World();
    world.opening.open();
    world.pausing = new Gate();
    world.publishing.refuse(new Error("no answer"));
    const wanting = world.device.want(true);
    await soon();
    world.publishing = Gate.opened();
    world.pausing.open();

    expect(await wanting).toBe(true);
    expect(world.failures).toEqual([]);
    expect(world.published.size).toBe(1);
  });

  it("stays wanted, and says that it starts, when the connection went while it was published", async () => {
    const world = new World();
    world.opening.open();
    const wanting = world.device.want(true);
    await soon();
    world.isConnected = false;
    world.publishing.refuse(new Error("no answer"));
    expect(await wanting).toBe(true);
    expect(world.device.isStarting).toBe(true);

    world.isConnected = true;
    world.publishing = Gate.opened();
    await world.device.keep();

    expect(world.published.size).toBe(1);
    expect(world.device.isStarting).toBe(false);
  });

  it("comes back silent from an interruption during which it was switched off", async () => {
    const world = quick();
    await world.device.want(true);
    const [track] = world.opened as [FakeTrack];
    world.heard.clear();
    world.isConnected = false;
    world.published.clear();

    expect(await world.device.want(false)).toBe(false);
    track.restart();
    await world.publish(track);
    world.isConnected = true;
    await world.device.keep();

    expect(world.heard.size).toBe(0);
    expect(track).toMatchObject({ isMuted: true, isMutedOnServer: true });
    expect(world.opened).toHaveLength(1);
  });

  it("comes back heard from an interruption during which it was switched off and on", async () => {
    const world = quick();
    await world.device.want(true);
    const [track] = world.opened as [FakeTrack];
    world.isConnected = false;
    world.published.clear();
    await world.device.want(false);
    await world.publish(track);

    expect(await world.device.want(true)).toBe(true);

    expect(track).toMatchObject({ isMuted: false, mediaStreamTrack: { enabled: true } });
  });

  it("takes another in the place of one that was unplugged while it was muted", async () => {
    const world = quick();
    await world.device.want(true);
    await world.device.want(false);
    const [unplugged] = world.opened as [FakeTrack];
    unplugged.isUnplugged = true;

    expect(await world.device.want(true)).toBe(true);

    expect(world.opened).toHaveLength(2);
    expect(unplugged.mediaStreamTrack.readyState).toBe("ended");
    expect([...world.published]).toEqual([world.opened[1]]);
  });

  it("does not come back after it was closed, when it was just being reopened", async () => {
    const { device, opened } = quick();
    await device.want(true);

    device.close();
    opened[0]?.restart();

    expect(opened[0]?.mediaStreamTrack.readyState).toBe("ended");
  });

  it("is opened afresh after the router took it away", async () => {
    const { device, opened, published } = quick();
    await device.want(true);
    published.clear();
    opened[0]?.stop();

    expect(await device.want(true)).toBe(true);

    expect(opened).toHaveLength(2);
  });

  it("is muted again when something else unmuted it", async () => {
    const { device, opened } = quick();
    await device.want(true);
    await device.want(false);
    await opened[0]?.unmute();

    await device.keep();

    expect(opened[0]?.isMuted).toBe(true);
  });

  it("keeps nothing open that came after it was closed", async () => {
    const world = new World();
    const wanting = world.device.want(true);
    await soon();
    world.device.close();

    world.opening.open();

    // The wish outlives this connection.
    expect(await wanting).toBe(true);
    expect(world.opened[0]?.mediaStreamTrack.readyState).toBe("ended");
    expect(world.failures).toEqual([]);
  });

  it("says that it starts while it does", async () => {
    const world = new World();
    const wanting = world.device.want(true);
    expect(world.device.isStarting).toBe(true);

    world.opening.open();
    world.publishing.open();
    await wanting;

    expect(world.device.isStarting).toBe(false);
  });
});
