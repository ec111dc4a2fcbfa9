/** A report of tests about the story's server, as the machine that runs the tests signs one. */

import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

export interface Report {
  /** The server's configuration that looks for it, each second. */
  config: string;
  /** Says that these requirements are shown by tests of this program. */
  sign(requirements: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export async function openReport(): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), "conclave-report-"));
  const place = join(folder, "tests.note");
  const key = (await signed(folder, ["REQ-AC-01"])).key;
  return {
    config: `[evidence]\nevery = "1s"\ntests = "${place}"\ntests_key = "${key}"\n`,
    async sign(requirements) {
      await writeFile(place, (await signed(folder, requirements)).note);
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

async function signed(folder: string, requirements: readonly string[]): Promise<{ note: string; key: string }> {
  const program = process.env["CONCLAVE_BIN"];
  if (program === undefined) throw new Error("CONCLAVE_BIN names the server's binary");
  const child = spawn(program, ["sign-tests", "--key", join(folder, "ci.key"), "--name", "ci.lindenhof.example"]);
  child.stdin.end(requirements.map((requirement) => `${requirement} passed a story: of this server\n`).join(""));
  const [note, key] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { note, key: key.trim() };
}
