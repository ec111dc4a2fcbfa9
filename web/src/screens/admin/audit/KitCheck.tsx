import { FileCheck } from "lucide-react";
import { type JSX, useState } from "react";
import { FileTrigger } from "react-aria-components/FileTrigger";

import { refusalOf, type VerifiedKit } from "../../../audit/verifier.ts";
import { counted, t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { failureText } from "../../failure.ts";
import styles from "./Audit.module.css";

/** A kit that was derived again. */
export interface CheckedKit {
  kit: VerifiedKit;
  /** Whether the log went through it as this browser remembers the log. */
  isRemembered: boolean;
}

type Outcome = ({ is: "verified" } & CheckedKit) | { is: "refused"; why: string };

/** Derives a kit again that somebody has on their disk, without sending it anywhere. */
export function KitCheck({ onCheck }: { onCheck: (file: File) => Promise<CheckedKit> }): JSX.Element {
  const [isRunning, setRunning] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);

  async function check(file: File): Promise<void> {
    setRunning(true);
    setOutcome(null);
    try {
      setOutcome({ is: "verified", ...(await onCheck(file)) });
    } catch (error) {
      setOutcome({ is: "refused", why: refusalOf(error) === "kit" && error instanceof Error ? error.message : failureText(error) });
    } finally {
      setRunning(false);
    }
  }
  return (
    <>
      <FileTrigger
        acceptedFileTypes={["application/zip", ".zip"]}
        onSelect={(files) => {
          const file = files?.[0];
          if (file !== undefined) void check(file);
        }}
      >
        <Button icon={<FileCheck aria-hidden />} isBusy={isRunning}>
          {t("audit.kit.check")}
        </Button>
      </FileTrigger>
      <div role="status" className={styles.outcomeOfKit}>
        {outcome?.is === "verified" && outcome.isRemembered && (
          <Notice tone="good">
            <span>{counted("audit.kit.verified", outcome.kit.size - outcome.kit.first)}</span>
            <span>{counted("audit.kit.checkpoints", outcome.kit.checkpoints)}</span>
            <span>{t("audit.kit.remembered")}</span>
            {outcome.kit.first > 0 && <span>{t("audit.kit.part", { number: outcome.kit.first })}</span>}
          </Notice>
        )}
      </div>
      <div role="alert" className={styles.outcomeOfKit}>
        {outcome?.is === "verified" && !outcome.isRemembered && (
          <Notice tone="danger">
            <strong>{t("audit.forked.title")}</strong>
            <span>{t("audit.kit.forked")}</span>
          </Notice>
        )}
        {outcome?.is === "refused" && (
          <Notice tone="danger">
            <strong>{t("audit.kit.refused")}</strong>
            <span>{outcome.why}</span>
          </Notice>
        )}
      </div>
    </>
  );
}
