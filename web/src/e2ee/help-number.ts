/**
 * What whoever asks for help and their technician compare on the telephone: made of the key that the page of whoever asks has
 * drawn. A server that put a key of its own in that one's place would have to find another with the same twenty digits.
 */

import { fromBase64Url } from "./bytes.ts";

const LABEL = "conclave/v1/help-number";
const DIGITS = 20;

/** `1234 5678 9012 3456 7890` */
export async function helpNumber(key: string): Promise<string> {
  const label = new TextEncoder().encode(LABEL);
  const bytes = fromBase64Url(key);
  const content = new Uint8Array(label.length + bytes.length);
  content.set(label);
  content.set(bytes, label.length);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  const number = hash.subarray(0, 16).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n) % 10n ** BigInt(DIGITS);
  return String(number).padStart(DIGITS, "0").replaceAll(/(\d{4})(?=\d)/g, "$1 ");
}
