/** What a host sends to those whom they invite. */

import { groupPasscode } from "../e2ee/passcode.ts";
import { t } from "../i18n.ts";

interface InvitationFacts {
  title: string;
  code: string;
  origin: string;
  /** `null` where this browser does not hold the secret: people then come through the lobby. */
  secret: { link: string; passcode: string } | null;
}

export function invitationText({ title, code, origin, secret }: InvitationFacts): string {
  return secret === null
    ? t("invite.text.codeOnly", { title, code, origin })
    : t("invite.text", { title, link: secret.link, code, passcode: groupPasscode(secret.passcode), origin });
}
