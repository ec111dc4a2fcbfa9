/**
 * A session's link on its way to whoever asked for help: sealed by the technician's page to a key that their page has drawn.
 *
 * The letters are those by which somebody who came by code gets a meeting's link (`asking.ts`), without a passcode: the request
 * stands for who asks, the session for who answers. So what was sealed opens for this request, this session and its meeting alone.
 */

import { fromBase64Url, fromUuid, toBase64Url } from "./bytes.ts";
import init, { SecretAsker, SecretGiver } from "./wasm/conclave_wasm.js";
import wasmUrl from "./wasm/conclave_wasm_bg.wasm?url";

/** What a technician gave. */
interface Given {
  session: string;
  meeting: string;
  sealed: string;
}

/** Of one request. */
export interface RequestKeys {
  /** The public one. */
  key: string;
  /** The fragment of the session's link; `null` for what is not for this request, or doesn't open. */
  open(request: string, given: Given): string | null;
  end(): void;
}

export async function makeRequestKeys(): Promise<RequestKeys> {
  await init({ module_or_path: wasmUrl });
  const asker = new SecretAsker(seed());
  return {
    key: toBase64Url(asker.ask()),
    open(request, { session, meeting, sealed }) {
      const letter = bytesOf(sealed);
      const taken = letter === null ? undefined : asker.take(fromUuid(meeting), fromUuid(request), fromUuid(session), letter);
      return taken?.kind === "secret" ? taken.fragment : null;
    },
    end: () => asker.free(),
  };
}

/** Throws `request_key` where the key is none. */
export type SealForAsker = (request: { id: string; key: string }, session: { id: string; meeting: string }, fragment: string) => Promise<string>;

export const sealForAsker: SealForAsker = async (request, session, fragment) => {
  await init({ module_or_path: wasmUrl });
  const giver = new SecretGiver(fromUuid(session.meeting), fromUuid(session.id), fragment, null, seed());
  try {
    const given = giver.take(fromUuid(request.id), fromBase64Url(request.key));
    if (given?.kind !== "send") throw new Error("request_key");
    return toBase64Url(given.bytes);
  } finally {
    giver.free();
  }
};

function seed(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(32));
}

function bytesOf(text: string): Uint8Array | null {
  try {
    return fromBase64Url(text);
  } catch {
    return null;
  }
}
