import { defineConfig } from "vitest/config";

const named = (...names: string[]): string[] => names.map((name) => `stories/${name}.story.ts`);

/** With somebody's computer. It gets a network of its own, and each browser of the machine notices. */
const DESKTOP = named("colleague", "lend", "recorded", "support", "unattended");

// A browser and a server each, which keep two cores busy: one story after the other.
const story = { environment: "node", maxWorkers: 1, testTimeout: 400_000, hookTimeout: 400_000 } as const;

export default defineConfig({
  test: {
    // The tests of a story are its chapters: after a failure the rest tells nothing.
    bail: 1,
    projects: [
      // In one process, which loads what drives the browsers once. A computer's network is named by its story's process.
      { test: { ...story, name: "meetings", isolate: false, include: named("*"), exclude: DESKTOP } },
      { test: { ...story, name: "desktop", include: DESKTOP } },
    ],
  },
});
