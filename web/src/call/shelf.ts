/** Where a tab or a browser keeps things, as far as it lets us: what it refuses is kept as long as the page lives. */

/** The part of `Storage` that is used. */
export type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** `open` may throw: browsers that block storage refuse even to name it. */
export function shelfOf(open: () => Shelf): Shelf {
  const kept = new Map<string, string>();
  const storage = attempt(open);

  return {
    getItem: (key) => kept.get(key) ?? attempt(() => storage?.getItem(key)) ?? null,
    setItem(key, value) {
      const isStored = attempt(() => {
        storage?.setItem(key, value);
        return storage !== undefined;
      });
      if (isStored === true) kept.delete(key);
      else kept.set(key, value);
    },
    removeItem(key) {
      kept.delete(key);
      attempt(() => storage?.removeItem(key));
    },
  };
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
