/**
 * The invitation to a meeting: a code for typing, and a link whose secret never leaves the page.
 *
 * The secret sits in the link's fragment, which browsers don't send. The server keeps
 * SHA-256(proof) as the verifier, where proof = HKDF-SHA-256(secret, salt = empty,
 * info = "conclave/v1/invitation-proof"); who joins by link shows the proof. Behind the secret the
 * fragment may name the host's key, which is for the members' encryption alone.
 */

import { fromBase64Url, toBase64Url } from "../e2ee/bytes.ts";
import { readFragment } from "../e2ee/fragment.ts";

const SECRET_BYTES = 32;
const PROOF_INFO = "conclave/v1/invitation-proof";

/** base64url of 32 random bytes. */
export function newSecret(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
}

/** What a joiner shows who has this fragment: base64url of 32 bytes. */
export async function invitationProof(fragment: string): Promise<string> {
  return toBase64Url(await proofBytes(readFragment(fragment)?.secret ?? fragment));
}

/** What the server keeps: base64url of 32 bytes. */
export async function invitationVerifier(secret: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", await proofBytes(secret))));
}

async function proofBytes(secret: string): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey("raw", fromBase64Url(secret), "HKDF", false, ["deriveBits"]);
  const info = new TextEncoder().encode(PROOF_INFO);
  const parameters = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, 256));
}

export function invitationLink(origin: string, code: string, fragment: string | null): string {
  return `${origin}/j/${code}${fragment === null ? "" : `#${fragment}`}`;
}

/** An invitation as somebody pasted or typed it. */
export interface Invitation {
  /** `123-456-789` */
  code: string;
  /** The link's fragment; absent when only the code was given. */
  secret: string | null;
}

/** Finds the invitation in whatever was pasted: a code, a link, or a whole message around one. */
export function readInvitation(text: string): Invitation | null {
  const link = /\/j\/([0-9][0-9\s-]{7,14}[0-9])(?:[?][^#\s]*)?(?:#([A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)?))?/.exec(text);
  const code = readCode(link?.[1] ?? loneCode(text));
  return code === null ? null : { code, secret: readSecret(link?.[2] ?? "") };
}

/** A code in the form that is shown, from nine digits with any spaces and dashes. */
export function readCode(text: string): string | null {
  const digits = text.replaceAll(/[\s\u2011-]/g, "");
  return /^[0-9]{9}$/.test(digits) ? groupDigits(digits) : null;
}

/** A fragment in its whole form, or `null`: a damaged link falls back to the lobby. */
export function readSecret(text: string): string | null {
  return readFragment(text) === null ? null : text;
}

/** Groups of three while somebody types. */
export function groupDigits(text: string): string {
  const digits = text.replaceAll(/\D/g, "").slice(0, 9);
  return digits.match(/.{1,3}/g)?.join("-") ?? "";
}

function loneCode(text: string): string {
  return /(?<!\d)\d{3}[\s\u2011-]?\d{3}[\s\u2011-]?\d{3}(?!\d)/.exec(text)?.[0] ?? "";
}
