/** What a meeting is, as its members agree on it: who is told anything else shares no key with them. */

import type { DataMode } from "../api/wire.ts";
import { fromBase64, fromUuid } from "./bytes.ts";
import { type Fragment, hostAccounts } from "./fragment.ts";
import type { Entry } from "./orders.ts";
import type * as Wasm from "./wasm/conclave_wasm.js";

/** As members write it into their group. */
const DATA_MODES: Record<DataMode, number> = { conduit: 0, retain: 1, archive: 2 };

export function termsOf(entry: Entry, fragment: Fragment): Wasm.Terms {
  return {
    meeting: fromUuid(entry.meeting),
    organisation: fromUuid(entry.organisation),
    dataMode: DATA_MODES[entry.dataMode],
    hostAccounts: hostAccounts(fragment),
    signed: false,
    closed: entry.isClosed,
    externalSenderKey: fromBase64(entry.externalSender.signature_key),
    externalSenderIdentity: fromBase64(entry.externalSender.identity),
  };
}
