/** Gets a recording's pieces one after the other, opens them, and says as soon as something is not as it was sealed. */

import type { RecordingPlay } from "../api/wire.ts";
import { fromBase64Url, fromUuid } from "../e2ee/bytes.ts";
import { type Opening, type RecordingKeys, refusalOf } from "./opening.ts";
import type { Judged, Player } from "./player.ts";

/** What came of it: `whole`, `unfinished`, or why it is neither. */
export type Finding = "whole" | "unfinished" | "without_facts" | "not_ours" | "manifest" | "chunk" | "missing" | "afterword" | "unexpected";

interface Reading {
  opening: Pick<Opening, "RecordingOpener" | "readMoments">;
  keys: RecordingKeys;
  play: RecordingPlay;
  /** A sealed piece; `null` where the server has none. */
  piece(number: number): Promise<Uint8Array | null>;
  player: Pick<Player, "add" | "lacksFacts">;
  /** So many of all are read. */
  onRead(read: number): void;
  /** Where feedback is kept with it. */
  onJudged(judged: Judged): void;
}

/** All that is before what is wrong is kept. */
export async function read({ opening, keys, play, piece, player, onRead, onJudged }: Reading): Promise<Finding> {
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
      const isWhole = opener.end();
      if (play.feedback !== undefined && play.feedback !== null) {
        const judged = opening.readMoments(opener.afterword(fromBase64Url(play.feedback)))?.[0];
        if (judged?.kind !== "judged" && judged?.kind !== "answered") return "afterword";
        onJudged(judged);
      }
      if (!isWhole) return "unfinished";
      return player.lacksFacts ? "without_facts" : "whole";
    } finally {
      opener.free();
    }
  } catch (error) {
    return findingOf(refusalOf(error));
  }
}

function findingOf(code: string): Finding {
  return code === "not_ours" || code === "manifest" || code === "chunk" || code === "missing" || code === "afterword" ? code : "unexpected";
}
