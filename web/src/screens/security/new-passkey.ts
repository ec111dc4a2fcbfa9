/** A passkey from begin to end. */

import type { Api } from "../../api/api.ts";
import { makePasskey } from "../../call/passkey.ts";

/** Resolves to the codes that are shown this once. */
export async function newPasskey(api: Api, label: string): Promise<string[]> {
  const begun = await api.beginAddingPasskey();
  const credential = await makePasskey(begun);
  const added = await api.addPasskey({ ceremony: begun.ceremony, label, credential });
  return added.recovery_codes;
}
