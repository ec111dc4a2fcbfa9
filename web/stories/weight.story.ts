/**
 * What a patient's phone loads before they can join, by the files of the build: the media client and what
 * keys are made with are not among it, and everything keeps to its budget. Prints the sizes; needs no server.
 */

import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import { test } from "vitest";

const DIST = join(import.meta.dirname, "..", "dist");
const ASSETS = join(DIST, "assets");

/** In bytes, compressed with Brotli. */
const BUDGET = { page: 15_000, scripts: 131_000, media: 120_000, keys: 480_000 };

test("the door of a meeting needs neither the media client nor keys, and all keeps to its budget", async () => {
  const page = await readFile(join(DIST, "index.html"), "utf8");
  const files = await readdir(ASSETS);
  const media = one(files, /^media-.*\.js$/);
  const entry = /src="\/assets\/([^"]+)"/.exec(page)?.[1] ?? "";
  const scripts = await loaded([entry, one(files, /^JoinPage-.*\.js$/)]);
  const styles = [...page.matchAll(/href="\/assets\/([^"]+\.css)"/g)].map(([, name]) => name ?? "");

  assert.ok(scripts.size > 3, "the imports were followed");
  assert.ok(!scripts.has(media), "the media client is not imported statically");
  const sizes = {
    page: (await weight(join(DIST, "index.html"))) + (await weigh(styles)),
    scripts: await weigh([...scripts]),
    media: await weigh([media]),
    keys: await weigh([one(files, /^worker-.*\.js$/), one(files, /^conclave_wasm_bg-.*\.wasm$/)]),
  };
  process.stdout.write(`page ${kilo(sizes.page)}, scripts before joining ${kilo(sizes.scripts)}, media ${kilo(sizes.media)}, keys ${kilo(sizes.keys)} (Brotli)\n`);
  for (const part of ["page", "scripts", "media", "keys"] as const) {
    assert.ok(sizes[part] <= BUDGET[part], `${part}: ${sizes[part]} of ${BUDGET[part]} bytes`);
  }
});

/** These files and all that they import statically. */
async function loaded(entries: readonly string[]): Promise<ReadonlySet<string>> {
  const known = new Set(entries);
  // A set is walked through to what is added on the way.
  for (const name of known) {
    const text = await readFile(join(ASSETS, name), "utf8");
    for (const [, imported] of text.matchAll(/(?:from|import)\s*["'`]\.\/([^"'`]+\.js)["'`]/g)) known.add(imported ?? "");
  }
  return known;
}

async function weigh(names: readonly string[]): Promise<number> {
  const weights = await Promise.all(names.map((name) => weight(join(ASSETS, name))));
  return weights.reduce((sum, bytes) => sum + bytes, 0);
}

/** As the server sends it. */
async function weight(path: string): Promise<number> {
  const { size } = await stat(`${path}.br`);
  return size;
}

function kilo(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} kB`;
}

function one(files: readonly string[], pattern: RegExp): string {
  const [found, ...others] = files.filter((name) => pattern.test(name));
  assert.ok(found !== undefined && others.length === 0, `one file ${pattern}`);
  return found;
}
