/**
 * What an invitation's link says behind its `#`: the meeting's secret, and whose meeting it is.
 *
 * `secret.host key`, each 43 characters of base64url for 32 bytes; the second is the Ed25519 key of the
 * host's account, absent in invitations of meetings that nobody's account made.
 */

import { type Bytes, fromBase64Url } from "./bytes.ts";

export interface Fragment {
  secret: string;
  hostKey: string | null;
}

const FORM = /^([A-Za-z0-9_-]{43})(?:\.([A-Za-z0-9_-]{43}))?$/;

/** `null` for a damaged one: half a link opens nothing, and must not pass for one without a host. */
export function readFragment(text: string): Fragment | null {
  const [, secret, hostKey] = FORM.exec(text) ?? [];
  return secret === undefined ? null : { secret, hostKey: hostKey ?? null };
}

export function writeFragment({ secret, hostKey }: Fragment): string {
  return hostKey === null ? secret : `${secret}.${hostKey}`;
}

export function secretBytes({ secret }: Fragment): Bytes {
  return fromBase64Url(secret);
}

export function hostAccounts({ hostKey }: Fragment): Bytes[] {
  return hostKey === null ? [] : [fromBase64Url(hostKey)];
}
