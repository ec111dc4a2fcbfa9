/** A device's keys out of the cupboard: the ones that are kept there, or others for as long as the page lives. */

import { attempt } from "./attempt.ts";
import type { Bytes } from "./bytes.ts";
import type { Cupboard } from "./cupboard.ts";
import type * as Wasm from "./wasm/conclave_wasm.js";

export interface TakenKeys {
  keys: Wasm.DeviceKeys;
  /** They are there on the next page, too. */
  isKept: boolean;
}

interface KeyWorld {
  module: Pick<typeof Wasm, "DeviceKeys">;
  cupboard: Cupboard;
  random(length: number): Bytes;
}

/** Kept ones that can't be read stay where they are. */
export async function takeKeys({ module, cupboard, random }: KeyWorld, owner: string): Promise<TakenKeys> {
  const make = (): Bytes => made(module, random);
  const { bytes, isKept } = await cupboard.take(owner, make);
  const keys = attempt(() => module.DeviceKeys.fromBytes(bytes));
  bytes.fill(0);
  if (keys !== null) return { keys, isKept };
  const others = make();
  const instead = module.DeviceKeys.fromBytes(others);
  others.fill(0);
  return { keys: instead, isKept: false };
}

function made(module: KeyWorld["module"], random: KeyWorld["random"]): Bytes {
  const fresh = module.DeviceKeys.generate(random(32));
  const bytes = new Uint8Array(fresh.toBytes());
  fresh.free();
  return bytes;
}
