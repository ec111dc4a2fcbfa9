/** How people in a meeting are called on the page. */

import type { MeetingState } from "../../call/meeting-state.ts";
import { t } from "../../i18n.ts";

export function nameOf(meeting: MeetingState, participant: string): string {
  const entry = meeting.roster.find((candidate) => candidate.participant === participant);
  return entry?.display_name ?? (participant === meeting.you.participant ? meeting.you.display_name : t("chat.someone"));
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
