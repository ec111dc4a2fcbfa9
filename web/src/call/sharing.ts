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
  for (const meeting of meetings) {
    const [there, here] = [shared.get(meeting.id) ?? null, secretOf(meeting.code)];
    if (meeting.state === "ended") {
      if (there !== null) result.over.push(meeting.id);
    } else if (there !== null && here === null) result.taken.push({ code: meeting.code, fragment: there });
    else if (there === null && here !== null) result.missing.push(kept(meeting, here, now));
  }
  return result;
}

/** As the vault keeps it: a month beyond its time. */
export function kept({ id, starts_at: startsAt }: Pick<Meeting, "id" | "starts_at">, fragment: string, now: number): VaultMeeting {
  const begins = startsAt === undefined || startsAt === null ? now : Math.max(now, Date.parse(startsAt));
  return { meeting: id, fragment, passcode: null, until: Math.floor(begins / 1_000) + KEPT_SECONDS };
}
