import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { compressed } from "./scripts/compressed.ts";
import { everyDialog } from "./scripts/every-dialog.ts";
import { integrity } from "./scripts/integrity.ts";
import { layerOrder } from "./scripts/layer-order.ts";
import { onlyLocale } from "./scripts/only-locale.ts";

/** Where `npm run dev` finds the server. */
const server = process.env["CONCLAVE_URL"] ?? "http://127.0.0.1:7880";

export default defineConfig({
  plugins: [react(), layerOrder(), onlyLocale("en-US"), integrity(), compressed(), everyDialog()],
  build: {
    target: "baseline-widely-available",
    // Two chunks that need each other load together anyway; the polyfill would be a script for browsers that can't run the rest.
    modulePreload: { polyfill: false },
    // Everything is a file: a data URL would need a hole in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: {
      "/api": { target: server, ws: true },
      "/rtc": { target: server, ws: true },
    },
  },
  test: {
    environment: "jsdom",
    // A page of its own for each file costs more than all tests do. Each test leaves the page as it found it.
    isolate: false,
    pool: "threads",
    include: ["src/**/*.test.{ts,tsx}"],
    // Machines that do something else at the same time are slow, not wrong.
    testTimeout: 30_000,
    setupFiles: ["src/test-setup.ts"],
    css: { modules: { classNameStrategy: "non-scoped" } },
  },
});
