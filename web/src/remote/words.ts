/** What a technician's page and the agent say to each other, and what is needed to read and write it. */

import type { Bytes } from "../e2ee/bytes.ts";
import type { FileHash, FromAgent, FromTechnician, TileDecoder } from "./wasm/conclave_wasm_remote.js";

export type {
  Capability,
  DiagnosticLine,
  EndReason,
  FileOutcome,
  FromAgent,
  FromTechnician,
  InputEvent,
  Monitor,
  MouseButton,
  PauseReason,
  Point,
  Pointer,
  PointerShape,
  Raising,
  Refusal,
  TilesReceived,
} from "./wasm/conclave_wasm_remote.js";

/** The pictures of one agent. */
export type Tiles = Pick<TileDecoder, "receive" | "rgba" | "size" | "pointer" | "forget" | "free">;

/** SHA-256 of what comes piece by piece; done with `finish`. */
export type RunningHash = Pick<FileHash, "update" | "finish">;

export interface RemoteCodec {
  /** Throws what can't be said. */
  encodeTechnician(message: FromTechnician): Bytes;
  /** `undefined` for what is no message. */
  decodeAgent(bytes: Uint8Array): FromAgent | undefined;
  /** Everything of this monitor has to come again. */
  encodeResync(monitor: number): Bytes;
  /** Whether the video that was offered of this monitor can be shown. */
  encodeVideoAnswer(monitor: number, can: boolean): Bytes;
  openTiles(): Tiles;
  openHash(): RunningHash;
}

/** Of a file, in bytes. */
export const LARGEST_CHUNK = 32 * 1_024;
/** Of a clipboard, in bytes of UTF-8. */
export const LONGEST_CLIPBOARD = 32 * 1_024;
/** Characters that are typed at once. */
export const LONGEST_TYPED = 32;
