import { useEffect, useState } from "react";

import { invitationLink } from "../call/invitation.ts";
import type { World } from "../call/world.ts";
import { passcodeOf } from "../e2ee/passcode.ts";
import { t } from "../i18n.ts";
import { type InvitationFacts, invitationSteps, invitationText } from "./invitation-text.ts";

/** What came of copying, for the eye and for a screen reader alike. */
export interface CopyAnswer {
  isCopied: boolean;
  text: string;
}

const SHOWN_MS = 8_000;

export interface InvitedMeeting {
  title: string;
  code: string;
  /** Of a meeting for later, in words. */
  when: string | null;
  /** How often its passcode was changed. */
  passcodeNumber: number;
}

/** In two reading levels: one line, or every step. */
export type ReadingLevel = "short" | "steps";

/** Copies invitations; the answer stays for a while. */
export function useInvitationCopy(
  world: Pick<World, "seats" | "origin" | "copy">,
): [CopyAnswer | null, (meeting: InvitedMeeting, level: ReadingLevel) => Promise<CopyAnswer>] {
  const [answer, setAnswer] = useState<CopyAnswer | null>(null);
  useEffect(() => {
    if (answer === null) return undefined;
    const timer = setTimeout(() => setAnswer(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [answer]);

  async function copy(meeting: InvitedMeeting, level: ReadingLevel): Promise<CopyAnswer> {
    const facts = await invitationFacts(world, meeting);
    const isCopied = await world.copy(level === "short" ? invitationText(facts, meeting.when) : invitationSteps(facts, meeting.when));
    const given = { isCopied, text: isCopied ? t("invite.copied") : t("invite.failed", { code: meeting.code }) };
    setAnswer(given);
    return given;
  }
  return [answer, copy];
}

/** What this browser knows of a meeting that it invites to. */
export async function invitationFacts(
  { seats, origin }: Pick<World, "seats" | "origin">,
  { title, code, passcodeNumber }: Omit<InvitedMeeting, "when">,
): Promise<InvitationFacts> {
  const fragment = seats.secret(code);
  const passcode = fragment === null ? null : await passcodeOf(fragment, passcodeNumber);
  const secret = fragment === null || passcode === null ? null : { link: invitationLink(origin, code, fragment), passcode };
  return { title, code, origin, secret };
}
