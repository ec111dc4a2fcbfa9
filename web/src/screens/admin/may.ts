/** What the pages of the organisation offer to whom. The server decides; this only hides what it would refuse. */

import type { AccountRole, Permitted } from "../../api/wire.ts";

/** Roles that an account can have, strongest first. */
const ROLES = ["owner", "admin", "account_manager", "representative", "auditor", "member"] as const satisfies readonly AccountRole[];

export function maySeePeople(role: AccountRole): boolean {
  return role === "owner" || role === "admin" || role === "account_manager" || role === "auditor";
}

export function makesPrograms(role: AccountRole): boolean {
  return role === "owner";
}

export function revokesPrograms(role: AccountRole): boolean {
  return role === "owner" || role === "admin";
}

export function seesPrograms(role: AccountRole): boolean {
  return role === "owner" || role === "admin" || role === "auditor";
}

export function maySeePolicy(role: AccountRole): boolean {
  return maySeePeople(role);
}

export function seesReports(role: AccountRole): boolean {
  return maySeePeople(role);
}

/** Look after meetings without being in them. */
export function maySupervise(role: AccountRole): boolean {
  return role === "owner" || role === "admin" || role === "account_manager";
}

/** Help at somebody's computer: by role, and where policy permits it. */
export function holdsSupport(role: AccountRole, { support }: Permitted): boolean {
  return support && (role === "owner" || role === "admin" || role === "representative");
}

/** Enrol computers that are helped when nobody is there, and say who may. */
export function keepsComputers(role: AccountRole): boolean {
  return role === "owner" || role === "admin";
}

/** See which safeguards hold. */
export function seesEvidence(role: AccountRole): boolean {
  return maySeePeople(role);
}

export function decidesEvidence(role: AccountRole): boolean {
  return role === "owner" || role === "admin";
}

/** Enter complaints and requests about privacy, read and close them. */
export function keepsComplaints(role: AccountRole): boolean {
  return role === "owner" || role === "admin" || role === "account_manager";
}

/** See which support sessions were recorded, and watch them by the key that they are sealed to. */
export function playsRecordings(role: AccountRole): boolean {
  return role === "owner" || role === "admin" || role === "auditor";
}

/** Say what recordings are sealed to, and how long they are kept. */
export function keepsRecordings(role: AccountRole): boolean {
  return role === "owner" || role === "admin";
}

/** Enter who was trained in what. */
export function keepsTraining(role: AccountRole): boolean {
  return role === "owner" || role === "admin" || role === "account_manager";
}

/** See who took emergency access, and say what to think of it. */
export function reviewsEmergencies(role: AccountRole): boolean {
  return role === "owner" || role === "admin" || role === "auditor";
}

/** Make the codes of the sealed envelope. */
export function makesEmergencyCodes(role: AccountRole): boolean {
  return role === "owner";
}

/** Say what to think of what the rules for anomalies found. */
export function reviewsAnomalies(role: AccountRole): boolean {
  return role === "owner" || role === "admin" || role === "auditor";
}

/** The roles of the accounts that are theirs to make and change. */
export function rolesBelow(role: AccountRole): readonly AccountRole[] {
  if (role === "owner") return ROLES;
  return role === "admin" ? ROLES.filter((other) => other !== "owner" && other !== "admin") : [];
}

/** Read the organisation's audit log. */
export function mayReadAudit(role: AccountRole): boolean {
  return role === "owner" || role === "admin" || role === "auditor";
}
