/** The folder of all that a server keeps, as whoever has its disk reads and writes it. */

import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The files in which these words are in clear. */
export async function holding(folder: string, words: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const found = await Promise.all(paths.map(async (path) => (await readFile(path)).includes(words)));
  return paths.filter((_, at) => found[at]);
}

/**
 * Writes into the database of a server that runs. Beside SQL's own functions there are `flipped(bytes)`, with one bit of one
 * byte in their middle changed, and `sha256(bytes)`: whoever writes there can make each hash anew.
 */
export async function write(folder: string, statements: string): Promise<void> {
  await run("python3", ["-c", WRITER, join(folder, "conclave.db"), statements]);
}

/** Node has no SQLite in all of its versions that the stories run on. */
const WRITER = `
import hashlib, sqlite3, sys

def flipped(content):
    changed = bytearray(content)
    changed[len(changed) // 2] ^= 1
    return bytes(changed)

path, statements = sys.argv[1:]
database = sqlite3.connect(path, timeout=30)
database.create_function("flipped", 1, flipped)
database.create_function("sha256", 1, lambda content: hashlib.sha256(content).digest())
database.executescript(statements)
database.close()
`;
