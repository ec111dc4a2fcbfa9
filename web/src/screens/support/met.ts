/** What this seat's page knew of the computer, kept in the tab: a page that is loaded again waits for it no longer than the one before. */

import type { Shelf } from "../../call/shelf.ts";
import type { Acquaintance } from "../../remote/support-session.ts";
import type { SupportState } from "../../remote/support-state.ts";

/** In its place there is since when the computer restarts, while it does. */
const MET = "1";

export class Met {
  readonly #shelf: Shelf;
  readonly #key: string;

  /** `participant`: of the seat. Another seat has met nobody. */
  constructor(shelf: Shelf, participant: string) {
    this.#shelf = shelf;
    this.#key = `conclave.met.${participant}`;
  }

  get(): Acquaintance {
    const kept = this.#shelf.getItem(this.#key);
    return { hasMet: kept !== null, restartsSince: kept === null || kept === MET ? null : Number(kept) };
  }

  follow({ agent, restartsSince }: SupportState): void {
    if (restartsSince !== null) this.#shelf.setItem(this.#key, String(restartsSince));
    else if (agent !== null) this.#shelf.setItem(this.#key, MET);
  }
}
