/** Before each test file: what jsdom lacks, and after each test axe's look at its dialogs and a clean page. */

import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

import { lookAtDialogs, takeTitles } from "./test-accessible.ts";

// Machines that do something else at the same time are slow, not wrong.
const LOOK_TIMEOUT_MS = 30_000;
configure({ asyncUtilTimeout: 10_000 });

// One hook for both: the first that throws would keep the other from cleaning the page.
afterEach(async ({ task }) => {
  try {
    if (task.result?.state !== "fail") await lookAtDialogs();
  } finally {
    task.meta.dialogs = takeTitles();
    cleanup();
    // The files share them: what one keeps would be there for the next.
    sessionStorage.clear();
    localStorage.clear();
  }
}, LOOK_TIMEOUT_MS);

class NoResizeObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

/** What LiveKit's local tracks put theirs into. */
class TracksOnly {
  readonly #tracks: MediaStreamTrack[];
  constructor(tracks: MediaStreamTrack[] = []) {
    this.#tracks = tracks;
  }
  getTracks(): MediaStreamTrack[] {
    return this.#tracks;
  }
}

globalThis.MediaStream ??= TracksOnly as unknown as typeof MediaStream;
globalThis.ResizeObserver ??= NoResizeObserver;
Element.prototype.scrollTo ??= (): void => {};
globalThis.CSS ??= { escape: (text: string) => text } as typeof CSS;
