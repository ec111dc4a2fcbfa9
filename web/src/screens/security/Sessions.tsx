import type { JSX } from "react";

import type { OpenSession } from "../../api/wire.ts";
import { formatDay, t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { useAction } from "../use-action.ts";
import styles from "./Security.module.css";

interface SessionsProps {
  sessions: readonly OpenSession[];
  onEnd: (id: string) => Promise<void>;
  onEndOthers: () => Promise<void>;
}

/** Where somebody is signed in, and how to end it from here. */
export function Sessions({ sessions, onEnd, onEndOthers }: SessionsProps): JSX.Element {
  const one = useAction(onEnd);
  const others = useAction(onEndOthers);
  const failure = one.failure ?? others.failure;
  return (
    <div className={styles.part}>
      <h3>{t("security.sessions")}</h3>
      <ul className={styles.rows}>
        {sessions.map((session) => (
          <Row key={session.id} session={session} onEnd={() => one.run(session.id)} />
        ))}
      </ul>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      {sessions.length > 1 ? (
        <Button isBusy={others.isRunning} onPress={() => others.run()}>
          {t("security.sessions.endOthers")}
        </Button>
      ) : (
        <p className={styles.soft}>{t("security.sessions.only")}</p>
      )}
    </div>
  );
}

function browserText(browser: OpenSession["browser"]): string {
  switch (browser) {
    case "chrome":
      return t("security.browser.chrome");
    case "edge":
      return t("security.browser.edge");
    case "firefox":
      return t("security.browser.firefox");
    case "safari":
      return t("security.browser.safari");
    case "other":
      return t("security.browser.other");
  }
}

function Row({ session, onEnd }: { session: OpenSession; onEnd: () => void }): JSX.Element {
  const browser = browserText(session.browser);
  const day = formatDay(session.last_active_at);
  return (
    <li className={styles.row}>
      <div>
        <p>{browser}</p>
        <p className={styles.soft}>
          {session.this ? <strong className={styles.this}>{t("security.sessions.this")}</strong> : t("security.sessions.active", { day })}
        </p>
      </div>
      {!session.this && (
        <Button aria-label={t("security.sessions.end.name", { browser, day })} onPress={onEnd}>
          {t("security.sessions.end")}
        </Button>
      )}
    </li>
  );
}
