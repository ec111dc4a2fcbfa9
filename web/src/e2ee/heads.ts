/**
 * How far this browser has seen the device lists of the accounts that it met, and the vault of its own: whoever shows
 * less afterwards, or something else, takes back what was signed.
 */

import type { Bytes } from "./bytes.ts";
import { asked, completed, openDatabase } from "./database.ts";

export interface Head {
  /** Of the list, in entries. */
  length: number;
  hash: Bytes;
  /** Of the vault, where it is this browser's own; else 0. */
  version: number;
  /** SHA-256 of that version. */
  sealed?: Bytes;
}

export interface Heads {
  get(account: string): Promise<Head | undefined>;
  /** Never goes back. */
  put(account: string, head: Head): Promise<void>;
  forget(account: string): Promise<void>;
}

const DATABASE = "conclave-heads";
const HEADS = "heads";
/** More than somebody meets; the one that was not seen for longest goes first, one's own never. */
const MOST_HEADS = 500;

interface Dated extends Head {
  /** When it was last seen, in milliseconds since 1970. */
  at: number;
}

export async function browserHeads(now: () => number): Promise<Heads> {
  try {
    return new DatabaseHeads(await openDatabase(DATABASE, [HEADS]), now);
  } catch {
    return new PageHeads();
  }
}

/** As long as the page lives. */
export class PageHeads implements Heads {
  readonly #heads = new Map<string, Head>();

  get(account: string): Promise<Head | undefined> {
    return Promise.resolve(this.#heads.get(account));
  }

  put(account: string, head: Head): Promise<void> {
    const known = this.#heads.get(account);
    this.#heads.delete(account);
    this.#heads.set(account, known === undefined ? head : further(known, head));
    const oldest = leastNeeded([...this.#heads]);
    if (this.#heads.size > MOST_HEADS && oldest !== undefined) this.#heads.delete(oldest);
    return Promise.resolve();
  }

  forget(account: string): Promise<void> {
    this.#heads.delete(account);
    return Promise.resolve();
  }
}

class DatabaseHeads implements Heads {
  readonly #database: IDBDatabase;
  readonly #now: () => number;

  constructor(database: IDBDatabase, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  get(account: string): Promise<Head | undefined> {
    return this.#within("readonly", (store) => asked<Dated | undefined>(store.get(account)));
  }

  async put(account: string, head: Head): Promise<void> {
    await this.#within("readwrite", async (store) => {
      const known = await asked<Dated | undefined>(store.get(account));
      const furthest = known === undefined ? head : further(known, head);
      await asked(store.put({ ...furthest, at: this.#now() }, account));
      if ((await asked(store.count())) > MOST_HEADS) await dropOldest(store);
    });
  }

  async forget(account: string): Promise<void> {
    await this.#within("readwrite", (store) => asked(store.delete(account)));
  }

  async #within<T>(mode: IDBTransactionMode, action: (store: IDBObjectStore) => Promise<T>): Promise<T> {
    const transaction = this.#database.transaction(HEADS, mode);
    const [answer] = await Promise.all([action(transaction.objectStore(HEADS)), completed(transaction)]);
    return answer;
  }
}

/** Two tabs may see different moments of one list. */
function further(known: Head, head: Head): Head {
  const { length, hash } = head.length >= known.length ? head : known;
  const { version, sealed } = head.version >= known.version ? head : known;
  return sealed === undefined ? { length, hash, version } : { length, hash, version, sealed };
}

async function dropOldest(store: IDBObjectStore): Promise<void> {
  const [accounts, heads] = await Promise.all([asked(store.getAllKeys()), asked<Dated[]>(store.getAll())]);
  const pairs = accounts.map((account, at): [string, Dated] => [String(account), heads[at] as Dated]);
  const oldest = leastNeeded(pairs.toSorted(([, one], [, other]) => one.at - other.at));
  if (oldest !== undefined) await asked(store.delete(oldest));
}

function leastNeeded(oldestFirst: readonly [string, Head][]): string | undefined {
  return oldestFirst.find(([, { version }]) => version === 0)?.[0];
}
