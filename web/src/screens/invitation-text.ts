/** What a host sends to those whom they invite. */

import { groupPasscode } from "../e2ee/passcode.ts";
import { t } from "../i18n.ts";

export interface InvitationFacts {
  title: string;
  code: string;
  origin: string;
  /** `null` where this browser does not hold the secret: people then come through the lobby. */
  secret: { link: string; passcode: string } | null;
}

/** With every step, for somebody who does it for the first time. */
export function invitationSteps({ title, code, origin, secret }: InvitationFacts, time: string | null): string {
  const when = time === null ? t("invite.steps.now") : t("invite.steps.when", { time });
  const how =
    secret === null
      ? t("invite.steps.code", { origin, code })
      : t("invite.steps.link", { link: secret.link, origin, code, passcode: groupPasscode(secret.passcode) });
  return [t("invite.steps.title", { title }), when, "", how, "", t("invite.steps.help")].join("\n");
}

export function invitationText({ title: name, code, origin, secret }: InvitationFacts, when: string | null): string {
  const title = when === null ? name : t("invite.text.when", { title: name, time: when });
  return secret === null
    ? t("invite.text.codeOnly", { title, code, origin })
    : t("invite.text", { title, link: secret.link, code, passcode: groupPasscode(secret.passcode), origin });
}
