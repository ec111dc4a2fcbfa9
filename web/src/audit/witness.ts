/**
 * How far this browser has seen an organisation's log: it keeps the last checkpoint, and demands of the next one that the
 * log goes on from there. Who changes the log, or takes from it, has to change every browser that ever met it too.
 *
 * A log is known by its name, which the server says. A server that gives the same log another name is not found out here.
 */

import type { Api } from "../api/api.ts";
import { Problem } from "../api/problem.ts";
import type { Seat } from "../api/requests.ts";
import type { AuditCheckpoint } from "../api/wire.ts";
import { provenRestore, type Restore } from "./restore.ts";
import type { LogHead, Verifier } from "./verifier.ts";
import { refusalOf } from "./verifier.ts";

/** A log that is not what it was. */
type Breach =
  /** What the server shows is signed by nobody. */
  | "unsigned"
  /** By another key than before. */
  | "key"
  /** It has fewer entries than before. */
  | "shrunk"
  /** Entries that were there are others. */
  | "rewritten";

export type Standing =
  /** Nothing was remembered of this log. */
  | { is: "first"; head: LogHead; key: string }
  /** It goes on from the `since` entries that were remembered. */
  | { is: "whole"; head: LogHead; key: string; since: number }
  /** What was remembered stays remembered, to be shown to somebody. */
  | Broken;

export interface Broken {
  is: "broken";
  breach: Breach;
  held: LogHead | null;
  /** The checkpoint that is remembered, as it was signed. */
  kept: Held | null;
  /** What the same key signs of the log by now, where it does. */
  offered: Offer | null;
  /** The operator's word on record that an older copy was put back. */
  restore: Restore | null;
}

interface Offer extends Held {
  head: LogHead;
}

/** What a browser keeps of a log. */
interface Held {
  /** The signed note. */
  checkpoint: string;
  key: string;
  /** The newest word of a copy that was put back, as far as it was in the log while that was whole. */
  restoredAt: string | null;
}

type Kept = Pick<Storage, "getItem" | "setItem">;

const KEPT_AS = "conclave.log.";
/** What was remembered before a person went on from another checkpoint. Nothing deletes it. */
const EVIDENCE_AS = "conclave.log-before.";
/** A log that grows between two answers is asked again. */
const TRIES = 5;

export class Witness {
  readonly #api: Pick<Api, "auditCheckpoint">;
  readonly #kept: Kept;
  readonly #load: () => Promise<Verifier>;

  constructor(api: Pick<Api, "auditCheckpoint">, kept: Kept, load: () => Promise<Verifier>) {
    this.#api = api;
    this.#kept = kept;
    this.#load = load;
  }

  /** As somebody who is signed in, or as a participant of a meeting. Rejects with a `Problem` where the server can't be asked. */
  async look(seat?: Seat): Promise<Standing> {
    const [verifier, first] = await Promise.all([this.#load(), this.#api.auditCheckpoint(null, seat)]);
    const shown = opened(verifier, first.checkpoint, first.verifier_key);
    if (shown === null) return { is: "broken", breach: "unsigned", held: null, kept: null, offered: null, restore: null };
    const kept = this.#held(shown.origin);
    const held = kept === null ? null : opened(verifier, kept.checkpoint, kept.key);
    if (kept === null || held === null) {
      return await this.#begin(verifier, shown, { checkpoint: first.checkpoint, key: first.verifier_key, restoredAt: null }, seat);
    }
    if (kept.key !== first.verifier_key) return { is: "broken", breach: "key", held, kept, offered: null, restore: null };
    return await this.#goesOn(verifier, kept, held, seat);
  }

  /**
   * Whether a checkpoint that came in another way, with a proof or in a kit, is of a tree that the log went through as this
   * browser remembers it. That its key signed it says less: whoever has the key signs two histories.
   */
  async vouches(note: string): Promise<boolean> {
    const verifier = await this.#load();
    for (let tried = 0; tried < TRIES; tried += 1) {
      const seen = await this.look();
      if (seen.is === "broken") return false;
      const { head, key } = seen;
      const shown = opened(verifier, note, key);
      if (shown === null || shown.origin !== head.origin || shown.size > head.size) return false;
      if (shown.size === head.size) return shown.root === head.root;
      const next = await this.#api.auditCheckpoint(shown.size);
      const latest = opened(verifier, next.checkpoint, key);
      if (latest === null) return false;
      if (latest.size === head.size) return latest.root === head.root && goesOn(verifier, note, next, key);
    }
    throw new Problem("busy", 0);
  }

  /** A person decided to go on from what the key signs by now. What was remembered stays here, as evidence. */
  accept({ held, kept, offered }: Broken): void {
    if (held === null || kept === null || offered === null) return;
    this.#kept.setItem(`${EVIDENCE_AS}${held.origin}.${held.size}.${held.root}`, JSON.stringify(kept));
    const { checkpoint, key, restoredAt } = offered;
    this.#keep(held.origin, { checkpoint, key, restoredAt });
  }

  /** Asks again at once: what is said by then of copies that were put back explains none that follows. */
  async #begin(verifier: Verifier, shown: LogHead, held: Held, seat: Seat | undefined): Promise<Standing> {
    this.#keep(shown.origin, held);
    const next = await this.#goesOn(verifier, held, shown, seat);
    return next.is === "whole" ? { is: "first", head: next.head, key: next.key } : next;
  }

  /** Asks after it was read what is held: another tab may have kept a longer log since the first answer. */
  async #goesOn(verifier: Verifier, kept: Held, held: LogHead, seat: Seat | undefined): Promise<Standing> {
    const { checkpoint, key } = kept;
    const next = await this.#api.auditCheckpoint(held.size, seat);
    const shown = opened(verifier, next.checkpoint, key);
    const isSame = shown !== null && shown.origin === held.origin;
    const told = isSame ? provenRestore(verifier, next.restored, key, held) : null;
    const restore = told !== null && isLater(told.at, kept.restoredAt) ? told : null;
    const restoredAt = restore?.at ?? kept.restoredAt;
    const offered = isSame ? { checkpoint: next.checkpoint, key, restoredAt, head: shown } : null;
    if (isSame && shown.size < held.size) return { is: "broken", breach: "shrunk", held, kept, offered, restore };
    try {
      const head = verifier.verifyConsistency(checkpoint, next.checkpoint, held.size === 0 ? [] : next.consistency, key);
      this.#keepLonger(verifier, head, { checkpoint: next.checkpoint, key, restoredAt });
      return { is: "whole", head, key, since: held.size };
    } catch (error) {
      return { is: "broken", breach: refusalOf(error) === "checkpoint" ? "unsigned" : "rewritten", held, kept, offered, restore };
    }
  }

  #held(origin: string): Held | null {
    try {
      const { checkpoint, key, restoredAt } = JSON.parse(this.#kept.getItem(KEPT_AS + origin) ?? "null") as Held;
      if (typeof checkpoint !== "string" || typeof key !== "string") return null;
      return { checkpoint, key, restoredAt: typeof restoredAt === "string" ? restoredAt : null };
    } catch {
      return null;
    }
  }

  /** Not over what another tab has kept meanwhile of a longer log. */
  #keepLonger(verifier: Verifier, head: LogHead, next: Held): void {
    const kept = this.#held(head.origin);
    const held = kept === null ? null : opened(verifier, kept.checkpoint, kept.key);
    if (held === null || held.size <= head.size) this.#keep(head.origin, next);
  }

  #keep(origin: string, held: Held): void {
    this.#kept.setItem(KEPT_AS + origin, JSON.stringify(held));
  }
}

function goesOn(verifier: Verifier, from: string, { checkpoint, consistency }: AuditCheckpoint, key: string): boolean {
  try {
    verifier.verifyConsistency(from, checkpoint, consistency, key);
    return true;
  } catch {
    return false;
  }
}

/** A word that was in the log while it was whole tells of an earlier copy, and so does one before it. */
function isLater(at: string, known: string | null): boolean {
  return known === null || Date.parse(at) > Date.parse(known);
}

function opened(verifier: Verifier, checkpoint: string, key: string): LogHead | null {
  try {
    return verifier.openCheckpoint(checkpoint, key);
  } catch {
    return null;
  }
}
