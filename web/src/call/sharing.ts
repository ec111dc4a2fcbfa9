/** A host's meetings, between this browser and the vault that all of theirs share. */

import type { Meeting } from "../api/wire.ts";
import type { VaultContent, VaultMeeting } from "../e2ee/vault-words.ts";

/** Where a meeting can be opened as its host: in all of the account's browsers, only in this one, or not here. */
export type Place = "shared" | "here" | "elsewhere";

interface Sharing {
  /** For this browser to keep. */
  taken: { code: string; fragment: string }[];
  /** For the vault to keep. */
  missing: VaultMeeting[];
  /** For the vault to forget. */
  over: string[];
}

/** A meeting is often opened again after its time. */
const KEPT_SECONDS = 30 * 86_400;

export function sharing(meetings: readonly Meeting[], { meetings: inVault }: VaultContent, secretOf: (code: string) => string | null, now: number): Sharing {
  const shared = new Map(inVault.map(({ meeting, fragment }) => [meeting, fragment]));
  const result: Sharing = { taken: [], missing: [], over: [] };
  // One link opens all that follow each other: the vault gets it for the next before it forgets the one that is over.
  const ofSeries = new Map(meetings.filter(({ id }) => shared.has(id)).map(({ id, series }) => [series, shared.get(id) ?? null]));
  const next = new Map(meetings.filter(({ state }) => state !== "ended").map(({ id, series }) => [series, id]));
  for (const meeting of meetings) {
    const follower = next.get(meeting.series);
    const there = shared.get(meeting.id) ?? null;
    const here = secretOf(meeting.code) ?? (there === null ? (ofSeries.get(meeting.series) ?? null) : null);
    if (meeting.state === "ended") {
      if (there !== null && (follower === undefined || shared.has(follower))) result.over.push(meeting.id);
    } else if (there !== null && here === null) result.taken.push({ code: meeting.code, fragment: there });
    else if (there === null && here !== null) result.missing.push(kept(meeting, here, now));
  }
  return result;
}

/** As the vault keeps it: a month beyond the last time. */
export function kept({ id, starts_at: startsAt, last_begins: last }: Pick<Meeting, "id" | "starts_at" | "last_begins">, fragment: string, now: number): VaultMeeting {
  const time = last ?? startsAt ?? null;
  const begins = time === null ? now : Math.max(now, Date.parse(time));
  return { meeting: id, fragment, passcode: null, until: Math.floor(begins / 1_000) + KEPT_SECONDS };
}
