/** Screens and parts of them that are fetched when they are wanted. */

// oxlint-disable-next-line no-restricted-imports -- here alone
import { type ComponentType, lazy, type LazyExoticComponent } from "react";

/** The network was gone for a moment, or the server has another version by now. */
export class NotLoaded extends Error {}

/** Longer than a slow phone takes. A request that hangs says nothing by itself. */
const LIMIT_MS = 30_000;

/** Throws `NotLoaded` where it can't be had. */
export function later<P>(load: () => Promise<ComponentType<P>>): LazyExoticComponent<ComponentType<P>> {
  return lazy(
    () =>
      new Promise((resolve, reject) => {
        const fail = (): void => reject(new NotLoaded());
        setTimeout(fail, LIMIT_MS);
        load().then((component) => resolve({ default: component }), fail);
      }),
  );
}
