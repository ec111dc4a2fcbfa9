import { useEffect, useState } from "react";

import { passcodeOf } from "../../e2ee/passcode.ts";

/** What somebody is told who has the code alone; `null` until it is known, or where nothing opens the session here. */
export function usePasscode(fragment: string | null): string | null {
  const [passcode, setPasscode] = useState<string | null>(null);
  useEffect(() => {
    let isStillHere = true;
    setPasscode(null);
    if (fragment !== null) void passcodeOf(fragment).then((found) => isStillHere && setPasscode(found));
    return () => {
      isStillHere = false;
    };
  }, [fragment]);
  return passcode;
}
