/**
 * What somebody is told who joins by code: six digits that the server never learns. Drawn from the invitation's
 * secret, so that every device that holds the link says the same and none has to keep it.
 */

import { fromBase64Url } from "./bytes.ts";
import { readFragment } from "./fragment.ts";

const INFO = "conclave/v1/passcode";
const DIGITS = 6;

/** `482193`; `null` for a damaged fragment. `number`: how often the host has changed it. */
export async function passcodeOf(fragment: string, number = 0): Promise<string | null> {
  const secret = readFragment(fragment)?.secret;
  if (secret === undefined) return null;
  const key = await crypto.subtle.importKey("raw", fromBase64Url(secret), "HKDF", false, ["deriveBits"]);
  const parameters = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: new TextEncoder().encode(infoOf(number)) };
  const bits = await crypto.subtle.deriveBits(parameters, key, 64);
  // 2⁶⁴ is so much more than 10⁶ that no digit is likelier than another.
  const drawn = new DataView(bits).getBigUint64(0) % 10n ** BigInt(DIGITS);
  return String(drawn).padStart(DIGITS, "0");
}

/** The first has no number: invitations that were sent before passcodes could be changed say the same. */
function infoOf(number: number): string {
  return number === 0 ? INFO : `${INFO}/${number}`;
}

/** As somebody reads it aloud: `482 193`. */
export function groupPasscode(passcode: string): string {
  return passcode.match(/.{1,3}/g)?.join(" ") ?? "";
}

/** What somebody typed, as it counts; `null` for what is none. */
export function readPasscode(text: string): string | null {
  const digits = text.replaceAll(/[\s-]/g, "");
  return /^[0-9]{6,12}$/.test(digits) ? digits : null;
}
