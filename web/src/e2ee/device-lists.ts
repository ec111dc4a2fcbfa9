/**
 * Whether the devices in a meeting are on their accounts' lists. It decides what is shown, and warns; nobody is let in
 * or put out by it, because members don't agree on lists.
 */

import { attempt } from "./attempt.ts";
import { fromBase64Url, fromUuid, toBase64, toUuid } from "./bytes.ts";
import type { Head, Heads } from "./heads.ts";
import type { DeviceStanding } from "./orders.ts";
import type * as Wasm from "./wasm/conclave_wasm.js";

interface ListWorld {
  module: Pick<typeof Wasm, "DeviceList">;
  heads: Heads;
  /** The list of this participant's account is wanted. */
  want(participant: string): void;
  alarm(what: "devices" | "unlisted", participant: string): void;
}

export class DeviceLists {
  readonly #world: ListWorld;
  /** By participant and key: who comes back with another device is another. */
  readonly #standings = new Map<string, DeviceStanding>();
  #roster: readonly Wasm.Occupant[] = [];

  constructor(world: ListWorld) {
    this.#world = world;
  }

  /** Wants the lists of those who have come. */
  follow(roster: readonly Wasm.Occupant[]): void {
    this.#roster = roster;
    for (const occupant of roster) {
      if (occupant.account === undefined || this.#standings.has(nameOf(occupant))) continue;
      this.#standings.set(nameOf(occupant), "checking");
      this.#world.want(toUuid(occupant.participant));
    }
    const here = new Set(roster.map(nameOf));
    for (const name of this.#standings.keys()) if (!here.has(name)) this.#standings.delete(name);
  }

  standingOf(occupant: Wasm.Occupant): DeviceStanding | null {
    return this.#standings.get(nameOf(occupant)) ?? null;
  }

  /** What the server says is the list of this participant's account. */
  async hear(participant: string, account: string, entries: readonly string[]): Promise<void> {
    const occupant = this.#roster.find((one) => toUuid(one.participant) === participant);
    if (occupant?.account === undefined) return;
    const standing = toUuid(occupant.account) === account ? await this.#judge(occupant, account, entries) : "unknown";
    this.#standings.set(nameOf(occupant), standing);
    if (standing !== "listed" && occupant.standing === "host account") this.#world.alarm("unlisted", participant);
  }

  /** Only a list of the leaf's own account key, which goes on where it was seen last, says anything. */
  async #judge(occupant: Wasm.Occupant, account: string, entries: readonly string[]): Promise<DeviceStanding> {
    const { module, heads, alarm } = this.#world;
    const known = await heads.get(account);
    const list = attempt(() => module.DeviceList.read(fromUuid(account), entries.map(fromBase64Url)));
    const goesOn = known === undefined || (list?.extends(known.length, known.hash) ?? false);
    if (!goesOn) alarm("devices", toUuid(occupant.participant));
    const isTheirs = list !== null && goesOn && isSame(list.accountKey, occupant.accountKey);
    const standing = isTheirs ? list.standing(occupant.signatureKey) : "unknown";
    if (isTheirs) await heads.put(account, headOf(list, 0));
    list?.free();
    return standing;
  }
}

/** As it is remembered: for one's own account with the vault's version, else 0. */
export function headOf(list: Pick<Wasm.DeviceList, "head">, version: number): Head {
  const { length, hash } = list.head();
  return { length, hash: new Uint8Array(hash), version };
}

function nameOf({ participant, signatureKey }: Wasm.Occupant): string {
  return `${toUuid(participant)} ${toBase64(signatureKey)}`;
}

function isSame(one: Uint8Array, other: Uint8Array | undefined): boolean {
  return other !== undefined && toBase64(one) === toBase64(other);
}
