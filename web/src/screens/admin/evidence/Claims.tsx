import type { JSX } from "react";

import type { Claim, Decision, Ground, SignOff } from "../../../api/wire.ts";
import { formatDate, formatDay, t } from "../../../i18n.ts";
import styles from "./Evidence.module.css";
import { State } from "./State.tsx";
import { groundText } from "./words.ts";

interface ClaimsProps {
  claims: readonly Claim[];
  /** Of those about what people do. */
  signOffs: readonly SignOff[];
  /** Entries of the audit log are named with a way to them. */
  mayReadAudit: boolean;
}

/** A row's claims: each its sentence while that is proven, what it rests on, and who signed for it. */
export function Claims({ claims, signOffs, mayReadAudit }: ClaimsProps): JSX.Element {
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
          <Signed signed={signOffs.find((one) => one.claim === claim.id)} />
          {claim.grounds.length > 0 && (
            <details>
              <summary>{t("evidence.grounds", { topic: claim.topic })}</summary>
              <ul className={styles.grounds}>
                {claim.grounds.map((ground) => (
                  <li key={`${ground.kind} ${ground.name}`}>
                    {groundText(ground)} {mayReadAudit && <EntryLink ground={ground} />}
                  </li>
                ))}
              </ul>
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Who signed for a claim or decided about a row, when and why; who sees to it, and until when that is good. */
export function Signed({ signed }: { signed: Decision | null | undefined }): JSX.Element | null {
  if (signed === undefined || signed === null) return null;
  const { choice, decided_by_name: name, decided_at: at, reason, owner, due } = signed;
  return (
    <>
      <p className={styles.small} dir="auto">
        {t("evidence.decided", { choice: t(`evidence.choice.${choice}`), name, day: formatDay(at), reason })}
      </p>
      {typeof owner === "string" && (
        <p className={styles.small} dir="auto">
          {t("evidence.owner", { owner })}
        </p>
      )}
      {typeof due === "string" && <p className={styles.small}>{t("evidence.due", { day: formatDate(due) })}</p>}
    </>
  );
}

function EntryLink({ ground }: { ground: Ground }): JSX.Element | null {
  if (ground.entry === undefined || ground.entry === null) return null;
  return (
    <a className={styles.download} href={`/admin/audit?entry=${ground.entry.id}`} aria-label={t("evidence.entry.open.name", { what: groundText(ground) })}>
      {t("evidence.entry.open")}
    </a>
  );
}

function Told({ claim: { sentence, topic, state } }: { claim: Claim }): JSX.Element {
  if (sentence !== undefined && sentence !== null) return <p>{sentence}</p>;
  return <p className={styles.soft}>{t(`evidence.untold.${state}`, { topic })}</p>;
}
