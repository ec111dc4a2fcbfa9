/** For tests: an account's browsers with real keys, and the server that they share, in one thread. */

import { readFileSync } from "node:fs";

import { Problem } from "./api/problem.ts";
import type { AccountVault, ChangeVault, DeviceAsked } from "./api/wire.ts";
import { Vault } from "./call/vault.ts";
import type { Bytes } from "./e2ee/bytes.ts";
import { PageCupboard, type Taken } from "./e2ee/cupboard.ts";
import { PageHeads } from "./e2ee/heads.ts";
import type { Order } from "./e2ee/orders.ts";
import { VaultKeeper } from "./e2ee/vault-keeper.ts";
import * as wasm from "./e2ee/wasm/conclave_wasm.js";
import { FakeKeyWorker } from "./test-worker.ts";

wasm.initSync({ module: readFileSync(new URL("e2ee/wasm/conclave_wasm_bg.wasm", `file://${import.meta.dirname}/`)) });

export const ACCOUNT = "018f3a5c-0000-7000-8000-00000000aaaa";

/** One whose keys are there on the next page. */
export class LastingCupboard extends PageCupboard {
  isLasting = true;

  override async take(owner: string, make: () => Bytes): Promise<Taken> {
    return { ...(await super.take(owner, make)), isKept: this.isLasting };
  }
}

/** Keeps what it is given, and can be made to lie. */
export class VaultServer {
  served: AccountVault = { vault: null, devices: [], requests: [] };
  /** Runs before the next change: somebody else is first. */
  before: (() => Promise<void>) | null = null;
  isReachable = true;
  /** What it says next, in place of what it has. */
  answers: AccountVault[] = [];
  changes = 0;
  #requests = 0;

  vault(): Promise<AccountVault> {
    const served = this.answers.shift() ?? this.served;
    return this.isReachable ? Promise.resolve(structuredClone(served)) : Promise.reject(new Problem("offline", 0));
  }

  async changeVault({ previous_version: previous, sealed, entries }: ChangeVault): Promise<void> {
    const { before } = this;
    this.before = null;
    await before?.();
    if (!this.isReachable) throw new Problem("offline", 0);
    if ((this.served.vault?.version ?? 0) !== previous) throw new Problem("vault_moved_on", 409);
    this.changes += 1;
    this.served = { ...this.served, vault: { version: previous + 1, sealed }, devices: [...this.served.devices, ...entries] };
  }

  askForDevice(request: string): Promise<DeviceAsked> {
    const id = `request ${(this.#requests += 1)}`;
    this.served.requests.push({ id, request, asked_at: "2026-11-26T08:00:00Z" });
    return Promise.resolve({ id });
  }

  endDeviceRequest(id: string): Promise<void> {
    this.served.requests = this.served.requests.filter((request) => request.id !== id);
    return Promise.resolve();
  }
}

/** A browser of the account: its pages come and go, its keys stay. */
export class TestBrowser {
  cupboard = new LastingCupboard();
  readonly heads = new PageHeads();
  readonly #server: VaultServer;
  readonly #label: string;

  constructor(server: VaultServer, label: string) {
    this.#server = server;
    this.#label = label;
  }

  /** A page's view of the vault, with a worker of its own. */
  page(): Vault {
    const openWorker = (): FakeKeyWorker => new VaultWorker(this);
    return new Vault({ api: this.#server, openWorker, label: this.#label }, ACCOUNT);
  }
}

class VaultWorker extends FakeKeyWorker {
  readonly #keeper: VaultKeeper;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ cupboard, heads }: TestBrowser) {
    super();
    this.#keeper = new VaultKeeper({
      module: wasm,
      cupboard,
      heads,
      now: () => Date.now(),
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    });
  }

  override postMessage(order: Order): void {
    this.orders.push(order);
    if (order.order !== "vault") return;
    this.#last = this.#follow(this.#last, order);
  }

  async #follow(before: Promise<unknown>, { account, ask, number }: Order & { order: "vault" }): Promise<void> {
    await before;
    this.says({ news: "vault", number, answer: await this.#keeper.answer(account, ask) });
  }
}
