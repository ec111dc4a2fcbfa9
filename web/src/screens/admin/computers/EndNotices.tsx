import { type JSX, useEffect, useState } from "react";

import type { SupportDevice } from "../../../api/wire.ts";
import { t } from "../../../i18n.ts";
import { Notice } from "../../../ui/Notice.tsx";

type Standing = "over" | "soon" | "endless";

const STANDINGS: readonly Standing[] = ["over", "soon", "endless"];
/** Long enough to ask whoever has to say whether it is still needed. */
const SOON_MS = 30 * 24 * 60 * 60 * 1_000;
const TICK_MS = 60_000;
const MOST_NAMES = 5;

/** Which enrolments somebody has to look at: those that are over, end before long, or have no end. */
export function EndNotices({ computers }: { computers: readonly SupportDevice[] }): JSX.Element {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <>
      {STANDINGS.map((standing) => {
        const names = computers.filter((computer) => standingOf(computer, now) === standing).map(({ name }) => name);
        if (names.length === 0) return null;
        return (
          <Notice key={standing} tone={standing === "soon" ? "info" : "warning"}>
            {t(`computers.notice.${standing}`, { names: someOf(names) })}
          </Notice>
        );
      })}
    </>
  );
}

function standingOf({ ends_at: end, has_ended: hasEnded }: SupportDevice, now: number): Standing | null {
  if (end === undefined || end === null) return "endless";
  if (hasEnded) return "over";
  return Date.parse(end) - now < SOON_MS ? "soon" : null;
}

function someOf(names: readonly string[]): string {
  const first = names.slice(0, MOST_NAMES).join(", ");
  return names.length > MOST_NAMES ? t("computers.notice.more", { names: first, count: names.length - MOST_NAMES }) : first;
}
