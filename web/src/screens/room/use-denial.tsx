import { type JSX, useEffect, useState } from "react";

import type { LobbyEntry } from "../../api/wire.ts";
import { DenySheet } from "./DenySheet.tsx";

interface Denial {
  /** Turns somebody away; where more follows from it, asks first. */
  deny: (person: LobbyEntry) => void;
  sheet: JSX.Element;
}

interface DenialProps {
  linkAdmits: boolean;
  /** Who waits. */
  lobby: readonly LobbyEntry[];
  onDeny: (participant: string) => void;
  /** Whom it was asked about is not there any more, nor is the button that asked. */
  onGone: () => void;
}

/** The first refusal closes the link for everybody, and nothing opens it again. Where it is closed already, a refusal is only one. */
export function useDenial({ linkAdmits, lobby, onDeny, onGone }: DenialProps): Denial {
  const [person, setPerson] = useState<LobbyEntry | null>(null);
  const [isAsking, setAsking] = useState(false);

  const isGone = isAsking && !lobby.some(({ participant }) => participant === person?.participant);
  useEffect(() => {
    if (!isGone) return;
    setAsking(false);
    onGone();
  }, [isGone, onGone]);

  function deny(wanted: LobbyEntry): void {
    if (!linkAdmits) return onDeny(wanted.participant);
    setPerson(wanted);
    setAsking(true);
  }

  return { deny, sheet: <DenySheet person={person} isOpen={isAsking} onClose={() => setAsking(false)} onDeny={onDeny} /> };
}
