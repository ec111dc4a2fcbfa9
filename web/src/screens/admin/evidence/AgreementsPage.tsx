import { type JSX, useCallback, useEffect, useState } from "react";

import type { Agreement, AgreementList, AgreementVersion, KeepAgreement, Me } from "../../../api/wire.ts";
import type { World } from "../../../call/world.ts";
import { formatDate, formatDay, t } from "../../../i18n.ts";
import { useAnnouncer } from "../../../ui/announcer.tsx";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { failureText } from "../../failure.ts";
import { useStepUp } from "../../security/use-step-up.tsx";
import { decidesEvidence } from "../may.ts";
import policy from "../Policy.module.css";
import { useExpiring } from "../use-expiring.ts";
import { AgreementSheet } from "./AgreementSheet.tsx";
import styles from "./Evidence.module.css";
import { EvidenceFrame } from "./EvidenceFrame.tsx";

interface AgreementsPageProps {
  world: Pick<World, "api" | "journey">;
  me: Me;
  onHome: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

/** Joins the register of agreements to the server. */
export function AgreementsPage({ world, me, onHome, onExpired }: AgreementsPageProps): JSX.Element {
  const { api } = world;
  const ask = useExpiring(onExpired);
  const { say } = useAnnouncer();
  const { sensitive, dialog } = useStepUp(world);
  const [list, setList] = useState<AgreementList | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  /** Stays while its sheet fades out; `null` for one that is entered anew. */
  const [changed, setChanged] = useState<Agreement | null>(null);
  const [isOpen, setOpen] = useState(false);
  const mayKeep = decidesEvidence(me.role);

  const refresh = useCallback(async () => {
    try {
      setList(await ask(api.agreements()));
      setFailure(null);
    } catch (error) {
      setFailure(failureText(error));
    }
  }, [api, ask]);
  useEffect(() => void refresh(), [refresh]);

  function open(agreement: Agreement | null): void {
    setChanged(agreement);
    setOpen(true);
  }
  async function keep(body: KeepAgreement): Promise<void> {
    await ask(sensitive(() => (changed === null ? api.addAgreement(body) : api.changeAgreement(changed.id, body))));
    say(t("agreements.kept"));
    await refresh();
  }
  return (
    <EvidenceFrame part="agreements" role={me.role} failure={failure} isLoading={list === null} onHome={onHome}>
      {mayKeep && (
        <div className={policy.actions}>
          <Button variant="primary" onPress={() => open(null)}>
            {t("agreements.add")}
          </Button>
        </div>
      )}
      {list?.is_missing === true && <Notice tone="warning">{t("evidence.agreementMissing")}</Notice>}
      <p>
        <a className={styles.download} href="/api/v1/agreements/template" download="business-associate-agreement.md">
          {t("agreements.template")}
        </a>
      </p>
      {list?.agreements.length === 0 && <p className={policy.soft}>{t("agreements.none")}</p>}
      <ul className={policy.list}>
        {(list?.agreements ?? []).map((agreement) => (
          <li key={agreement.id} className={styles.row}>
            <div className={styles.line}>
              <h2 dir="auto">{agreement.party}</h2>
              <span className={styles.state} data-state={agreement.is_in_force ? "proven" : "stale"}>
                {t(agreement.is_in_force ? "agreements.inForce" : `agreements.state.${agreement.state}`)}
              </span>
            </div>
            <p className={styles.small}>{datesText(agreement)}</p>
            {agreement.document !== undefined && agreement.document !== null && <p className={styles.hash}>{t("agreements.hash", { hash: agreement.document })}</p>}
            <History agreement={agreement} />
            {mayKeep && (
              <div>
                <Button aria-label={t("agreements.change.name", { name: agreement.party })} onPress={() => open(agreement)}>
                  {t("agreements.change")}
                </Button>
              </div>
            )}
          </li>
        ))}
      </ul>
      <AgreementSheet key={changed?.id ?? "new"} agreement={changed} isOpen={isOpen} onClose={() => setOpen(false)} onKeep={keep} />
      {dialog}
    </EvidenceFrame>
  );
}

/** All that the register ever said of it. */
function History({ agreement: { party, versions } }: { agreement: Agreement }): JSX.Element | null {
  if (versions.length < 2) return null;
  return (
    <details>
      <summary>{t("agreements.history", { name: party })}</summary>
      <ul className={styles.grounds}>
        {versions.map((version) => (
          <li key={version.changed_at}>
            <span dir="auto">
              {t("agreements.version", { day: formatDay(version.changed_at), name: version.changed_by_name ?? t("agreements.somebody"), party: version.party, state: t(`agreements.state.${version.state}`) })}{" "}
              {datesText(version)} {version.document !== undefined && version.document !== null && t("agreements.hash", { hash: version.document })}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function datesText({ signed_at: signed, ends_at: ends }: Agreement | AgreementVersion): string {
  const begun = signed === undefined || signed === null ? t("agreements.unsigned") : t("agreements.signedOn", { day: formatDate(signed) });
  return ends === undefined || ends === null ? begun : `${begun} ${t("agreements.endsOn", { day: formatDate(ends) })}`;
}
