/** Gets a recording's pieces one after the other, opens them, and says as soon as something is not as it was sealed. */

import type { RecordingPlay } from "../api/wire.ts";
import { fromBase64Url, fromUuid } from "../e2ee/bytes.ts";
import { type Opening, type RecordingKeys, refusalOf } from "./opening.ts";
import type { Player } from "./player.ts";

/** What came of it: `whole`, `unfinished`, or why it is neither. */
export type Finding = "whole" | "unfinished" | "not_ours" | "manifest" | "chunk" | "missing" | "unexpected";

interface Reading {
  opening: Pick<Opening, "RecordingOpener">;
  keys: RecordingKeys;
  play: RecordingPlay;
  /** A sealed piece; `null` where the server has none. */
  piece(number: number): Promise<Uint8Array | null>;
  player: Pick<Player, "add">;
  /** So many of all are read. */
  onRead(read: number): void;
}

/** All that is before what is wrong is kept. */
export async function read({ opening, keys, play, piece, player, onRead }: Reading): Promise<Finding> {
  if (play.header === undefined || play.header === null) return "missing";
  try {
    const { organisation, session, recording } = play;
    const manifest = play.manifest === undefined || play.manifest === null ? undefined : fromBase64Url(play.manifest);
    const opener = new opening.RecordingOpener(keys, fromUuid(organisation), fromUuid(session), fromUuid(recording), fromBase64Url(play.header), manifest);
    try {
      for (let number = 1; number <= play.chunks; number += 1) {
        const sealed = await piece(number);
        if (sealed === null) return "missing";
        if (!player.add(opener.open(sealed))) return "unexpected";
        onRead(number);
      }
      return opener.end() ? "whole" : "unfinished";
    } finally {
      opener.free();
    }
  } catch (error) {
    return findingOf(refusalOf(error));
  }
}

function findingOf(code: string): Finding {
  return code === "not_ours" || code === "manifest" || code === "chunk" || code === "missing" ? code : "unexpected";
}
