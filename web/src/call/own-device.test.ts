import { describe, expect, it } from "vitest";

import { Gate } from "../test-gate.ts";
import type { DeviceProblem } from "./devices.ts";
import { OwnDevice, type OwnTrack } from "./own-device.ts";

class FakeTrack implements OwnTrack {
  readonly mediaStreamTrack: { readyState: "live" | "ended" } = { readyState: "live" };
  isMuted = false;

  mute(): Promise<void> {
    this.isMuted = true;
    return Promise.resolve();
  }

  unmute(): Promise<void> {
    this.isMuted = false;
    return Promise.resolve();
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
    publish: (track) => this.publishing.passed.then(() => this.#publish(track)),
    isPublished: (track) => this.published.has(track),
    onFailed: (problem) => this.failures.push(problem),
    onChange: () => {},
  });
  opening = new Gate();
  publishing = new Gate();

  #open(): FakeTrack {
    const track = new FakeTrack();
    this.opened.push(track);
    return track;
  }

  #publish(track: FakeTrack): void {
    this.published.add(track);
    if (!track.isMuted) this.heard.add(track);
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
    expect(world.opened[0]?.isMuted).toBe(true);
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
    expect(world.opened[0]?.isMuted).toBe(false);
  });

  it("gives the wish up when the browser refuses", async () => {
    const world = new World();
    const wanting = world.device.want(true);
    world.opening.refuse(new DOMException("", "NotAllowedError"));

    expect(await wanting).toBe(false);
    expect(world.failures).toEqual(["denied"]);
    expect(world.device.isStarting).toBe(false);
  });

  it("lets the camera's light go out when it could not be published", async () => {
    const world = new World();
    world.opening.open();
    world.publishing.refuse(new Error("no answer"));

    expect(await world.device.want(true)).toBe(false);
    expect(world.opened[0]?.mediaStreamTrack.readyState).toBe("ended");
    expect(world.failures).toEqual(["failed"]);
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

    expect(await wanting).toBe(false);
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
