/**
 * Where a browser keeps the device's keys between pages: wrapped, in IndexedDB.
 *
 * The key that wraps them can't be taken out of the browser, so that a copy of its files, or a
 * script that reads the store, holds nothing to use elsewhere. It is no help against who runs
 * code on the page itself.
 */

import type { Bytes } from "./bytes.ts";

export interface Cupboard {
  /** What is kept for this owner, to be overwritten after use; else what `make` makes, kept from now on. */
  take(owner: string, make: () => Bytes): Promise<Bytes>;
  forget(owner: string): Promise<void>;
}

const DATABASE = "conclave-keys";
const WRAPPING = "wrapping";
const WRAPPED = "wrapped";
/** Of a guest whose tab was closed nobody says so. */
const KEPT_MS = 30 * 86_400_000;

interface Wrapped {
  iv: Bytes;
  bytes: Bytes;
  /** When it was last used, in milliseconds since 1970. */
  at: number;
}

/** In this browser; as long as the page lives where it lets nobody keep anything. */
export async function browserCupboard(now: () => number): Promise<Cupboard> {
  try {
    const database = await openDatabase();
    return new WrappedCupboard(database, await wrappingKey(database), now);
  } catch {
    return new PageCupboard();
  }
}

class WrappedCupboard implements Cupboard {
  readonly #database: IDBDatabase;
  readonly #key: CryptoKey;
  readonly #now: () => number;

  constructor(database: IDBDatabase, key: CryptoKey, now: () => number) {
    this.#database = database;
    this.#key = key;
    this.#now = now;
  }

  async take(owner: string, make: () => Bytes): Promise<Bytes> {
    const kept = await asked<Wrapped | undefined>(this.#store("readonly").get(owner));
    const bytes = kept === undefined ? make() : await this.#unwrap(owner, kept).catch(make);
    const wrapped = await this.#wrap(owner, bytes);
    const store = this.#store("readwrite");
    await asked(store.put(wrapped, owner));
    await this.#forgetOld();
    return bytes;
  }

  async forget(owner: string): Promise<void> {
    await asked(this.#store("readwrite").delete(owner));
  }

  #store(mode: IDBTransactionMode): IDBObjectStore {
    return this.#database.transaction(WRAPPED, mode).objectStore(WRAPPED);
  }

  async #wrap(owner: string, bytes: Bytes): Promise<Wrapped> {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const wrapped = await crypto.subtle.encrypt(boundTo(owner, iv), this.#key, bytes);
    return { iv, bytes: new Uint8Array(wrapped), at: this.#now() };
  }

  async #unwrap(owner: string, { iv, bytes }: Wrapped): Promise<Bytes> {
    return new Uint8Array(await crypto.subtle.decrypt(boundTo(owner, iv), this.#key, bytes));
  }

  /** An account's keys stay: invitations name them. */
  async #forgetOld(): Promise<void> {
    const store = this.#store("readwrite");
    const owners = await asked(store.getAllKeys());
    const all = await asked<Wrapped[]>(store.getAll());
    for (const [index, owner] of owners.entries()) {
      const at = all[index]?.at ?? 0;
      if (!String(owner).startsWith(ACCOUNT) && at < this.#now() - KEPT_MS) store.delete(owner);
    }
  }
}

/** As long as the page lives. */
export class PageCupboard implements Cupboard {
  readonly #kept = new Map<string, Bytes>();

  take(owner: string, make: () => Bytes): Promise<Bytes> {
    const bytes = this.#kept.get(owner) ?? make();
    this.#kept.set(owner, bytes);
    return Promise.resolve(bytes.slice());
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

function boundTo(owner: string, iv: Bytes): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(owner) };
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.addEventListener("upgradeneeded", () => {
    request.result.createObjectStore(WRAPPING);
    request.result.createObjectStore(WRAPPED);
  });
  return asked(request);
}

/** The first of two tabs decides. */
async function wrappingKey(database: IDBDatabase): Promise<CryptoKey> {
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const store = database.transaction(WRAPPING, "readwrite").objectStore(WRAPPING);
  const kept = await asked<CryptoKey | undefined>(store.get(1));
  if (kept !== undefined) return kept;
  await asked(store.put(fresh, 1));
  return fresh;
}

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("the store refused")));
  });
}
