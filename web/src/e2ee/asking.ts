/**
 * Somebody who came by code asks the hosts for what the invitation's link holds, until one answers.
 *
 * With a passcode both sides prove that they know it before the answer passes, so that the server can't have put a
 * key of its own in their place. Without one it could: whoever comes in that way is marked as not verified, on both sides.
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

/** What came of a host's letter. */
export type Answer = { answer: "secret"; fragment: Fragment; isVerified: boolean } | { answer: "wrong_passcode" | "passcode_spent" | "unanswered" };

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

  /** `null` where nothing follows from it, or only another letter. */
  hear(from: string, letter: Bytes): Answer | null {
    if (!this.#hosts.includes(from)) return null;
    const { asker, place } = this.#world;
    const taken = asker.take(fromUuid(place.meeting), fromUuid(place.participant), fromUuid(from), letter);
    switch (taken?.kind) {
      case "send":
        this.#send(from, taken.bytes);
        return null;
      case "secret": {
        const fragment = readFragment(taken.fragment);
        return fragment === null ? null : { answer: "secret", fragment, isVerified: taken.isVerified };
      }
      case "wrong_passcode":
      case "passcode_spent":
      case "unanswered":
        return { answer: taken.kind };
      default:
        return null;
    }
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
    const bytes = this.#world.asker.ask();
    for (const to of this.#hosts) this.#send(to, bytes);
    this.#callOff = this.#world.after(AGAIN_MS, () => this.#ask());
  }

  #send(to: string, bytes: Uint8Array): void {
    this.#world.send({ type: "mls_letter", to, bytes: toBase64(bytes) });
  }
}
