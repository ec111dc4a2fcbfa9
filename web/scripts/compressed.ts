import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import type { Plugin } from "vite";

const TEXT = /\.(js|css|html|svg|json|wasm)$/;
/** What saves less is not worth a second file. */
const MOST_OF_IT = 0.9;

/** Lays each file beside itself in the two forms that browsers take, once, at the best that each can do. */
export function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    async writeBundle({ dir }) {
      if (dir === undefined) throw new Error("where are the files?");
      const files = await readdir(dir, { recursive: true, withFileTypes: true });
      const texts = files.filter((entry) => entry.isFile() && TEXT.test(entry.name));
      await Promise.all(texts.map((entry) => compress(join(entry.parentPath, entry.name))));
    },
  };
}

async function compress(path: string): Promise<void> {
  const bytes = await readFile(path);
  const forms = {
    br: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
    gz: gzipSync(bytes, { level: 9 }),
  };
  for (const [form, small] of Object.entries(forms)) {
    if (small.length < bytes.length * MOST_OF_IT) await writeFile(`${path}.${form}`, small);
  }
}
