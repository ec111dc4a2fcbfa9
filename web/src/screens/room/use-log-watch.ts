import { useEffect, useState } from "react";

import type { World } from "../../call/world.ts";

/**
 * Whether the organisation's audit log is not what this browser saw of it before. Asked once, by whoever came into a meeting:
 * no guest and no host looks at the log, and each of their browsers would find out.
 */
export function useLogWatch({ witness, seats }: Pick<World, "witness" | "seats">, code: string): boolean {
  const [isBroken, setBroken] = useState(false);

  useEffect(() => {
    const seat = seats.seat(code);
    if (seat === null) return;
    // What can't be asked is asked the next time: a meeting does not wait for it.
    witness.look(seat).then(({ is }) => setBroken(is === "broken"), () => {});
  }, [witness, seats, code]);
  return isBroken;
}
