/** Names that could be taken for somebody else's: a guest may call themselves what they like, also as the host is called. */

import type { LobbyEntry, RosterEntry } from "../api/wire.ts";

/** What a name could make others believe: that this is somebody whom the server knows, or another guest. */
export type Mistakable = "known" | "guest";

/** Those whose name reads like somebody else's, of those who are in and those who wait. */
export function mistakable(roster: readonly RosterEntry[], lobby: readonly LobbyEntry[]): ReadonlyMap<string, Mistakable> {
  const known = new Map<string, string>();
  const seen = new Map<string, string>();
  for (const entry of roster) {
    const looks = skeleton(entry.display_name);
    if (isKnown(entry)) known.set(looks, entry.participant);
    else if (!seen.has(looks)) seen.set(looks, entry.participant);
  }
  const marks = new Map<string, Mistakable>();
  const strangers = [...roster.filter((entry) => !isKnown(entry)), ...lobby];
  for (const { participant, display_name } of strangers) {
    const looks = skeleton(display_name);
    const first = seen.get(looks);
    if (known.has(looks)) marks.set(participant, "known");
    else if (first !== undefined && first !== participant) marks.set(participant, "guest");
  }
  return marks;
}

function isKnown({ role, signed_in }: RosterEntry): boolean {
  return signed_in || role === "host";
}

/**
 * What is left of a name for the eye: without case, marks, variants of ideographs, spaces and signs, and with the letters of other scripts that look
 * like Latin ones (after Unicode TS 39, section 4; of its table only what reads the same in a usual typeface).
 */
export function skeleton(name: string): string {
  const letters = [...name.normalize("NFKD").toLowerCase()].map((letter) => LIKE.get(letter) ?? letter).join("");
  return letters.replaceAll(/[^\p{L}\p{N}]/gu, "").replaceAll("rn", "m").replaceAll("vv", "w");
}

const LIKE: ReadonlyMap<string, string> = new Map(
  [
    // Cyrillic
    ["а", "a"], ["в", "b"], ["е", "e"], ["ё", "e"], ["к", "k"], ["м", "m"], ["н", "h"], ["о", "o"], ["р", "p"], ["с", "c"],
    ["т", "t"], ["у", "y"], ["х", "x"], ["ѕ", "s"], ["і", "l"], ["ї", "l"], ["ј", "j"], ["һ", "h"], ["ԁ", "d"], ["ԛ", "q"], ["ԝ", "w"],
    // Greek
    ["α", "a"], ["β", "b"], ["ε", "e"], ["η", "n"], ["ι", "l"], ["κ", "k"], ["ν", "v"], ["ο", "o"], ["ρ", "p"], ["τ", "t"],
    ["υ", "u"], ["χ", "x"], ["γ", "y"], ["μ", "u"],
    // Of one script, and yet alike
    ["i", "l"], ["1", "l"], ["|", "l"], ["ı", "l"], ["0", "o"], ["5", "s"], ["ß", "b"],
  ],
);
