/** What a host sends to those whom they invite. */

import { t } from "../i18n.ts";

interface InvitationFacts {
  title: string;
  code: string;
  origin: string;
  /** `null` where this browser does not hold the secret: people then come through the lobby. */
  link: string | null;
}

export function invitationText({ title, code, origin, link }: InvitationFacts): string {
  return link === null
    ? t("invite.text.codeOnly", { title, code, origin })
    : t("invite.text", { title, link, code, origin });
}
