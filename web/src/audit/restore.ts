/** What the operator says in the log of an older copy that was put back: why a browser may remember more than there is. */

import type { LogHead, Verifier } from "./verifier.ts";

export interface Restore {
  /** RFC 3339. */
  at: string;
  /** One word of the operator's. */
  why: string;
  /** Entries that the copy had. */
  size: number;
}

/**
 * The statement that a proof proves, where the log's key signed it and it tells of what is `held`. It is the operator's word:
 * whoever rewrites the log can say it as well.
 */
export function provenRestore(verifier: Verifier, proof: string | null | undefined, key: string, held: LogHead): Restore | null {
  if (proof === null || proof === undefined) return null;
  try {
    const { entry, head } = verifier.verifyEntry(proof, key);
    const restore = readRestore(entry);
    // A copy with more entries than this browser has seen has lost none of these.
    return head.origin === held.origin && restore !== null && restore.size <= held.size ? restore : null;
  } catch {
    return null;
  }
}

/** `null` for any other entry. */
function readRestore(json: string): Restore | null {
  const read: unknown = JSON.parse(json);
  const detail = member(read, "detail");
  const [event, time, why, size] = [member(read, "event"), member(read, "time"), member(detail, "why"), member(detail, "size")];
  if (event !== "system.restore" || typeof time !== "string" || typeof why !== "string" || typeof size !== "number") return null;
  return Number.isNaN(Date.parse(time)) ? null : { at: time, why, size };
}

function member(of: unknown, name: string): unknown {
  return typeof of === "object" && of !== null ? Reflect.get(of, name) : undefined;
}
