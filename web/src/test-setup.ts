/** Before each test file: what jsdom lacks, and a clean page after each test. */

import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// Machines that do something else at the same time are slow, not wrong.
configure({ asyncUtilTimeout: 10_000 });
afterEach(cleanup);

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
