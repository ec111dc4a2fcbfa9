import { type JSX, useCallback, useEffect, useState } from "react";

import type { Api } from "../../api/api.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Sheet, SheetActions } from "../../ui/Sheet.tsx";

interface IdleProps {
  api: Api;
  /** The session has ended. Stable. */
  onExpired: () => void;
}

/** How long before the end somebody is warned. */
const WARNING_SECONDS = 60;

/** Until the session ends; 0 when it has. A server that can't be reached is asked again later. */
async function secondsLeft(api: Api): Promise<number> {
  try {
    return (await api.session())?.idle_left ?? 0;
  } catch {
    return 2 * WARNING_SECONDS;
  }
}

/** Warns before the server signs somebody out who does nothing, and goes when it has. Asking extends nothing. */
export function Idle({ api, onExpired }: IdleProps): JSX.Element {
  const [isWarned, setWarned] = useState(false);
  const [asked, setAsked] = useState(0);
  const askAgain = useCallback(() => setAsked((count) => count + 1), []);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isGone = false;
    async function look(): Promise<void> {
      const left = await secondsLeft(api);
      if (isGone) return;
      if (left === 0) {
        onExpired();
        return;
      }
      setWarned(left <= WARNING_SECONDS);
      const wait = left > WARNING_SECONDS ? left - WARNING_SECONDS : left;
      timer = setTimeout(() => void look(), (wait + 1) * 1_000);
    }
    void look();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [api, onExpired, asked]);

  function stay(): void {
    setWarned(false);
    api.sessions().then(askAgain, askAgain);
  }
  return (
    <Sheet title={t("idle.title")} closeLabel={t("app.close")} isOpen={isWarned} onClose={stay} isAlert>
      <p>{t("idle.text")}</p>
      <SheetActions>
        <Button variant="primary" onPress={stay}>
          {t("idle.stay")}
        </Button>
      </SheetActions>
    </Sheet>
  );
}
