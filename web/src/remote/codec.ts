/** The codec of a remote session: Rust, in a WebAssembly module that only a technician's page fetches. */

import type { Bytes } from "../e2ee/bytes.ts";
import type * as Wasm from "./wasm/conclave_wasm_remote.js";
import wasmUrl from "./wasm/conclave_wasm_remote_bg.wasm?url";
import type { RemoteCodec } from "./words.ts";

let loading: Promise<RemoteCodec> | null = null;

export function loadRemote(): Promise<RemoteCodec> {
  loading ??= load();
  return loading;
}

async function load(): Promise<RemoteCodec> {
  try {
    const { default: init, ...module } = await import("./wasm/conclave_wasm_remote.js");
    await init({ module_or_path: wasmUrl });
    return codecOf(module);
  } catch (error) {
    // Another try may find the network back.
    loading = null;
    throw error;
  }
}

type Module = Pick<typeof Wasm, "decodeAgent" | "encodeResync" | "encodeTechnician" | "encodeVideoAnswer" | "FileHash" | "TileDecoder">;

/** Whatever leaves the module is a copy of the browser's own. */
export function codecOf({ decodeAgent, encodeResync, encodeTechnician, encodeVideoAnswer, FileHash, TileDecoder }: Module): RemoteCodec {
  return {
    encodeTechnician: (message) => encodeTechnician(message) as Bytes,
    decodeAgent,
    encodeResync: (monitor) => encodeResync(monitor) as Bytes,
    encodeVideoAnswer: (monitor, can) => encodeVideoAnswer(monitor, can) as Bytes,
    openTiles: () => new TileDecoder(),
    openHash: () => new FileHash(),
  };
}
