import { useEffect, useState } from "react";

import type { Broken } from "../../audit/witness.ts";
import type { World } from "../../call/world.ts";

interface LogWatch {
  /** The organisation's audit log is not what this browser saw of it before. */
  broken: Broken | null;
  /** Goes on from the log as it is. */
  accept: () => void;
}

/**
 * Asked once, by whoever came into a meeting: no guest and no host looks at the log, and each of their browsers would find out
 * that it is not what it was.
 */
export function useLogWatch({ witness, seats }: Pick<World, "witness" | "seats">, code: string): LogWatch {
  const [broken, setBroken] = useState<Broken | null>(null);

  useEffect(() => {
    const seat = seats.seat(code);
    if (seat === null) return;
    // What can't be asked is asked the next time: a meeting does not wait for it.
    witness.look(seat).then((standing) => setBroken(standing.is === "broken" ? standing : null), () => {});
  }, [witness, seats, code]);

  function accept(): void {
    if (broken !== null) witness.accept(broken);
    setBroken(null);
  }
  return { broken, accept };
}
