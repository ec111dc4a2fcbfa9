import { beforeEach, describe, expect, it } from "vitest";

import type { Bytes } from "./bytes.ts";
import { type Drawer, ownerOf, PageCupboard, type Wrapped, WrappedCupboard } from "./cupboard.ts";

const ANN = ownerOf("ann", "");
const GUEST = ownerOf(null, "bo");
const DAY_MS = 86_400_000;

/** What IndexedDB does, in order and at once; refuses what it is told to refuse. */
class MapDrawer implements Drawer {
  readonly kept = new Map<string, Wrapped>();
  refuses: "nothing" | "reading" | "writing" = "nothing";
  /** Between the first look and the write. */
  meanwhile: () => Promise<unknown> = () => Promise.resolve();

  async get(owner: string): Promise<Wrapped | undefined> {
    if (this.refuses === "reading") throw new Error("refused");
    const kept = this.kept.get(owner);
    await this.meanwhile();
    return kept;
  }
  getOrPut(owner: string, wrapped: Wrapped): Promise<Wrapped> {
    const first = this.kept.get(owner) ?? wrapped;
    return this.put(owner, { ...first, at: wrapped.at }).then(() => first);
  }
  put(owner: string, wrapped: Wrapped): Promise<void> {
    if (this.refuses === "writing") return Promise.reject(new Error("full"));
    this.kept.set(owner, wrapped);
    return Promise.resolve();
  }
  delete(owner: string): Promise<void> {
    this.kept.delete(owner);
    return Promise.resolve();
  }
  deleteOld(since: number): Promise<void> {
    for (const [owner, { at }] of this.kept) if (owner.startsWith("guest") && at < since) this.kept.delete(owner);
    return Promise.resolve();
  }
}

let drawer: MapDrawer;
let now: number;
let made: number;

beforeEach(() => {
  drawer = new MapDrawer();
  now = 100 * DAY_MS;
  made = 0;
});

const make = (): Bytes => new Uint8Array(32).fill((made += 1));

function wrappingKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function cupboard(): Promise<WrappedCupboard> {
  return new WrappedCupboard(drawer, await wrappingKey(), () => now);
}

describe("a device's keys", () => {
  it("are the same each time, and lie there only wrapped", async () => {
    const keys = await cupboard();
    const first = await keys.take(ANN, make);

    expect(first).toEqual({ bytes: new Uint8Array(32).fill(1), isKept: true });
    expect(await keys.take(ANN, make)).toEqual(first);
    const kept = drawer.kept.get(ANN)?.bytes ?? new Uint8Array();
    expect(kept).toHaveLength(48);
    expect(Buffer.from(kept).includes(Buffer.from(first.bytes))).toBe(false);
  });

  it("are those of the first of two tabs", async () => {
    const keys = await cupboard();
    let other: Promise<unknown> = Promise.resolve();
    drawer.meanwhile = () => {
      drawer.meanwhile = () => Promise.resolve();
      other = keys.take(ANN, make);
      return other;
    };

    expect(await keys.take(ANN, make)).toEqual(await other);
  });

  it("pass for nobody else's", async () => {
    const keys = await cupboard();
    await keys.take(ANN, make);
    drawer.kept.set(ownerOf("bo", ""), drawer.kept.get(ANN) as Wrapped);

    expect(await keys.take(ownerOf("bo", ""), make)).toEqual({ bytes: new Uint8Array(32).fill(2), isKept: false });
  });

  it("of an account stay where they are when they can't be read, and what serves meanwhile is kept nowhere", async () => {
    await (await cupboard()).take(ANN, make);
    const before = drawer.kept.get(ANN)?.bytes;

    expect(await (await cupboard()).take(ANN, make)).toEqual({ bytes: new Uint8Array(32).fill(2), isKept: false });
    expect(drawer.kept.get(ANN)?.bytes).toBe(before);
  });

  it("of a guest are made again when they can't be read", async () => {
    await (await cupboard()).take(GUEST, make);
    const keys = await cupboard();

    expect(await keys.take(GUEST, make)).toEqual({ bytes: new Uint8Array(32).fill(2), isKept: true });
    expect((await keys.take(GUEST, make)).bytes).toEqual(new Uint8Array(32).fill(2));
  });

  for (const what of ["reading", "writing"] as const) {
    it(`say that they are not kept where ${what} is refused`, async () => {
      drawer.refuses = what;

      expect((await (await cupboard()).take(ANN, make)).isKept).toBe(false);
      expect(drawer.kept.size).toBe(0);
    });
  }

  it("that are there are read also where nothing more can be written", async () => {
    const keys = await cupboard();
    const first = await keys.take(ANN, make);
    drawer.refuses = "writing";

    expect(await keys.take(ANN, make)).toEqual(first);
  });

  it("of guests who don't come back go after a month, and an account's stay", async () => {
    const keys = await cupboard();
    for (const owner of [ANN, GUEST]) await keys.take(owner, make);
    now += 31 * DAY_MS;
    await keys.take(ownerOf(null, "cy"), make);

    expect([...drawer.kept.keys()]).toEqual([ANN, ownerOf(null, "cy")]);
  });

  it("live as long as the page where nothing can be kept", async () => {
    const keys = new PageCupboard();
    const first = await keys.take(ANN, make);

    expect(first.isKept).toBe(false);
    expect(await keys.take(ANN, make)).toEqual(first);
  });
});
