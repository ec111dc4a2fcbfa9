/** What an account's role lets its pages show; the server decides. */

import type { Me } from "../../api/wire.ts";
import { maySeePolicy } from "./may.ts";

const WRITERS: ReadonlySet<Me["role"]> = new Set(["owner", "admin"] as const);

export function seesPolicy({ role }: Me): boolean {
  return maySeePolicy(role);
}

export function changesPolicy({ role }: Me): boolean {
  return WRITERS.has(role);
}
