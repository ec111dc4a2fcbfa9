import { useCallback, useEffect, useRef, useState } from "react";

import type { Api } from "../../api/api.ts";
import type { Me } from "../../api/wire.ts";
import { offersPasskeysUnasked, signWithPasskey } from "../../call/passkey.ts";
import { failureText } from "../failure.ts";

/** Shorter than the server keeps what was begun. */
const AGAIN_AFTER_MS = 4 * 60_000;

interface UnaskedPasskey {
  /** In plain words; `null` while nothing is wrong. */
  failure: string | null;
  /** A browser does one thing with passkeys at a time: this one gives way. */
  giveWay: () => void;
}

/** Lets the browser offer passkeys among the addresses that it knows, until somebody takes another way. */
export function useUnaskedPasskey(api: Api, isWanted: boolean, onSignedIn: (me: Me) => void): UnaskedPasskey {
  const [failure, setFailure] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  const current = useRef<AbortController | null>(null);

  useEffect(() => {
    if (!isWanted) return undefined;
    const ending = new AbortController();
    current.current = ending;
    async function offerIt(): Promise<void> {
      try {
        const me = await offer(api, ending.signal);
        if (me !== null) onSignedIn(me);
      } catch (error) {
        if (!ending.signal.aborted) setFailure(failureText(error));
      }
    }
    void offerIt();
    const timer = setTimeout(() => setRound((before) => before + 1), AGAIN_AFTER_MS);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [api, isWanted, onSignedIn, round]);

  const giveWay = useCallback(() => current.current?.abort(), []);
  return { failure, giveWay };
}

/** Resolves to `null` where the browser offers none, or nobody took one. */
async function offer(api: Api, ending: AbortSignal): Promise<Me | null> {
  if (!(await offersPasskeysUnasked()) || ending.aborted) return null;
  const begun = await api.beginPasskey().catch(() => null);
  if (begun === null || ending.aborted) return null;
  const credential = await signWithPasskey(begun, ending).catch(() => null);
  return credential === null ? null : await api.signInWithPasskey({ ceremony: begun.ceremony, credential });
}
