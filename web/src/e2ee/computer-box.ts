/** Seals for a computer what lets a technician in there. What is typed leaves this page in no other form. */

import type { UnattendedOpened } from "../api/wire.ts";
import { fromBase64, fromUuid, toBase64 } from "./bytes.ts";
import init, { Computer } from "./wasm/conclave_wasm.js";
import wasmUrl from "./wasm/conclave_wasm_bg.wasm?url";

export interface Admittance {
  /** Of the session. */
  link: string;
  /** Of an administrator of the computer. */
  name: string;
  password: string;
}

/** For one try. Throws where the keys are not those of this fingerprint, or something is too long. */
export type SealForComputer = (device: string, opened: UnattendedOpened, fingerprint: string, attempt: number, admittance: Admittance) => Promise<string>;

export const sealForComputer: SealForComputer = async (device, opened, fingerprint, attempt, { link, name, password }) => {
  await init({ module_or_path: wasmUrl });
  const computer = new Computer(fromBase64(opened.signing_key), fromBase64(opened.sealing_key));
  try {
    if (hexadecimal(computer.fingerprint) !== fingerprint) throw new Error("computer_changed");
    return toBase64(computer.seal(fromUuid(device), fromUuid(opened.run), fromUuid(opened.session.id), attempt, link, name, password));
  } finally {
    computer.free();
  }
};

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
