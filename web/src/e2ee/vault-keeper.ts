/**
 * The account's vault, where its keys are: in the worker, and nowhere else.
 *
 * Reads what the server has before each change, and makes what the server is to keep. What it has seen once it does
 * not forget: an older state passes only when a person says so.
 */

import { type Bytes, fromBase64Url, fromUuid, toBase64Url, toUuid } from "./bytes.ts";
import { attempt } from "./attempt.ts";
import { type Cupboard, ownerOf } from "./cupboard.ts";
import { takeKeys, type TakenKeys } from "./device-keys.ts";
import { headOf } from "./device-lists.ts";
import type { Head, Heads } from "./heads.ts";
import type { SealedChange, ServedVault, VaultAnswer, VaultAsk, VaultContent } from "./vault-words.ts";
import type * as Wasm from "./wasm/conclave_wasm.js";

interface VaultWorld {
  module: Pick<typeof Wasm, "Vault" | "SeenVault" | "DeviceKeys" | "DeviceList">;
  cupboard: Cupboard;
  heads: Heads;
  /** Milliseconds since 1970. */
  now(): number;
  random(length: number): Bytes;
}

/** Open, for the account that it is of. */
interface Open {
  account: string;
  keys: Wasm.DeviceKeys;
  vault: Wasm.Vault;
  /** That the server has. */
  version: number;
}

type Whole = ServedVault & { vault: NonNullable<ServedVault["vault"]> };

export class VaultKeeper {
  readonly #world: VaultWorld;
  #open: Open | null = null;

  constructor(world: VaultWorld) {
    this.#world = world;
  }

  async answer(account: string, ask: VaultAsk): Promise<VaultAnswer> {
    try {
      return await this.#answer(account, ask);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) return { at: "failed" };
      return refusalOf(error) ?? { at: "failed" };
    }
  }

  async #answer(account: string, ask: VaultAsk): Promise<VaultAnswer> {
    switch (ask.ask) {
      case "accept":
        return await this.#accept(account, ask.served, ask.label);
      case "read":
        return await this.#read(account, ask.served, ask.label);
      case "recover":
        return await this.#recover(account, ask);
      case "saved":
        return await this.#saved();
      default:
        return this.#change(account, ask);
    }
  }

  /** What was seen is forgotten for something that is in order, and for nothing else. */
  async #accept(account: string, served: ServedVault, label: string): Promise<VaultAnswer> {
    const { heads } = this.#world;
    const known = await heads.get(account);
    await heads.forget(account);
    const answer = await this.answer(account, { ask: "read", served, label });
    if (known !== undefined && answer.at !== "open" && answer.at !== "outside") await heads.put(account, known);
    return answer;
  }

  async #read(account: string, served: ServedVault, label: string): Promise<VaultAnswer> {
    this.#close();
    const known = await this.#world.heads.get(account);
    const { keys, isKept } = await this.#keysOf(account);
    if (!isKept) return { at: "unkept" };
    if (!isWhole(served)) {
      if (known !== undefined && known.version > 0) return { at: "rolled_back" };
      return this.#found(account, keys, label);
    }
    const list = attempt(() => this.#world.module.DeviceList.read(fromUuid(account), served.devices.map(fromBase64Url)));
    if (list === null) return { at: "broken" };
    const isOlder = known !== undefined && (served.vault.version < known.version || !list.extends(known.length, known.hash));
    if (isOlder) return { at: "rolled_back" };
    const standing = list.standing(keys.deviceKey);
    const isOurs = keys.accountKey === undefined || toBase64Url(keys.accountKey) === toBase64Url(list.accountKey);
    list.free();
    if (standing === "listed") return await this.#enter(account, keys, served, known);
    // Anybody can write a list that this browser was removed from, and its keys would go.
    if (standing === "removed" && !isOurs) return { at: "broken" };
    return standing === "removed" ? await this.#startOver(account, label) : this.#outside(account, keys, label, false);
  }

  /** The account's first browser. Its own key becomes the account's, where it has one. */
  #found(account: string, keys: Wasm.DeviceKeys, label: string): VaultAnswer {
    const { module, random } = this.#world;
    const vault = module.Vault.found(keys, fromUuid(account), label, this.#seconds(), random(32));
    this.#open = { account, keys, vault, version: 0 };
    return this.#answerOpen(true);
  }

  async #enter(account: string, keys: Wasm.DeviceKeys, served: Whole, known: Head | undefined): Promise<VaultAnswer> {
    const before = keys.accountKey;
    const { version, sealed } = served.vault;
    const entries = served.devices.map(fromBase64Url);
    const vault = this.#world.module.Vault.open(keys, fromUuid(account), version, fromBase64Url(sealed), entries, this.#seen(known));
    this.#open = { account, keys, vault, version };
    if (before === undefined || toBase64Url(before) !== this.#hostKey(keys)) await this.#keep(account, keys);
    await this.#world.heads.put(account, headOfVault(vault, version));
    return this.#answerOpen(false);
  }

  /** A key that was removed never comes back. */
  async #startOver(account: string, label: string): Promise<VaultAnswer> {
    await this.#world.cupboard.forget(ownerOf(account, ""));
    const { keys, isKept } = await this.#keysOf(account);
    return isKept ? this.#outside(account, keys, label, true) : { at: "unkept" };
  }

  #outside(account: string, keys: Wasm.DeviceKeys, label: string, wasRemoved: boolean): VaultAnswer {
    const request = keys.request(fromUuid(account), label, this.#world.random(32));
    const code = keys.approvalCode(fromUuid(account), request);
    keys.free();
    return { at: "outside", request: toBase64Url(request), code, wasRemoved };
  }

  async #recover(account: string, { served, label, code }: VaultAsk & { ask: "recover" }): Promise<VaultAnswer> {
    this.#close();
    if (!isWhole(served)) return { at: "refused", why: "wrong_code" };
    const { version, sealed } = served.vault;
    const { keys, isKept } = await this.#keysOf(account);
    if (!isKept) return { at: "unkept" };
    const entries = served.devices.map(fromBase64Url);
    const seen = this.#seen(await this.#world.heads.get(account));
    const vault = this.#world.module.Vault.recover(code, keys, fromUuid(account), label, version, fromBase64Url(sealed), entries, this.#seconds(), seen);
    this.#open = { account, keys, vault, version };
    return this.#answerOpen(true);
  }

  #change(account: string, ask: Exclude<VaultAsk, { ask: "read" | "accept" | "recover" | "saved" }>): VaultAnswer {
    const open = this.#open;
    if (open === null || open.account !== account) return { at: "failed" };
    const now = this.#seconds();
    switch (ask.ask) {
      case "approve":
        return this.#approve(open, ask, now);
      case "remove":
        open.vault.remove(fromBase64Url(ask.device), now);
        return this.#answerOpen(true);
      case "renewCode":
        return this.#renewCode(open);
      case "keep":
        for (const { meeting, fragment, passcode, until } of ask.meetings) open.vault.keep(fromUuid(meeting), fragment, passcode ?? undefined, until, now);
        return this.#answerOpen(true);
      case "forget":
        for (const meeting of ask.meetings) open.vault.forget(fromUuid(meeting));
        return this.#answerOpen(true);
    }
  }

  /** Nobody but the one who typed it knows which browser it is of. */
  #approve({ vault }: Open, { requests, code }: VaultAsk & { ask: "approve" }, now: number): VaultAnswer {
    for (const request of requests) {
      try {
        vault.approve(fromBase64Url(request), code, now);
        return { ...this.#answerOpen(true), approved: request };
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal?.at === "refused" && refusal.why !== "wrong_code") return refusal;
        if (refusal === null) throw error;
      }
    }
    return { at: "refused", why: "wrong_code" };
  }

  #renewCode({ vault }: Open): VaultAnswer {
    const recoveryCode = vault.newRecoveryCode(this.#world.random(32));
    return { ...this.#answerOpen(true), recoveryCode };
  }

  async #saved(): Promise<VaultAnswer> {
    const open = this.#open;
    if (open === null) return { at: "failed" };
    open.vault.saved();
    open.version += 1;
    await this.#keep(open.account, open.keys);
    await this.#world.heads.put(open.account, headOfVault(open.vault, open.version));
    return this.#answerOpen(false);
  }

  #answerOpen(isChanged: boolean): VaultAnswer & { at: "open" } {
    const open = this.#open;
    if (open === null) throw new Error("no vault is open");
    const change = isChanged ? sealedBy(open.vault, this.#world.random(32)) : null;
    return { at: "open", content: contentOf(open.vault, this.#hostKey(open.keys)), change, recoveryCode: null, approved: null };
  }

  #seen(known: Head | undefined): Wasm.SeenVault | undefined {
    if (known?.sealed === undefined) return undefined;
    return new this.#world.module.SeenVault(known.version, known.sealed, known.length, known.hash);
  }

  /** With the account's key: meetings are led with it. */
  async #keep(account: string, keys: Wasm.DeviceKeys): Promise<void> {
    const bytes = new Uint8Array(keys.toBytes());
    await this.#world.cupboard.put(ownerOf(account, ""), bytes);
    bytes.fill(0);
  }

  #keysOf(account: string): Promise<TakenKeys> {
    return takeKeys(this.#world, ownerOf(account, ""));
  }

  #hostKey(keys: Wasm.DeviceKeys): string {
    return toBase64Url(keys.accountKey ?? new Uint8Array());
  }

  #seconds(): number {
    return Math.floor(this.#world.now() / 1_000);
  }

  #close(): void {
    this.#open?.vault.free();
    this.#open?.keys.free();
    this.#open = null;
  }
}

function headOfVault(vault: Wasm.Vault, version: number): Head {
  return { ...headOf(vault, version), sealed: new Uint8Array(vault.sealed) };
}

function isWhole(served: ServedVault): served is Whole {
  return served.vault !== null && served.vault !== undefined;
}

function sealedBy(vault: Wasm.Vault, seed: Bytes): SealedChange {
  const { previousVersion, sealed, entries } = vault.seal(seed);
  return { previous_version: previousVersion, sealed: toBase64Url(sealed), entries: entries.map(toBase64Url) };
}

function contentOf(vault: Wasm.Vault, hostKey: string): VaultContent {
  return {
    hostKey,
    hasRecovery: vault.hasRecovery,
    devices: vault.devices().map(({ key, label, since, removed, isThis }) => ({ key: toBase64Url(key), label, since, removed: removed ?? null, isThis })),
    meetings: vault.meetings().map(({ meeting, fragment, passcode, until }) => ({ meeting: toUuid(meeting), fragment, passcode: passcode ?? null, until })),
  };
}

const REFUSALS = ["wrong_code", "full", "known"] as const;

/** What a person did or can do something about; `null` for everything else. */
function refusalOf(error: unknown): VaultAnswer | null {
  const word = error instanceof Error ? error.message : "";
  const why = REFUSALS.find((known) => known === word);
  if (why !== undefined) return { at: "refused", why };
  if (word === "broken" || word === "not_listed") return { at: "broken" };
  return word === "rolled_back" ? { at: "rolled_back" } : null;
}
