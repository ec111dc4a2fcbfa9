/** The page's side of a worker that is asked of the vault. One that does not answer is given up. */

import type { KeyWorker } from "./encryption.ts";
import type { News, Order } from "./orders.ts";
import type { VaultAnswer, VaultAsk } from "./vault-words.ts";

/** Three stretched codes on a slow phone, and the worker's start. */
const ANSWER_MS = 30_000;

export class VaultAsker {
  readonly #worker: KeyWorker;
  readonly #onEnd: () => void;
  readonly #answers = new Map<number, (answer: VaultAnswer) => void>();
  #numbers = 0;

  constructor(worker: KeyWorker, onEnd: () => void) {
    this.#worker = worker;
    this.#onEnd = onEnd;
    worker.addEventListener("message", ({ data }: MessageEvent<News>) => {
      if (data.news === "vault") this.#give(data.number, data.answer);
      // After a failure of the WebAssembly nothing of it is to be trusted.
      if (data.news === "standing" || (data.news === "vault" && data.answer.at === "failed")) this.close();
    });
    worker.addEventListener("error", () => this.close());
  }

  ask(account: string, ask: VaultAsk): Promise<VaultAnswer> {
    const number = (this.#numbers += 1);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.close(), ANSWER_MS);
      this.#answers.set(number, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      this.#worker.postMessage({ order: "vault", number, account, ask } satisfies Order);
    });
  }

  close(): void {
    this.#worker.terminate();
    this.#onEnd();
    for (const number of this.#answers.keys()) this.#give(number, { at: "failed" });
  }

  #give(number: number, answer: VaultAnswer): void {
    const give = this.#answers.get(number);
    this.#answers.delete(number);
    give?.(answer);
  }
}
