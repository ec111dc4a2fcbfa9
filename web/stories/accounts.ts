/** Who has an account on a computer: files in place of the machine's own, for programs that are started by way of them. */

import { execFile } from "node:child_process";
import { appendFile, chown, copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface Person {
  name: string;
  /** `null`: nobody comes in by one. */
  password: string | null;
  isAdministrator: boolean;
}

export interface Accounts {
  /** What starts a program as root where these people have accounts, of what starts it here. */
  among(line: readonly string[]): readonly string[];
  close(): Promise<void>;
}

const FILES = ["passwd", "shadow", "group"] as const;
/** In a space of mounts of its own, which goes with the program. */
const MOUNT = `set -e; for file in ${FILES.join(" ")} pam.d; do mount --bind "$0/$file" "/etc/$file"; done; exec "$@"`;
/** Above those that a system gives out by itself; each one has the next. */
const FIRST_NUMBER = 64_601;
/** Days since 1970, so that no password has run out. */
const CHANGED = 20_000;

/** Takes root, as all accounts of a computer do. */
export async function openAccounts(people: readonly Person[]): Promise<Accounts> {
  const folder = await mkdtemp(join(tmpdir(), "conclave-accounts-"));
  // Everybody reads them, as in /etc.
  await run("chmod", ["755", folder]);
  await Promise.all(FILES.map((file) => copyFile(join("/etc", file), join(folder, file))));
  await cp("/etc/pam.d", join(folder, "pam.d"), { recursive: true });
  for (const [index, person] of people.entries()) await add(folder, FIRST_NUMBER + index, person);
  await makeAdministrators(folder, people);
  return {
    among: (line) => ["unshare", "--mount", "sh", "-c", MOUNT, folder, ...line],
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

async function add(folder: string, number: number, { name, password }: Person): Promise<void> {
  const home = join(folder, name);
  await mkdir(home, { mode: 0o700 });
  await chown(home, number, number);
  const hash = password === null ? "!" : (await run("openssl", ["passwd", "-6", password])).stdout.trim();
  await appendFile(join(folder, "passwd"), `${name}:x:${number}:${number}::${home}:/bin/sh\n`);
  await appendFile(join(folder, "shadow"), `${name}:${hash}:${CHANGED}:0:99999:7:::\n`);
  await appendFile(join(folder, "group"), `${name}:x:${number}:\n`);
}

/** The group of administrators has them alone. */
async function makeAdministrators(folder: string, people: readonly Person[]): Promise<void> {
  const names = people.filter(({ isAdministrator }) => isAdministrator).map(({ name }) => name);
  const file = join(folder, "group");
  const lines = (await readFile(file, "utf8")).split("\n").filter((line) => !line.startsWith("sudo:"));
  await writeFile(file, `sudo:x:27:${names.join()}\n${lines.join("\n")}`);
}
