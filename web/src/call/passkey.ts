/** What the browser does with passkeys, between the server's words and the server's words. */

import { Problem } from "../api/problem.ts";
import type { PasskeyCeremony, UsePasskey } from "../api/wire.ts";

/** WebAuthn's own JSON, which this page passes on unread. */
type Answer = UsePasskey["credential"];

/** Whether this browser makes and uses passkeys for the server's domain, seen from this page. */
export function canUsePasskeys(domain: string | null | undefined, host: string = location.hostname): boolean {
  if (!("PublicKeyCredential" in globalThis)) return false;
  // Older browsers make passkeys, but don't read the server's words.
  if (!("parseCreationOptionsFromJSON" in PublicKeyCredential)) return false;
  return domain === undefined || (domain !== null && (host === domain || host.endsWith(`.${domain}`)));
}

/** Makes a passkey. Resolves to what the server reads; rejects with a `Problem` when the person turns away. */
export function makePasskey({ options }: PasskeyCeremony): Promise<Answer> {
  return answered(() => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as unknown as PublicKeyCredentialCreationOptionsJSON);
    return navigator.credentials.create({ publicKey });
  });
}

/** Signs with a passkey, of whichever account its holder chooses. As `makePasskey`. With `unasked`, the browser offers
 * it among what it fills fields with, until that is aborted. */
export function signWithPasskey({ options }: PasskeyCeremony, unasked?: AbortSignal): Promise<Answer> {
  return answered(() => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as unknown as PublicKeyCredentialRequestOptionsJSON);
    return navigator.credentials.get(unasked === undefined ? { publicKey } : { publicKey, mediation: "conditional", signal: unasked });
  });
}

/** Whether this browser offers passkeys among what it fills fields with. */
export async function offersPasskeysUnasked(): Promise<boolean> {
  if (!canUsePasskeys(undefined)) return false;
  return (await PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false;
}

async function answered(ask: () => Promise<Credential | null>): Promise<Answer> {
  try {
    const credential = await ask();
    if (credential instanceof PublicKeyCredential) return credential.toJSON() as unknown as Answer;
  } catch (error) {
    if (error instanceof DOMException && error.name === "InvalidStateError") throw new Problem("passkey_taken", 0);
  }
  throw new Problem("passkey_cancelled", 0);
}
