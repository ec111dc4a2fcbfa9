/**
 * Somebody who came by code asks the hosts for what the invitation's link holds, until one answers.
 *
 * The answer is sealed to a key that was drawn here, but the server carried that key: it could have
 * put its own in its place. So whoever comes in this way is marked as not verified, on both sides.
 */

import { type Bytes, fromUuid, toBase64 } from "./bytes.ts";
import { type Fragment, readFragment } from "./fragment.ts";
import type { MlsUpstream } from "../api/wire.ts";
import type { People } from "./orders.ts";
import type { SecretAsker } from "./wasm/conclave_wasm.js";

const AGAIN_MS = 3_000;

interface Place {
  meeting: string;
  participant: string;
}

interface AskingWorld {
  asker: SecretAsker;
  place: Place;
  send(message: MlsUpstream): void;
  /** Returns what calls it off. */
  after(milliseconds: number, action: () => void): () => void;
}

export class Asking {
  readonly #world: AskingWorld;
  #hosts: readonly string[] = [];
  #callOff: () => void = () => {};

  constructor(world: AskingWorld) {
    this.#world = world;
  }

  people({ hosts }: People): void {
    const isFirst = this.#hosts.length === 0;
    this.#hosts = hosts.filter((host) => host !== this.#world.place.participant);
    if (isFirst && this.#hosts.length > 0) this.#ask();
  }

  /** What a host answered; `null` for everything else. */
  hear(from: string, letter: Bytes): Fragment | null {
    if (!this.#hosts.includes(from)) return null;
    const { asker, place } = this.#world;
    const opened = asker.open(fromUuid(place.meeting), fromUuid(from), fromUuid(place.participant), letter);
    return opened === undefined ? null : readFragment(opened);
  }

  /** Asks no more. */
  stop(): void {
    this.#hosts = [];
    this.#callOff();
  }

  end(): void {
    this.stop();
    this.#world.asker.free();
  }

  #ask(): void {
    this.#callOff();
    const bytes = toBase64(this.#world.asker.ask());
    for (const to of this.#hosts) this.#world.send({ type: "mls_letter", to, bytes });
    this.#callOff = this.#world.after(AGAIN_MS, () => this.#ask());
  }
}
