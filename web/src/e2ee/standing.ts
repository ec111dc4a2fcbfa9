/** What a change of sending means to the person. */

import type { Standing } from "./orders.ts";
import type * as Wasm from "./wasm/conclave_wasm.js";

/** Who never had a key joins still; who had one and has none is silent. */
export function standingOf({ silence }: Wasm.Output & { kind: "sending" }, before: Standing): Standing {
  switch (silence) {
    case undefined:
      return { at: "on" };
    case "over":
      return { at: "over" };
    case "unconfirmed":
      return { at: "silent", why: "unconfirmed" };
    case "no_key":
      return before.at === "on" || before.at === "silent" ? { at: "silent", why: "no_key" } : before;
  }
}
