import { ShieldAlert, ShieldCheck } from "lucide-react";
import type { JSX } from "react";

import type { Broken as BrokenLog, Standing } from "../../../audit/witness.ts";
import { counted, t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { useAction } from "../../use-action.ts";
import styles from "./Audit.module.css";
import { formatMoment } from "./entry-text.ts";

interface LogStandingProps {
  standing: Standing | null;
  /** Goes on from the log as it is. */
  onAccept: () => Promise<void>;
  /** Gives the person the checkpoint that this browser remembers. */
  onTakeHeld: () => void;
}

/** What this browser found out of the log, by what it remembered. */
export function LogStanding({ standing, ...rest }: LogStandingProps): JSX.Element {
  return (
    <>
      <div role="alert" className={styles.alert}>
        {standing?.is === "broken" && <Broken standing={standing} {...rest} />}
      </div>
      <div role="status">
        {standing !== null && standing.is !== "broken" && (
          <Notice tone={standing.is === "whole" ? "good" : "info"} icon={<ShieldCheck aria-hidden />}>
            <span>{standing.is === "whole" ? counted("audit.whole", standing.since) : t("audit.first")}</span>
            <span className={styles.origin}>
              {standing.head.origin}, {counted("audit.entries", standing.head.size)}
            </span>
          </Notice>
        )}
      </div>
    </>
  );
}

type BrokenProps = Omit<LogStandingProps, "standing"> & { standing: BrokenLog };

function Broken({ standing: { breach, held, kept, offered, restore }, onAccept, onTakeHeld }: BrokenProps): JSX.Element {
  const accepting = useAction(onAccept);
  const may = offered !== null && held !== null;

  return (
    <Notice
      tone="danger"
      icon={<ShieldAlert aria-hidden />}
      action={
        <span className={styles.choices}>
          {kept !== null && <Button onPress={onTakeHeld}>{t("audit.held.take")}</Button>}
          {may && (
            <Button isBusy={accepting.isRunning} onPress={() => accepting.run()}>
              {t("audit.accept")}
            </Button>
          )}
        </span>
      }
    >
      <strong>{t("audit.broken.title")}</strong>
      <span>{t(`audit.broken.${breach}`)}</span>
      {held !== null && <span>{counted("audit.held", held.size)}</span>}
      {may && <span>{t("audit.broken.meaning")}</span>}
      {may && restore === null && <span>{t("audit.restore.none")}</span>}
      {may && restore !== null && <span>{t("audit.restore.stated", { date: formatMoment(Date.parse(restore.at)), why: restore.why, size: restore.size })}</span>}
      <span>{t("audit.broken.advice")}</span>
      {may && <span>{t("audit.accept.text", { number: offered.head.size })}</span>}
      {accepting.failure !== null && <span>{accepting.failure}</span>}
    </Notice>
  );
}
