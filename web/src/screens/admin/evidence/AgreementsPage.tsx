import { type JSX, useCallback, useEffect, useState } from "react";

import type { Agreement, KeepAgreement, Me } from "../../../api/wire.ts";
import type { World } from "../../../call/world.ts";
import { formatDate, t } from "../../../i18n.ts";
import { useAnnouncer } from "../../../ui/announcer.tsx";
import { Button } from "../../../ui/Button.tsx";
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
  const [agreements, setAgreements] = useState<readonly Agreement[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  /** Stays while its sheet fades out; `null` for one that is entered anew. */
  const [changed, setChanged] = useState<Agreement | null>(null);
  const [isOpen, setOpen] = useState(false);
  const mayKeep = decidesEvidence(me.role);

  const refresh = useCallback(async () => {
    try {
      setAgreements(await ask(api.agreements()));
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
    <EvidenceFrame part="agreements" role={me.role} failure={failure} isLoading={agreements === null} onHome={onHome}>
      {mayKeep && (
        <div className={policy.actions}>
          <Button variant="primary" onPress={() => open(null)}>
            {t("agreements.add")}
          </Button>
        </div>
      )}
      {agreements?.length === 0 && <p className={policy.soft}>{t("agreements.none")}</p>}
      <ul className={policy.list}>
        {(agreements ?? []).map((agreement) => (
          <li key={agreement.id} className={styles.row}>
            <div className={styles.line}>
              <h2 dir="auto">{agreement.party}</h2>
              <span className={styles.state} data-state={agreement.is_in_force ? "proven" : "stale"}>
                {t(agreement.is_in_force ? "agreements.inForce" : `agreements.state.${agreement.state}`)}
              </span>
            </div>
            <p className={styles.small}>{datesText(agreement)}</p>
            {agreement.document !== undefined && agreement.document !== null && <p className={styles.hash}>{t("agreements.hash", { hash: agreement.document })}</p>}
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

function datesText({ signed_at: signed, ends_at: ends }: Agreement): string {
  const begun = signed === undefined || signed === null ? t("agreements.unsigned") : t("agreements.signedOn", { day: formatDate(signed) });
  return ends === undefined || ends === null ? begun : `${begun} ${t("agreements.endsOn", { day: formatDate(ends) })}`;
}
