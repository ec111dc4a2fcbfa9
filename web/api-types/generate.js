// Writes src/api/schema.d.ts from the server's own description of its API; with --check, only compares.
//
// A workspace of its own, because the generator needs the compiler's programming interface,
// which TypeScript has up to version 5, while the application is checked by a later one.

import { readFile, writeFile } from "node:fs/promises";

import openapiTS, { astToString } from "openapi-typescript";

const description = JSON.parse(await readFile(new URL("../../docs/openapi.json", import.meta.url), "utf8"));
const target = new URL("../src/api/schema.d.ts", import.meta.url);

// The shapes alone: api.ts has a method for each route.
const types = astToString(await openapiTS({ ...description, paths: {} }, { alphabetize: true }));
const text = `// Generated from docs/openapi.json by \`npm run generate\`.\n\n${types}`;

if (process.argv.includes("--check")) {
  const kept = await readFile(target, "utf8").catch(() => "");
  if (kept !== text) {
    process.stderr.write("src/api/schema.d.ts is stale: run `npm run generate` and commit it\n");
    process.exitCode = 1;
  }
} else {
  await writeFile(target, text);
}
