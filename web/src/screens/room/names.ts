/** How people in a meeting are called on the page. */

import type { MeetingState } from "../../call/meeting-state.ts";
import type { EncryptionState } from "../../e2ee/encryption.ts";
import { t } from "../../i18n.ts";

export function nameOf(meeting: MeetingState, participant: string): string {
  const entry = [...meeting.roster, ...meeting.lobby].find((candidate) => candidate.participant === participant);
  return entry?.display_name ?? (participant === meeting.you.participant ? meeting.you.display_name : t("chat.someone"));
}

/** The names that people gave themselves in the group, where it knows them: the server can't change these. */
export function namedByGroup(meeting: MeetingState, { occupants }: Pick<EncryptionState, "occupants">): MeetingState {
  const names = new Map(occupants.map(({ participant, name }) => [participant, name]));
  const roster = meeting.roster.map((entry) => ({ ...entry, display_name: names.get(entry.participant) ?? entry.display_name }));
  return { ...meeting, roster };
}

/** One or two letters for a tile without a picture. */
export function initials(name: string): string {
  const all = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const untitled = all.filter((word) => !word.endsWith("."));
  const words = untitled.length > 0 ? untitled : all;
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words;
  const letters = chosen.map((word) => [...(word ?? "")][0] ?? "").join("");
  return (letters === "" ? ([...name][0] ?? "?") : letters).toLocaleUpperCase();
}
