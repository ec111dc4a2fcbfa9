import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["stories/*.bench.ts"],
    environment: "node",
    fileParallelism: false,
    testTimeout: 400_000,
    hookTimeout: 90_000,
    reporters: ["dot"],
  },
});
