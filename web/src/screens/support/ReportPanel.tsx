import type { JSX } from "react";

import { t } from "../../i18n.ts";
import type { SupportState } from "../../remote/support-state.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../room/Panel.tsx";
import { whatText } from "./console-text.ts";
import styles from "./Console.module.css";

interface ReportPanelProps {
  support: Pick<SupportState, "diagnostics" | "asked" | "leads" | "phase">;
  onAsk: () => void;
  onClose: () => void;
}

/** Facts about the computer, from a fixed list that its person saw before they said yes. */
export function ReportPanel({ support: { diagnostics, asked, leads, phase }, onAsk, onClose }: ReportPanelProps): JSX.Element {
  const isAsked = asked.has("diagnostics");
  const isThere = leads && phase.at !== "waiting" && phase.at !== "lost";
  return (
    <Panel title={t("console.report.title")} onClose={onClose}>
      <div className={styles.body}>
        <p className={styles.soft}>{t("console.report.text")}</p>
        <Button isDisabled={!isThere || isAsked} onPress={onAsk}>
          {diagnostics === null ? t("console.report.ask") : t("console.report.again")}
        </Button>
        {isAsked && <Notice tone="info">{t("console.pending", { what: whatText("diagnostics") })}</Notice>}
        {diagnostics !== null && (
          <dl className={styles.facts}>
            {diagnostics.map(({ item, text }) => (
              <div key={item}>
                <dt>{t(`console.report.${item}`)}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </Panel>
  );
}
