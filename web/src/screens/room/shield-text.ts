/** What the encryption's state is called. */

import type { EncryptionState } from "../../e2ee/encryption.ts";
import type { Occupant, Standing } from "../../e2ee/orders.ts";
import { t } from "../../i18n.ts";

export function standingText(standing: Standing): string {
  return standing.at === "silent" ? t(`shield.text.${standing.why}`) : t(`shield.text.${standing.at}`);
}

/** The server carried the key to somebody here, and could have taken one of its own: only equal codes tell. */
function isUnverified({ cameByCode, occupants }: EncryptionState): boolean {
  return cameByCode || occupants.some(({ isByCode }) => isByCode);
}

/** What a screen reader hears when it begins. */
export function beginningText(encryption: EncryptionState): string {
  return isUnverified(encryption) ? t("shield.announce.unverified") : t("shield.announce.on");
}

/** Why nothing is sent; where it is known, who has to answer first. What opens one's own meeting is in the vault, which not every browser opens. */
export function silenceText(encryption: EncryptionState, isOwn: boolean): string {
  const { standing, silent, occupants, cameByCode } = encryption;
  if (standing.at === "on" && isUnverified(encryption)) return cameByCode ? t("shield.text.cameByCode") : t("shield.text.unverified");
  const names = occupants.filter(({ participant }) => silent.includes(participant)).map(({ name }) => name);
  if (isElsewhere(encryption, isOwn)) return t("shield.text.elsewhere");
  const isNamed = standing.at === "silent" && standing.why === "unconfirmed" && names.length > 0;
  return isNamed ? t("shield.text.silent", { names: names.join(", ") }) : standingText(standing);
}

/** Their own meeting, whose key is not in this browser. */
export function isElsewhere({ standing }: EncryptionState, isOwn: boolean): boolean {
  return isOwn && (standing.at === "asking" || standing.at === "waiting_for_host");
}

/** In a word or two, for the button. */
export function shieldLabel(encryption: EncryptionState): string {
  if (isAlarmed(encryption)) return t("shield.state.alarm");
  return encryption.standing.at === "on" && encryption.cameByCode ? t("shield.state.unverified") : t(`shield.state.${encryption.standing.at}`);
}

export function isAlarmed({ alarms, difference }: EncryptionState): boolean {
  return alarms.length + difference.strangers.length > 0;
}

/** Waiting does not help. */
export function isFinal({ standing }: EncryptionState): boolean {
  return ["failed", "unsupported", "bad_name", "over"].includes(standing.at);
}

/** Why they have to type the passcode again, or go on without; `null` where they don't. */
export function mistakeOf({ standing }: EncryptionState): "wrong" | "spent" | "unanswered" | null {
  switch (standing.at) {
    case "wrong_passcode":
      return "wrong";
    case "passcode_spent":
      return "spent";
    case "unanswered":
      return "unanswered";
    default:
      return null;
  }
}

/** They came by code and typed no passcode: it is not too late. */
export function lacksPasscode({ standing }: EncryptionState, isOwn: boolean): boolean {
  return standing.at === "asking" && !standing.hasPasscode && !isOwn;
}

/** Nothing is sent, and it takes longer than somebody expects who has just come. */
export function isSilent({ standing }: EncryptionState): boolean {
  return standing.at !== "on" && standing.at !== "joining";
}

/** One sentence for each thing that is wrong. */
export function alarmTexts({ alarms, difference, occupants }: EncryptionState, nameOf: (participant: string) => string): string[] {
  const { strangers } = difference;
  return [
    ...(strangers.length > 0 ? [t("alarm.strangers", { names: namesOf(strangers, occupants, nameOf) })] : []),
    ...new Set(alarms.map(({ what }) => alarmText(what))),
  ];
}

/** Who is in the meeting and has no key opens nothing: that is a pity, and no danger. */
export function outsidersText({ difference: { outsiders }, occupants }: EncryptionState, nameOf: (participant: string) => string): string | null {
  return outsiders.length > 0 ? t("room.outsiders", { names: namesOf(outsiders, occupants, nameOf) }) : null;
}

function namesOf(participants: readonly string[], occupants: readonly Occupant[], nameOf: (participant: string) => string): string {
  return participants.map((who) => occupants.find(({ participant }) => participant === who)?.name ?? nameOf(who)).join(", ");
}

function alarmText(what: string): string {
  const key = `alarm.${what}`;
  return isPlain(key) ? t(key) : t("alarm.unknown");
}

type PlainAlarm = `alarm.${"group" | "members" | "unfounded" | "rollback" | "commit" | "proposal" | "mislabelled" | "wish_failed" | "devices" | "unlisted" | "mode"}`;

const PLAIN: ReadonlySet<string> = new Set<PlainAlarm>([
  "alarm.group",
  "alarm.members",
  "alarm.unfounded",
  "alarm.rollback",
  "alarm.commit",
  "alarm.proposal",
  "alarm.mislabelled",
  "alarm.wish_failed",
  "alarm.devices",
  "alarm.unlisted",
  "alarm.mode",
]);

function isPlain(key: string): key is PlainAlarm {
  return PLAIN.has(key);
}

/** How well somebody is known. Who came by code has even the host's key from the server. */
export function markText({ standing, isVerified, device, isByCode }: Occupant, cameByCode: boolean): string {
  if (isByCode) return t("shield.mark.byCode");
  if (standing === "host account" && isVerified) return cameByCode ? t("shield.mark.hostByServer") : t("shield.mark.host");
  if (standing === "host account" && device !== null && device !== "listed") return t(`shield.mark.host.${device}`);
  return standing === "guest" ? t("shield.mark.guest") : t("shield.mark.account");
}
