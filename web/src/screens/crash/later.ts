/** Screens and parts of them that are fetched when they are wanted. */

// oxlint-disable-next-line no-restricted-imports -- here alone
import { type ComponentType, lazy, type LazyExoticComponent } from "react";

import { within } from "../../within.ts";

/** The network was gone for a moment, or the server has another version by now. */
export class NotLoaded extends Error {}

/** Throws `NotLoaded` where it can't be had. One that hangs is waited for: the page says meanwhile that it can be loaded again. */
export function later<P>(load: () => Promise<ComponentType<P>>): LazyExoticComponent<ComponentType<P>> {
  return lazy(() =>
    load().then(
      (component) => ({ default: component }),
      () => {
        throw new NotLoaded();
      },
    ),
  );
}

/** Of a part of a page, which has no such place: longer than a slow phone takes. */
const LIMIT_MS = 30_000;

export function laterPart<P>(load: () => Promise<ComponentType<P>>): LazyExoticComponent<ComponentType<P>> {
  return later(() => within(LIMIT_MS, load()));
}
