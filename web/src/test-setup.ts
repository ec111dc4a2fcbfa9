/** Before each test file: what jsdom lacks, and a clean page after each test. */

import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

afterEach(cleanup);

class NoResizeObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

globalThis.ResizeObserver ??= NoResizeObserver;
Element.prototype.scrollTo ??= (): void => {};
globalThis.CSS ??= { escape: (text: string) => text } as typeof CSS;
