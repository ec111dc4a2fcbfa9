/**
 * What the page and the worker say to each other of an account's vault. The page carries it to the server and back;
 * of its keys it sees public ones. Bytes are base64url, times seconds since 1970.
 */

import type { AccountVault, ChangeVault } from "../api/wire.ts";

/** As the server has it. */
export type ServedVault = Pick<AccountVault, "vault" | "devices">;
/** For the server to keep. */
export type SealedChange = ChangeVault;

export interface VaultMeeting {
  meeting: string;
  fragment: string;
  /** By which who has only the code gets the fragment. */
  passcode: string | null;
  until: number;
}

export interface VaultDevice {
  key: string;
  label: string;
  since: number;
  /** When it was removed. */
  removed: number | null;
  isThis: boolean;
}

export interface VaultContent {
  /** The account's public key, by which invitations name their host. */
  hostKey: string;
  devices: readonly VaultDevice[];
  meetings: readonly VaultMeeting[];
  hasRecovery: boolean;
}

export type VaultAsk =
  /** `label`: what this browser calls itself where it is the first. */
  | { ask: "read"; served: ServedVault; label: string }
  /** As `read`, of an older state than was seen before: a person took it upon themselves. */
  | { ask: "accept"; served: ServedVault; label: string }
  | { ask: "recover"; served: ServedVault; label: string; code: string }
  /** Of the requests, the one that shows this code. */
  | { ask: "approve"; requests: readonly string[]; code: string }
  | { ask: "remove"; device: string }
  | { ask: "renewCode" }
  | { ask: "keep"; meetings: readonly VaultMeeting[] }
  | { ask: "forget"; meetings: readonly string[] }
  /** The server keeps the last change. */
  | { ask: "saved" };

export type VaultAnswer =
  | { at: "open"; content: VaultContent; change: SealedChange | null; recoveryCode: string | null; approved: string | null }
  /** This browser is not among the account's: it can ask, and shows the code. */
  | { at: "outside"; request: string; code: string; wasRemoved: boolean }
  /** The server shows an older state, or another, than this browser has seen. */
  | { at: "rolled_back" }
  /** Not what the account's browsers made. */
  | { at: "broken" }
  /** This browser keeps nothing: it can't be one of the account's. */
  | { at: "unkept" }
  | { at: "refused"; why: "wrong_code" | "full" | "known" }
  | { at: "failed" };
