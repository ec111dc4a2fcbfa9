/** Processes of this machine: who started whom, and who is still there. */

import { readdir, readFile } from "node:fs/promises";

/** Told from a later one of the same number by when it began. */
export interface Process {
  pid: number;
  began: string;
}

interface Entry extends Process {
  parent: number;
}

/** The process, and all that it and they started. */
export async function familyOf(pid: number): Promise<Process[]> {
  const all = await running();
  const family = all.filter((one) => one.pid === pid);
  for (const member of family) family.push(...all.filter(({ parent }) => parent === member.pid));
  return family;
}

/** Those of them that still run. */
export async function left(family: readonly Process[]): Promise<Process[]> {
  const all = await running();
  return family.filter(({ pid, began }) => all.some((one) => one.pid === pid && one.began === began));
}

/** But those that have ended and wait to be asked how. */
async function running(): Promise<Entry[]> {
  const numbers = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(numbers.map(read));
  return entries.filter((entry) => entry !== null);
}

async function read(number: string): Promise<Entry | null> {
  // Many a process ends between two looks.
  const stat = await readFile(`/proc/${number}/stat`, "utf8").catch(() => "");
  // The name, in parentheses, may hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, parent, began] = [fields[0], fields[1], fields[19]];
  if (state === undefined || state === "Z" || state === "X" || parent === undefined || began === undefined) return null;
  return { pid: Number(number), parent: Number(parent), began };
}
