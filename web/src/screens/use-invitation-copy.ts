import { useEffect, useState } from "react";

import { invitationLink } from "../call/invitation.ts";
import type { World } from "../call/world.ts";
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
    const secret = world.seats.secret(code);
    const link = secret === null ? null : invitationLink(world.origin, code, secret);
    const isCopied = await world.copy(invitationText({ title, code, link, origin: world.origin }));
    const given = { isCopied, text: isCopied ? t("invite.copied") : t("invite.failed", { code }) };
    setAnswer(given);
    return given;
  }
  return [answer, copy];
}
