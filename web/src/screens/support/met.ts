/** Whether this seat's page met the computer, kept in the tab: a page that is loaded again waits for it no longer than the one before. */

import type { Shelf } from "../../call/shelf.ts";
import type { SupportState } from "../../remote/support-state.ts";

export class Met {
  readonly #shelf: Shelf;
  readonly #key: string;

  /** `participant`: of the seat. Another seat has met nobody. */
  constructor(shelf: Shelf, participant: string) {
    this.#shelf = shelf;
    this.#key = `conclave.met.${participant}`;
  }

  get(): boolean {
    return this.#shelf.getItem(this.#key) !== null;
  }

  /** What restarts is waited for, also by a page that is loaded again meanwhile. */
  follow({ agent, restartsSince }: SupportState): void {
    if (restartsSince !== null) this.#shelf.removeItem(this.#key);
    else if (agent !== null) this.#shelf.setItem(this.#key, "1");
  }
}
