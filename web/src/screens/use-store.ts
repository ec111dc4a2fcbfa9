import { useSyncExternalStore } from "react";

import type { Watchable } from "../store.ts";

/** The seam between the model and React: a component renders again when the store's value changes. */
export function useStore<T>(store: Watchable<T>): T {
  return useSyncExternalStore(store.subscribe, store.get, store.get);
}
