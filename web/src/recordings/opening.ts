/** What makes a recording readable: the key and the opening of pieces, and what the pieces tell. Only the page of recordings fetches it. */

import type * as E2ee from "../e2ee/wasm/conclave_wasm.js";
import e2eeUrl from "../e2ee/wasm/conclave_wasm_bg.wasm?url";
import type * as Remote from "../remote/wasm/conclave_wasm_remote.js";
import remoteUrl from "../remote/wasm/conclave_wasm_remote_bg.wasm?url";

export type { RecordedMoment } from "../remote/wasm/conclave_wasm_remote.js";
export type { RecordingKeys } from "../e2ee/wasm/conclave_wasm.js";

export type Opening = Pick<typeof E2ee, "RecordingKeys" | "RecordingOpener"> & Pick<typeof Remote, "readMoments" | "TileDecoder">;

let loading: Promise<Opening> | null = null;

export function loadOpening(): Promise<Opening> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Opening> {
  try {
    const [e2ee, remote] = await Promise.all([import("../e2ee/wasm/conclave_wasm.js"), import("../remote/wasm/conclave_wasm_remote.js")]);
    await Promise.all([e2ee.default({ module_or_path: e2eeUrl }), remote.default({ module_or_path: remoteUrl })]);
    const { RecordingKeys, RecordingOpener } = e2ee;
    const { readMoments, TileDecoder } = remote;
    return { RecordingKeys, RecordingOpener, readMoments, TileDecoder };
  } catch (error) {
    // Another try may find the network back.
    loading = null;
    throw error;
  }
}

/** Why something did not open; `unexpected` for what is no word of the module's. */
export function refusalOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return typeof code === "string" ? code : "unexpected";
}

/** 32 random bytes, for one use. */
export function seed(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(32));
}

export function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
