import { useEffect, useState } from "react";

import { invitationLink } from "../call/invitation.ts";
import type { World } from "../call/world.ts";
import { passcodeOf } from "../e2ee/passcode.ts";
import { t } from "../i18n.ts";
import { invitationText } from "./invitation-text.ts";

/** What came of copying, for the eye and for a screen reader alike. */
export interface CopyAnswer {
  isCopied: boolean;
  text: string;
}

const SHOWN_MS = 8_000;

/** Copies invitations; the answer stays for a while. */
export function useInvitationCopy(
  world: Pick<World, "seats" | "origin" | "copy">,
): [CopyAnswer | null, (title: string, code: string) => Promise<CopyAnswer>] {
  const [answer, setAnswer] = useState<CopyAnswer | null>(null);
  useEffect(() => {
    if (answer === null) return undefined;
    const timer = setTimeout(() => setAnswer(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [answer]);

  async function copy(title: string, code: string): Promise<CopyAnswer> {
    const fragment = world.seats.secret(code);
    const passcode = fragment === null ? null : await passcodeOf(fragment);
    const secret = fragment === null || passcode === null ? null : { link: invitationLink(world.origin, code, fragment), passcode };
    const isCopied = await world.copy(invitationText({ title, code, secret, origin: world.origin }));
    const given = { isCopied, text: isCopied ? t("invite.copied") : t("invite.failed", { code }) };
    setAnswer(given);
    return given;
  }
  return [answer, copy];
}
