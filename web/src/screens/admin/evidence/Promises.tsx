import { type JSX, useState } from "react";

import type { Claim, Decide, Evidence } from "../../../api/wire.ts";
import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import policy from "../Policy.module.css";
import { Signed } from "./Claims.tsx";
import { type Decidable, DecideSheet } from "./DecideSheet.tsx";
import styles from "./Evidence.module.css";
import { State } from "./State.tsx";

interface PromisesProps {
  evidence: Evidence;
  mayDecide: boolean;
  onDecide: (subject: string, body: Decide) => Promise<void>;
}

/** What is the organisation's to do, what the server could break, and what nothing here protects from. */
export function Promises({ evidence, mayDecide, onDecide }: PromisesProps): JSX.Element {
  const [about, setAbout] = useState<Decidable | null>(null);
  const [isDeciding, setDeciding] = useState(false);
  const claims = evidence.safeguards.flatMap((row) => row.claims);
  const required = new Set(evidence.safeguards.filter((row) => row.mark === "required").flatMap((row) => row.claims.map((claim) => claim.id)));
  const signOffs = evidence.safeguards.flatMap((row) => row.sign_offs);
  const procedures = claims.filter((claim) => claim.enforced_by === "procedure");

  return (
    <>
      <section className={styles.row} aria-labelledby="yours">
        <h2 id="yours">{t("evidence.yours")}</h2>
        <p className={styles.soft}>{t("evidence.yours.text")}</p>
        <ul className={styles.claims}>
          {procedures.map((claim) => (
            <li key={claim.id} className={styles.claim} data-claim={claim.id}>
              <div className={styles.line}>
                <p>{claim.sentence ?? claim.topic}</p>
                <State state={claim.state} />
              </div>
              <Signed signed={signOffs.find((one) => one.claim === claim.id)} />
              {mayDecide && isSigned(claim) && (
                <div>
                  <Button
                    aria-label={t("evidence.sign.name", { name: claim.topic })}
                    onPress={() => {
                      setAbout({ subject: claim.id, name: claim.topic, isRequired: required.has(claim.id), decision: null });
                      setDeciding(true);
                    }}
                  >
                    {t("evidence.sign")}
                  </Button>
                </div>
              )}
            </li>
          ))}
        </ul>
      </section>
      <section className={styles.row} aria-labelledby="whose">
        <h2 id="whose">{t("evidence.whose")}</h2>
        {(["crypto", "client", "server"] as const).map((by) => (
          <details key={by}>
            <summary>{t(`evidence.whose.${by}`)}</summary>
            <ul className={policy.bullets}>
              {claims
                .filter((claim) => claim.enforced_by === by)
                .map((claim) => (
                  <li key={claim.id}>
                    {claim.topic} <State state={claim.state} />
                  </li>
                ))}
            </ul>
          </details>
        ))}
      </section>
      <section className={styles.row} aria-labelledby="limits">
        <h2 id="limits">{t("evidence.limits")}</h2>
        <dl className={styles.limits}>
          {evidence.limits.map(({ title, text }) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      </section>
      <DecideSheet about={about} isOpen={isDeciding} onClose={() => setDeciding(false)} onDecide={onDecide} />
    </>
  );
}

/** Others are read off registers that the organisation keeps here. */
function isSigned(claim: Claim): boolean {
  return claim.grounds.some((ground) => ground.kind === "sign_off");
}
