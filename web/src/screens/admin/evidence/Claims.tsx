import type { JSX } from "react";

import type { Claim } from "../../../api/wire.ts";
import { formatDay, t } from "../../../i18n.ts";
import styles from "./Evidence.module.css";
import { State } from "./State.tsx";
import { groundText } from "./words.ts";

/** A row's claims: each its sentence while that is proven, and what it rests on. */
export function Claims({ claims }: { claims: readonly Claim[] }): JSX.Element {
  return (
    <ul className={styles.claims}>
      {claims.map((claim) => (
        <li key={claim.id} className={styles.claim} data-claim={claim.id}>
          <div className={styles.line}>
            <Told claim={claim} />
            <State state={claim.state} />
          </div>
          <p className={styles.small}>
            {t(`evidence.by.${claim.enforced_by}`)}
            {claim.since !== undefined && claim.since !== null && ` · ${t("evidence.since", { day: formatDay(claim.since) })}`}
          </p>
          {claim.grounds.length > 0 && (
            <details>
              <summary>{t("evidence.grounds", { topic: claim.topic })}</summary>
              <ul className={styles.grounds}>
                {claim.grounds.map((ground) => (
                  <li key={`${ground.kind} ${ground.name}`}>{groundText(ground)}</li>
                ))}
              </ul>
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}

function Told({ claim: { sentence, topic, state } }: { claim: Claim }): JSX.Element {
  if (sentence !== undefined && sentence !== null) return <p>{sentence}</p>;
  return <p className={styles.soft}>{t(`evidence.untold.${state}`, { topic })}</p>;
}
