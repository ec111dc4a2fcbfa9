/** The verifier of logs: Rust, in a small WebAssembly module that is fetched when it is first needed. */

import type * as Wasm from "./wasm/conclave_wasm_audit.js";
import wasmUrl from "./wasm/conclave_wasm_audit_bg.wasm?url";

export type { LogHead, VerifiedKit } from "./wasm/conclave_wasm_audit.js";

/** What does not hold throws an `Error` with a `code`. */
export type Verifier = Pick<typeof Wasm, "openCheckpoint" | "verifyConsistency" | "verifyEntry" | "verifyKit">;

let loading: Promise<Verifier> | null = null;

export function loadVerifier(): Promise<Verifier> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Verifier> {
  try {
    const { default: init, ...module } = await import("./wasm/conclave_wasm_audit.js");
    await init({ module_or_path: wasmUrl });
    return module;
  } catch (error) {
    // Another try may find the network back.
    loading = null;
    throw error;
  }
}

/** Why a verifier refused; `unexpected` for what is no word of its. */
export function refusalOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return typeof code === "string" ? code : "unexpected";
}
