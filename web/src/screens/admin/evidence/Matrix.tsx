import { type JSX, useId, useState } from "react";

import type { Decide, Evidence, Safeguard } from "../../../api/wire.ts";
import { formatDay, t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { useAction } from "../../use-action.ts";
import policy from "../Policy.module.css";
import { Claims, Signed } from "./Claims.tsx";
import { type Decidable, DecideSheet } from "./DecideSheet.tsx";
import styles from "./Evidence.module.css";
import { State } from "./State.tsx";

interface MatrixProps {
  evidence: Evidence;
  mayDecide: boolean;
  mayReadAudit: boolean;
  /** The day in the past that is shown, as `2027-03-03`; empty for this moment. */
  day: string;
  onDay: (day: string) => void;
  onDecide: (subject: string, body: Decide) => Promise<void>;
  /** Gives the person the evidence as a file: of that moment, or as it is. */
  onTake: (format: "pdf" | "json", at: string | null) => Promise<void>;
}

/** The rows of the Security Rule, each with what holds and what shows it. */
export function Matrix({ evidence, mayDecide, mayReadAudit, day, onDay, onDecide, onTake }: MatrixProps): JSX.Element {
  /** Stays while its sheet fades out. */
  const [about, setAbout] = useState<Decidable | null>(null);
  const [isDeciding, setDeciding] = useState(false);
  const taking = useAction(onTake);
  const at = evidence.is_past ? evidence.at : null;

  return (
    <>
      <Notice tone="info">{evidence.certification}</Notice>
      {evidence.agreement_is_missing && <Notice tone="warning">{t("evidence.agreementMissing")}</Notice>}
      <div className={policy.actions}>
        <TextField type="date" label={t("evidence.day")} value={day} onChange={onDay} />
        {day !== "" && <Button onPress={() => onDay("")}>{t("evidence.now")}</Button>}
        <Button isBusy={taking.isRunning} onPress={() => taking.run("pdf", at)}>
          {t("evidence.pdf")}
        </Button>
        <Button isBusy={taking.isRunning} onPress={() => taking.run("json", at)}>
          {t("evidence.json")}
        </Button>
      </div>
      <div role="alert">{taking.failure !== null && <Notice tone="danger">{taking.failure}</Notice>}</div>
      <p>
        <a href="/admin/risks">{t("evidence.risks")}</a>
      </p>
      <Build evidence={evidence} />
      {evidence.safeguards.map((safeguard) => (
        <Row
          key={safeguard.code}
          safeguard={safeguard}
          mayDecide={mayDecide && !evidence.is_past}
          mayReadAudit={mayReadAudit}
          onDecide={() => {
            setAbout({ subject: safeguard.code, name: safeguard.name, isRequired: safeguard.mark === "required", decision: safeguard.decision ?? null });
            setDeciding(true);
          }}
        />
      ))}
      <DecideSheet about={about} isOpen={isDeciding} onClose={() => setDeciding(false)} onDecide={onDecide} />
    </>
  );
}

function Build({ evidence: { build, is_past: isPast, at } }: { evidence: Evidence }): JSX.Element | null {
  if (isPast) return <p className={styles.soft}>{t("evidence.past", { day: formatDay(at) })}</p>;
  if (build === undefined || build === null) return null;
  return (
    <p className={styles.small}>
      {t("evidence.build", { version: build.version, built: build.built, hash: build.sha256.slice(0, 16) })} {t(`evidence.report.${build.tests}`)}
    </p>
  );
}

interface RowProps {
  safeguard: Safeguard;
  mayDecide: boolean;
  mayReadAudit: boolean;
  onDecide: () => void;
}

function Row({ safeguard, mayDecide, mayReadAudit, onDecide }: RowProps): JSX.Element {
  const title = useId();
  const { citation, name, mark, asks, state, claims, decision, sign_offs: signOffs } = safeguard;
  return (
    <section className={styles.row} aria-labelledby={title} data-safeguard={safeguard.code}>
      <div className={styles.line}>
        <h2 id={title}>
          {citation} {name}{" "}
          <abbr className={styles.mark} title={t(`evidence.mark.${mark}.long`)}>
            {t(`evidence.mark.${mark}`)}
          </abbr>
        </h2>
        <State state={state} />
      </div>
      <p className={styles.soft}>{asks}</p>
      <Claims claims={claims} signOffs={signOffs} mayReadAudit={mayReadAudit} />
      <Signed signed={decision} />
      {mark === "addressable" && mayDecide && (
        <div>
          <Button aria-label={t("evidence.decide.name", { name })} onPress={onDecide}>
            {t("evidence.decide")}
          </Button>
        </div>
      )}
    </section>
  );
}
