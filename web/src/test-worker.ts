/** For tests: the other end of a worker, in the test's hands. */

import type { KeyWorker } from "./e2ee/encryption.ts";
import type { News, Order } from "./e2ee/orders.ts";

export class FakeKeyWorker extends EventTarget implements KeyWorker {
  readonly orders: Order[] = [];
  isTerminated = false;

  postMessage(order: Order): void {
    this.orders.push(order);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  says(news: News): void {
    this.dispatchEvent(new MessageEvent("message", { data: news }));
  }

  breaks(): void {
    this.dispatchEvent(new Event("error"));
  }

  /** The last one of its kind. */
  last<K extends Order["order"]>(kind: K): (Order & { order: K }) | undefined {
    return this.orders.findLast((order): order is Order & { order: K } => order.order === kind);
  }
}
