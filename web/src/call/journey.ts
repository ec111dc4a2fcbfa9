/** The way to the organisation's identity provider and back. Where somebody goes on afterwards is this tab's memory. */

import type { Shelf } from "./shelf.ts";

const KEY = "conclave.journey";
const HOME = "/";

export class Journey {
  readonly #shelf: Shelf;
  readonly #go: (address: string) => void;

  /** `go` leaves this page. */
  constructor(shelf: Shelf, go: (address: string) => void) {
    this.#shelf = shelf;
    this.#go = go;
  }

  /** Leaves for the provider; `next` is a path of ours. */
  leave(address: string, next: string): void {
    this.#shelf.setItem(KEY, next);
    this.#go(address);
  }

  /** Where to go on. Asked once: what was kept is forgotten. */
  next(): string {
    const kept = this.#shelf.getItem(KEY) ?? HOME;
    this.#shelf.removeItem(KEY);
    return /^\/(?!\/)/.test(kept) ? kept : HOME;
  }
}

/** What the provider sent back with the browser; `null` where it is none of that. */
export function readAnswer(query: string): { state: string; code: string | null; iss: string | null } | null {
  const sent = new URLSearchParams(query);
  const state = sent.get("state");
  return state === null ? null : { state, code: sent.get("code"), iss: sent.get("iss") };
}
