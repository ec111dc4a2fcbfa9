import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["stories/*.story.ts"],
    environment: "node",
    // A browser and a server each: one story after the other.
    fileParallelism: false,
    testTimeout: 400_000,
    hookTimeout: 90_000,
    // The tests of a story are its chapters: after a failure the rest tells nothing.
    bail: 1,
  },
});
