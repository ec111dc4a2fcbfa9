// The module as the browser gets it.
import { readFileSync } from "node:fs";

const bound = new URL("../../../web/src/e2ee/wasm/", import.meta.url);

export const bytes = readFileSync(new URL("conclave_wasm_bg.wasm", bound));
export const wasm = await import(new URL("conclave_wasm.js", bound));
wasm.initSync({ module: bytes });

export const encode = (text) => new TextEncoder().encode(text);
