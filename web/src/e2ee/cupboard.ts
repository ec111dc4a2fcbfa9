/**
 * Where a browser keeps the device's keys between pages: wrapped, in IndexedDB.
 *
 * The key that wraps them can't be taken out of the browser, so that a copy of its files, or a
 * script that reads the store, holds nothing to use elsewhere. It is no help against who runs
 * code on the page itself.
 */

import type { Bytes } from "./bytes.ts";
import { asked, completed, openDatabase } from "./database.ts";

export interface Taken {
  /** To be overwritten after use. */
  bytes: Bytes;
  /** They are there on the next page, too: a link may name them. */
  isKept: boolean;
}

export interface Cupboard {
  /** What is kept for this owner; else what `make` makes, kept from now on where that can be. */
  take(owner: string, make: () => Bytes): Promise<Taken>;
  /** In place of what is kept for this owner. Rejects where that can't be. */
  put(owner: string, bytes: Bytes): Promise<void>;
  forget(owner: string): Promise<void>;
}

const DATABASE = "conclave-keys";
const WRAPPING = "wrapping";
const WRAPPED = "wrapped";
/** Of a guest whose tab was closed nobody says so. */
const KEPT_MS = 30 * 86_400_000;

export interface Wrapped {
  iv: Bytes;
  bytes: Bytes;
  /** When it was last used, in milliseconds since 1970. */
  at: number;
}

/** Wrapped keys by owner, each change of them whole or not at all. */
export interface Drawer {
  get(owner: string): Promise<Wrapped | undefined>;
  /** What is there, used at this time; else this, from now on. The first of two tabs decides. */
  getOrPut(owner: string, wrapped: Wrapped): Promise<Wrapped>;
  put(owner: string, wrapped: Wrapped): Promise<void>;
  delete(owner: string): Promise<void>;
  /** Deletes what is of no account and was not used since then. */
  deleteOld(since: number): Promise<void>;
}

/** In this browser; as long as the page lives where it lets nobody keep anything. */
export async function browserCupboard(now: () => number): Promise<Cupboard> {
  try {
    const database = await openDatabase(DATABASE, [WRAPPING, WRAPPED]);
    return new WrappedCupboard(new DatabaseDrawer(database), await wrappingKey(database), now);
  } catch {
    return new PageCupboard();
  }
}

export class WrappedCupboard implements Cupboard {
  readonly #drawer: Drawer;
  readonly #key: CryptoKey;
  readonly #now: () => number;

  constructor(drawer: Drawer, key: CryptoKey, now: () => number) {
    this.#drawer = drawer;
    this.#key = key;
    this.#now = now;
  }

  /** Invitations name an account's keys: nothing is made in their place, not even where they can't be read. */
  async take(owner: string, make: () => Bytes): Promise<Taken> {
    try {
      return { bytes: await this.#takeKept(owner, make), isKept: true };
    } catch {
      return { bytes: make(), isKept: false };
    }
  }

  async put(owner: string, bytes: Bytes): Promise<void> {
    await this.#drawer.put(owner, await this.#wrap(owner, bytes));
  }

  async forget(owner: string): Promise<void> {
    await this.#drawer.delete(owner);
  }

  async #takeKept(owner: string, make: () => Bytes): Promise<Bytes> {
    const kept = await this.#drawer.get(owner);
    const first =
      kept === undefined
        ? await this.#drawer.getOrPut(owner, await this.#wrap(owner, make()))
        : await this.#drawer.getOrPut(owner, { ...kept, at: this.#now() }).catch(() => kept);
    await this.#drawer.deleteOld(this.#now() - KEPT_MS).catch(() => {});
    return await this.#unwrap(owner, first).catch((error: unknown) => {
      if (isOfAccount(owner)) throw error;
      return this.#replace(owner, make());
    });
  }

  async #replace(owner: string, bytes: Bytes): Promise<Bytes> {
    await this.put(owner, bytes);
    return bytes;
  }

  async #wrap(owner: string, bytes: Bytes): Promise<Wrapped> {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const wrapped = await crypto.subtle.encrypt(boundTo(owner, iv), this.#key, bytes);
    return { iv, bytes: new Uint8Array(wrapped), at: this.#now() };
  }

  async #unwrap(owner: string, { iv, bytes }: Wrapped): Promise<Bytes> {
    return new Uint8Array(await crypto.subtle.decrypt(boundTo(owner, iv), this.#key, bytes));
  }
}

class DatabaseDrawer implements Drawer {
  readonly #database: IDBDatabase;

  constructor(database: IDBDatabase) {
    this.#database = database;
  }

  get(owner: string): Promise<Wrapped | undefined> {
    return this.#within("readonly", (store) => asked<Wrapped | undefined>(store.get(owner)));
  }

  getOrPut(owner: string, wrapped: Wrapped): Promise<Wrapped> {
    return this.#within("readwrite", async (store) => {
      const first = (await asked<Wrapped | undefined>(store.get(owner))) ?? wrapped;
      await asked(store.put({ ...first, at: wrapped.at }, owner));
      return first;
    });
  }

  async put(owner: string, wrapped: Wrapped): Promise<void> {
    await this.#within("readwrite", (store) => asked(store.put(wrapped, owner)));
  }

  async delete(owner: string): Promise<void> {
    await this.#within("readwrite", (store) => asked(store.delete(owner)));
  }

  deleteOld(since: number): Promise<void> {
    return this.#within("readwrite", async (store) => {
      for (const owner of await asked(store.getAllKeys())) {
        const at = (await asked<Wrapped | undefined>(store.get(owner)))?.at ?? 0;
        if (!isOfAccount(String(owner)) && at < since) await asked(store.delete(owner));
      }
    });
  }

  /** Done only when it is written: the worker may be ended right afterwards. */
  async #within<T>(mode: IDBTransactionMode, action: (store: IDBObjectStore) => Promise<T>): Promise<T> {
    const transaction = this.#database.transaction(WRAPPED, mode);
    const [answer] = await Promise.all([action(transaction.objectStore(WRAPPED)), completed(transaction)]);
    return answer;
  }
}

/** As long as the page lives. */
export class PageCupboard implements Cupboard {
  readonly #kept = new Map<string, Bytes>();

  take(owner: string, make: () => Bytes): Promise<Taken> {
    const bytes = this.#kept.get(owner) ?? make();
    this.#kept.set(owner, bytes);
    return Promise.resolve({ bytes: bytes.slice(), isKept: false });
  }

  put(owner: string, bytes: Bytes): Promise<void> {
    this.#kept.set(owner, bytes.slice());
    return Promise.resolve();
  }

  forget(owner: string): Promise<void> {
    this.#kept.delete(owner);
    return Promise.resolve();
  }
}

const ACCOUNT = "account ";

/** An account has one key in a browser; a guest one for each seat in a meeting, which a reload keeps. */
export function ownerOf(account: string | null, participant: string): string {
  return account === null ? `guest ${participant}` : `${ACCOUNT}${account}`;
}

function isOfAccount(owner: string): boolean {
  return owner.startsWith(ACCOUNT);
}

function boundTo(owner: string, iv: Bytes): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(owner) };
}

/** The first of two tabs decides. */
async function wrappingKey(database: IDBDatabase): Promise<CryptoKey> {
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const transaction = database.transaction(WRAPPING, "readwrite");
  const [first] = await Promise.all([firstOf(transaction.objectStore(WRAPPING), fresh), completed(transaction)]);
  return first;
}

async function firstOf(store: IDBObjectStore, fresh: CryptoKey): Promise<CryptoKey> {
  const kept = await asked<CryptoKey | undefined>(store.get(1));
  if (kept !== undefined) return kept;
  await asked(store.put(fresh, 1));
  return fresh;
}
