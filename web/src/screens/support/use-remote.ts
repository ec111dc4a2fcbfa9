import { useEffect, useState } from "react";

import type { Session } from "../../call/session.ts";
import { shelfOf } from "../../call/shelf.ts";
import type { World } from "../../call/world.ts";
import { meetingPort } from "../../remote/data-port.ts";
import { browserClock } from "../../remote/input.ts";
import { SupportSession } from "../../remote/support-session.ts";
import type { RemoteCodec } from "../../remote/words.ts";
import { Met } from "./met.ts";

export interface Remote {
  codec: RemoteCodec;
  support: SupportSession;
}

const BETWEEN_TRIES_MS = 5_000;

/** What goes between this page and the computer, over the meeting; `null` until its codec is loaded. `leads` is `null` until it is known. `computer`: that of a meeting, by participant. */
export function useRemote(world: World, session: Session, leads: boolean | null, isBack: boolean, computer: string | null = null): Remote | null {
  const [remote, setRemote] = useState<Remote | null>(null);
  const isKnown = leads !== null;

  useEffect(() => {
    if (!isKnown) return undefined;
    let isStillHere = true;
    let end = (): void => {};
    void loaded(world, () => isStillHere).then((codec) => {
      if (codec === null || !isStillHere) return undefined;
      const port = meetingPort(session, computer);
      // One that is lent in a meeting is asked for by whoever has it.
      const met = computer === null ? new Met(shelfOf(() => sessionStorage), session.seat.participant) : null;
      const support = new SupportSession({ port, codec, now: () => Date.now(), after: browserClock.after }, { leads: leads === true, isBack, ...met?.get() });
      const unfollow = support.state.subscribe(() => met?.follow(support.state.get()));
      end = () => {
        unfollow();
        support.close();
        port.close();
      };
      setRemote({ codec, support });
      return undefined;
    });
    return () => {
      isStillHere = false;
      end();
      setRemote(null);
    };
    // Who leads changes by what the computer says, not by the meeting's roles.
  }, [world, session, isKnown, isBack, computer]);
  return remote;
}

/** Another try may find the network back; `null` where nobody waits for it any more. */
async function loaded({ loadRemote }: World, isWanted: () => boolean): Promise<RemoteCodec | null> {
  while (isWanted()) {
    try {
      return await loadRemote();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES_MS));
    }
  }
  return null;
}
