import { type JSX, useState } from "react";

import type { LobbyEntry } from "../../api/wire.ts";
import { DenySheet } from "./DenySheet.tsx";

interface Denial {
  /** Turns somebody away; where more follows from it, asks first. */
  deny: (person: LobbyEntry) => void;
  sheet: JSX.Element;
}

/** The first refusal closes the link for everybody, and nothing opens it again. Where it is closed already, a refusal is only one. */
export function useDenial(linkAdmits: boolean, onDeny: (participant: string) => void): Denial {
  const [person, setPerson] = useState<LobbyEntry | null>(null);
  const [isAsking, setAsking] = useState(false);

  function deny(wanted: LobbyEntry): void {
    if (!linkAdmits) return onDeny(wanted.participant);
    setPerson(wanted);
    setAsking(true);
  }

  return { deny, sheet: <DenySheet person={person} isOpen={isAsking} onClose={() => setAsking(false)} onDeny={onDeny} /> };
}
