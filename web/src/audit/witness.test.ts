import { expect, it } from "vitest";

import type { AuditCheckpoint } from "../api/wire.ts";
import type { LogHead, Verifier } from "./verifier.ts";
import { Witness } from "./witness.ts";

/** A log whose notes are `origin size root`, signed with `key`; its proofs are the roots of what it was. */
class Log {
  readonly asked: (number | null)[] = [];
  size = 3;
  roots: Record<number, string> = { 3: "three" };
  key = "key";
  restored: string | null = null;

  auditCheckpoint(since: number | null): Promise<AuditCheckpoint> {
    this.asked.push(since);
    return Promise.resolve({
      checkpoint: `clinic/audit/o ${this.size} ${this.roots[this.size] ?? ""} ${this.key}`,
      verifier_key: this.key,
      consistency: since === null ? [] : [this.roots[since] ?? ""],
      restored: since === null ? null : this.restored,
    });
  }
}

function restoredAt(time: string): string {
  return JSON.stringify({ event: "system.restore", time, detail: { why: "disk_failure", size: 2 } });
}

const RESTORED = restoredAt("2026-11-26T08:30:00.000Z");

function open(note: string, key: string): LogHead {
  const [origin = "", size, root = "", signed] = note.split(" ");
  if (signed !== key) throw Object.assign(new Error("checkpoint"), { code: "checkpoint" });
  return { origin, size: Number(size), root };
}

const VERIFIER = {
  openCheckpoint: open,
  /** Its proofs are the entries. */
  verifyEntry: (entry: string) => ({ entry, index: 2, head: { origin: "clinic/audit/o", size: 3, root: "three" }, checkpoint: "" }),
  verifyConsistency(held: string, note: string, [root]: string[], key: string): LogHead {
    if (open(held, key).root !== root) throw Object.assign(new Error("inconsistent"), { code: "inconsistent" });
    return open(note, key);
  },
} as unknown as Verifier;

function witness(log: Pick<Log, "auditCheckpoint">, load = () => Promise.resolve(VERIFIER)): Witness {
  return new Witness(log, localStorage, load);
}

it("remembers a log when it first meets it, and demands the next time that it goes on from there", async () => {
  localStorage.clear();
  const log = new Log();
  expect(await witness(log).look()).toMatchObject({ is: "first", head: { size: 3 } });

  log.size = 5;
  log.roots[5] = "five";
  expect(await witness(log).look()).toMatchObject({ is: "whole", since: 3, head: { size: 5, root: "five" } });
  log.size = 6;
  log.roots[6] = "six";
  expect(await witness(log).look()).toMatchObject({ is: "whole", since: 5 });
  expect(log.asked).toEqual([null, 3, null, 3, null, 5]);
});

// Shows: ABUSE-61.
it("tells a log that shrank, was rewritten, or has another key, and does not believe it the next time either", async () => {
  for (const [breach, change] of [
    ["shrunk", { size: 2, roots: { 2: "two" } }],
    ["rewritten", { size: 4, roots: { 3: "another", 4: "four" } }],
    ["rewritten", { roots: { 3: "another" } }],
    ["key", { key: "other" }],
  ] as const) {
    localStorage.clear();
    const log = new Log();
    await witness(log).look();
    Object.assign(log, change);

    for (const _time of [1, 2]) {
      expect(await witness(log).look()).toMatchObject({ is: "broken", breach, held: { origin: "clinic/audit/o", size: 3, root: "three" } });
    }
  }
});

// Shows: ABUSE-61.
it("vouches for a checkpoint that came in another way only where the log went through it", async () => {
  localStorage.clear();
  const log = new Log();
  await witness(log).look();
  log.size = 5;
  log.roots[5] = "five";

  expect(await witness(log).vouches("clinic/audit/o 5 five key")).toBe(true);
  expect(await witness(log).vouches("clinic/audit/o 3 three key")).toBe(true);
  // Signed by the same key, of another history.
  expect(await witness(log).vouches("clinic/audit/o 5 forged key")).toBe(false);
  expect(await witness(log).vouches("clinic/audit/o 3 forged key")).toBe(false);
  expect(await witness(log).vouches("clinic/audit/o 6 six key")).toBe(false);
  expect(await witness(log).vouches("clinic/audit/other 3 three key")).toBe(false);
  expect(await witness(log).vouches("clinic/audit/o 3 three other")).toBe(false);
});

it("goes on from another checkpoint when a person says so, and keeps the one before as evidence", async () => {
  localStorage.clear();
  const log = new Log();
  await witness(log).look();
  Object.assign(log, { size: 2, roots: { 2: "two" } });
  const broken = await witness(log).look();
  if (broken.is !== "broken") throw new Error("it has shrunk");
  expect(broken.offered?.head).toEqual({ origin: "clinic/audit/o", size: 2, root: "two" });

  witness(log).accept(broken);

  expect(await witness(log).look()).toMatchObject({ is: "whole", since: 2 });
  expect(localStorage.getItem("conclave.log-before.clinic/audit/o.3.three")).toContain("clinic/audit/o 3 three key");
});

it("has the operator's proven word of a copy that was put back, for a log that shrank or was rewritten", async () => {
  for (const change of [{ size: 2, roots: { 2: "two" } }, { size: 4, roots: { 3: "another", 4: "four" } }]) {
    localStorage.clear();
    const log = new Log();
    await witness(log).look();
    Object.assign(log, { ...change, restored: RESTORED });

    expect(await witness(log).look()).toMatchObject({ is: "broken", restore: { why: "disk_failure", size: 2 } });
  }
});

// Shows: ABUSE-61.
it("explains no loss by a word that was in the log while it was whole, or that is older", async () => {
  for (const isFirstLook of [true, false]) {
    localStorage.clear();
    const log = new Log();
    if (isFirstLook) log.restored = RESTORED;
    await witness(log).look();
    log.restored = RESTORED;
    if (!isFirstLook) expect(await witness(log).look()).toMatchObject({ is: "whole" });
    Object.assign(log, { size: 2, roots: { 2: "two" } });

    expect(await witness(log).look()).toMatchObject({ is: "broken", breach: "shrunk", restore: null });
    log.restored = restoredAt("2026-11-25T08:30:00.000Z");
    expect(await witness(log).look()).toMatchObject({ is: "broken", restore: null });
    log.restored = restoredAt("2026-11-27T08:30:00.000Z");
    expect(await witness(log).look()).toMatchObject({ is: "broken", restore: { why: "disk_failure" } });
  }
});

it("explains no second loss by the word that a person has accepted", async () => {
  localStorage.clear();
  const log = new Log();
  await witness(log).look();
  Object.assign(log, { size: 2, roots: { 2: "two" }, restored: RESTORED });
  const broken = await witness(log).look();
  if (broken.is !== "broken") throw new Error("it has shrunk");
  witness(log).accept(broken);

  log.roots = { 2: "another" };
  expect(await witness(log).look()).toMatchObject({ is: "broken", breach: "rewritten", restore: null });
});

it("offers nothing to go on from where another key signs", async () => {
  localStorage.clear();
  const log = new Log();
  await witness(log).look();
  log.key = "other";

  expect(await witness(log).look()).toMatchObject({ is: "broken", breach: "key", offered: null });
});

it("believes a log that another tab has seen longer since the first answer", async () => {
  localStorage.clear();
  const log = new Log();
  await witness(log).look();

  const slow = witness(log, async () => {
    // The server has answered by then.
    await Promise.resolve();
    log.size = 5;
    log.roots[5] = "five";
    await witness(log).look();
    return VERIFIER;
  });
  expect(await slow.look()).toMatchObject({ is: "whole", since: 5, head: { size: 5 } });
});

it("keeps what another tab has kept of a longer log", async () => {
  localStorage.clear();
  const log = new Log();
  await witness(log).look();

  const overtaken = {
    async auditCheckpoint(since: number | null): Promise<AuditCheckpoint> {
      const answer = await log.auditCheckpoint(since);
      if (since !== null) {
        log.size = 5;
        log.roots[5] = "five";
        await witness(log).look();
      }
      return answer;
    },
  };
  expect(await witness(overtaken).look()).toMatchObject({ is: "whole", head: { size: 3 } });
  expect(await witness(log).look()).toMatchObject({ is: "whole", since: 5 });
});

it("takes nothing that nobody signed, and forgets what it can't read of its own", async () => {
  localStorage.clear();
  const unsigned = { auditCheckpoint: () => Promise.resolve({ checkpoint: "x", verifier_key: "y", consistency: [] }) };
  const look = new Witness(unsigned, localStorage, () => Promise.resolve(VERIFIER)).look();
  expect(await look).toMatchObject({ is: "broken", breach: "unsigned", held: null, offered: null });

  localStorage.setItem("conclave.log.clinic/audit/o", "{");
  expect(await witness(new Log()).look()).toMatchObject({ is: "first" });
});
