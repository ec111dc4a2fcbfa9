/** Which fingerprint each computer had when this browser last connected to it: a server that puts another key in a computer's place is noticed. */

import type { Shelf } from "../../call/shelf.ts";

const KEY = "conclave.computers";
/** The oldest are forgotten. */
const MOST = 500;

export class KnownComputers {
  readonly #shelf: Pick<Shelf, "getItem" | "setItem">;

  constructor(shelf: Pick<Shelf, "getItem" | "setItem">) {
    this.#shelf = shelf;
  }

  /** `null` for one that is not known here. */
  fingerprint(device: string): string | null {
    return this.#all().find(([known]) => known === device)?.[1] ?? null;
  }

  keep(device: string, fingerprint: string): void {
    const others = this.#all().filter(([known]) => known !== device);
    this.#shelf.setItem(KEY, JSON.stringify([...others, [device, fingerprint]].slice(-MOST)));
  }

  #all(): [string, string][] {
    try {
      const kept: unknown = JSON.parse(this.#shelf.getItem(KEY) ?? "[]");
      return Array.isArray(kept) ? kept.filter(isPair) : [];
    } catch {
      return [];
    }
  }
}

function isPair(value: unknown): value is [string, string] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === "string" && typeof value[1] === "string";
}
