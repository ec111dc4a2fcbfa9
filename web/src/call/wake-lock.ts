/** Keeps the screen on while somebody waits or talks; the browser drops the lock when the page is hidden. */

export function keepAwake(page: Document = document, locks: WakeLock | undefined = navigator.wakeLock): () => void {
  let lock: WakeLockSentinel | null = null;
  let isOver = false;

  async function acquire(): Promise<void> {
    if (isOver || page.visibilityState !== "visible") return;
    // Refused on low battery: the page works without.
    const held = (await locks?.request("screen").catch(() => null)) ?? null;
    if (isOver) await held?.release();
    else lock = held;
  }
  function onVisible(): void {
    void acquire();
  }

  page.addEventListener("visibilitychange", onVisible);
  void acquire();
  return () => {
    isOver = true;
    page.removeEventListener("visibilitychange", onVisible);
    void lock?.release();
  };
}
