import { type JSX, type ReactNode, useState } from "react";

import type { EmergencyDrills, EmergencyUse, EmergencyUses, EmergencyWords, Me, ReviewEmergency } from "../../../api/wire.ts";
import { counted, formatDay, t } from "../../../i18n.ts";
import { Notice } from "../../../ui/Notice.tsx";
import { Sheet } from "../../../ui/Sheet.tsx";
import { Admin } from "../Admin.tsx";
import people from "../people/People.module.css";
import styles from "../Policy.module.css";
import { EmergenciesTable } from "./EmergenciesTable.tsx";
import { ReviewSheet } from "./ReviewSheet.tsx";
import { takerOf } from "./taker.ts";

export interface EmergenciesActions {
  /** What was said of it; each reading is on record. Rejects with a `Problem`, as all do. */
  read(used: EmergencyUse): Promise<EmergencyWords>;
  review(used: EmergencyUse, body: ReviewEmergency): Promise<void>;
  goHome(): void;
}

interface EmergenciesProps {
  me: Me;
  /** `null` while they load. */
  list: EmergencyUses | null;
  failure: string | null;
  actions: EmergenciesActions;
  /** What is known of the sealed codes. */
  sealed: ReactNode;
}

/** Who took emergency access, and whether somebody has looked at it. */
export function Emergencies({ me, list, failure, actions, sealed }: EmergenciesProps): JSX.Element {
  /** Stays while its sheet fades out. */
  const [shown, setShown] = useState<EmergencyUse | null>(null);
  const [isShowing, setShowing] = useState(false);
  function show(used: EmergencyUse): void {
    setShown(used);
    setShowing(true);
  }

  return (
    <Admin title={t("emergencies.title")} current="emergency" role={me.role} onHome={actions.goHome}>
      <p className={styles.soft}>{t("emergencies.text")}</p>
      <div role="alert" className={people.alert}>
        {failure !== null && <Notice tone="danger">{failure}</Notice>}
        {list !== null && list.overdue > 0 && <Notice tone="danger">{counted("emergencies.overdue", list.overdue)}</Notice>}
      </div>
      {list === null && failure === null && <p role="status">{t("app.loading")}</p>}
      {list !== null && <Drill drills={list.drill} />}
      {list?.uses.length === 0 && <p className={styles.soft}>{t("emergencies.none")}</p>}
      {list !== null && list.uses.length > 0 && <EmergenciesTable uses={list.uses} onShow={show} />}
      {sealed}
      <Sheet title={t("emergencies.sheet.title", { name: shown === null ? "" : takerOf(shown) })} closeLabel={t("app.close")} isOpen={isShowing} onClose={() => setShowing(false)}>
        {shown !== null && <ReviewSheet key={shown.id} used={shown} isOwn={shown.account === me.account} actions={actions} onClose={() => setShowing(false)} />}
      </Sheet>
    </Admin>
  );
}

/** Whether the operator has proved lately that it works. */
function Drill({ drills: { last, overdue } }: { drills: EmergencyDrills }): JSX.Element {
  const known = last ?? null;
  return (
    <Notice tone={overdue ? "warning" : "good"}>
      {known === null && t("emergencies.drill.none")}
      {known !== null && (known.passed ? t("emergencies.drill.passed", { day: formatDay(known.at) }) : t("emergencies.drill.failed", { day: formatDay(known.at) }))}
    </Notice>
  );
}
