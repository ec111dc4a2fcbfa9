/** What a host says of who comes straight into a meeting, as the form has it. */

import type { CreateMeeting, Meeting } from "../../api/wire.ts";

/** What of it the server is told; nothing where the link decides. */
export type EntryDoor = Pick<CreateMeeting, "entry" | "uninvited" | "invited">;

export const ENTRY_CHOICES = ["link", "lobby", "invited_wait", "invited_refuse"] as const;
export type EntryChoice = (typeof ENTRY_CHOICES)[number];

/** One address a line, or several with commas between them. */
export function addressesOf(text: string): readonly string[] {
  return text.split(/[\s,;]+/).filter((address) => address !== "");
}

export function entryDoor(choice: EntryChoice, addresses: string): EntryDoor {
  switch (choice) {
    case "link":
      return {};
    case "lobby":
      return { entry: "lobby" };
    case "invited_wait":
    case "invited_refuse":
      return { entry: "invited", uninvited: choice === "invited_wait" ? "wait" : "refuse", invited: [...addressesOf(addresses)] };
  }
}

/** What a meeting has. */
export function choiceOf({ entry, uninvited }: Pick<Meeting, "entry" | "uninvited">): EntryChoice {
  if (entry !== "invited") return entry;
  return uninvited === "wait" ? "invited_wait" : "invited_refuse";
}
