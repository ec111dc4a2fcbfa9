import { type JSX, useState } from "react";

import type { Anomaly, AnomalyList, AnomalyRules, AnomalyWords, ChangeAnomalyRules, Me, ReviewAnomaly } from "../../../api/wire.ts";
import { counted, t } from "../../../i18n.ts";
import { Notice } from "../../../ui/Notice.tsx";
import { Sheet } from "../../../ui/Sheet.tsx";
import { Admin } from "../Admin.tsx";
import { changesPolicy } from "../may-change.ts";
import people from "../people/People.module.css";
import styles from "../Policy.module.css";
import { AnomaliesTable } from "./AnomaliesTable.tsx";
import { FindingSheet } from "./FindingSheet.tsx";
import { Rules } from "./Rules.tsx";

export interface AnomaliesActions {
  /** What its reviewer said; each reading is on record. Rejects with a `Problem`, as all do. */
  read(finding: Anomaly): Promise<AnomalyWords>;
  review(finding: Anomaly, body: ReviewAnomaly): Promise<void>;
  setRules(body: ChangeAnomalyRules): Promise<void>;
  goHome(): void;
}

interface AnomaliesProps {
  me: Me;
  /** `null` while they load. */
  list: AnomalyList | null;
  rules: AnomalyRules | null;
  failure: string | null;
  actions: AnomaliesActions;
}

/** What the rules found, who looked at it, and how the rules look. */
export function Anomalies({ me, list, rules, failure, actions }: AnomaliesProps): JSX.Element {
  /** Stays while its sheet fades out. */
  const [shown, setShown] = useState<Anomaly | null>(null);
  const [isShowing, setShowing] = useState(false);
  function show(finding: Anomaly): void {
    setShown(finding);
    setShowing(true);
  }

  return (
    <Admin title={t("anomalies.title")} current="anomalies" role={me.role} onHome={actions.goHome}>
      <p className={styles.soft}>{t("anomalies.text")}</p>
      <div role="alert" className={people.alert}>
        {failure !== null && <Notice tone="danger">{failure}</Notice>}
        {list !== null && list.open > 0 && <Notice tone="warning">{counted("anomalies.open", list.open)}</Notice>}
      </div>
      {list === null && failure === null && <p role="status">{t("app.loading")}</p>}
      {list?.findings.length === 0 && <p className={styles.soft}>{t("anomalies.none")}</p>}
      {list !== null && list.findings.length > 0 && <AnomaliesTable findings={list.findings} onShow={show} />}
      {rules !== null && <Rules key={rules.revision} rules={rules} mayChange={changesPolicy(me)} onSave={actions.setRules} />}
      <Sheet title={shown === null ? "" : t(`anomalies.rule.${shown.rule}`)} closeLabel={t("app.close")} isOpen={isShowing} onClose={() => setShowing(false)}>
        {shown !== null && <FindingSheet key={shown.id} finding={shown} me={me} actions={actions} onClose={() => setShowing(false)} />}
      </Sheet>
    </Admin>
  );
}
