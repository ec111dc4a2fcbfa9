/** A yes or no that this browser remembers. */

import type { Shelf } from "./shelf.ts";
import { Store } from "../store.ts";

export class Preference extends Store<boolean> {
  readonly #shelf: Shelf;
  readonly #key: string;

  constructor(shelf: Shelf, key: string, otherwise: boolean) {
    const kept = shelf.getItem(key);
    super(kept === null ? otherwise : kept === "yes");
    this.#shelf = shelf;
    this.#key = key;
  }

  override set(value: boolean): void {
    this.#shelf.setItem(this.#key, value ? "yes" : "no");
    super.set(value);
  }
}
