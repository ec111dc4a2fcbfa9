import { ShieldAlert, ShieldCheck } from "lucide-react";
import type { JSX } from "react";

import type { Standing } from "../../../audit/witness.ts";
import { counted, t } from "../../../i18n.ts";
import { Notice } from "../../../ui/Notice.tsx";
import styles from "./Audit.module.css";

/** What this browser found out of the log, by what it remembered. */
export function LogStanding({ standing }: { standing: Standing | null }): JSX.Element {
  return (
    <>
      <div role="alert" className={styles.alert}>
        {standing?.is === "broken" && (
          <Notice tone="danger" icon={<ShieldAlert aria-hidden />}>
            <strong>{t("audit.broken.title")}</strong>
            <span>{t(`audit.broken.${standing.breach}`)}</span>
            {standing.held !== null && <span>{counted("audit.held", standing.held.size)}</span>}
            <span>{t("audit.broken.advice")}</span>
          </Notice>
        )}
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
