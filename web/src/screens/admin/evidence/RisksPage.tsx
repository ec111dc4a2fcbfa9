import { type JSX, useCallback, useEffect, useState } from "react";

import type { AssessRisk, ClaimState, Me, Risk, RiskAssessment, RiskRegister } from "../../../api/wire.ts";
import type { World } from "../../../call/world.ts";
import { counted, formatDate, formatDay, t } from "../../../i18n.ts";
import { useAnnouncer } from "../../../ui/announcer.tsx";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { failureText } from "../../failure.ts";
import { useStepUp } from "../../security/use-step-up.tsx";
import { decidesEvidence } from "../may.ts";
import policy from "../Policy.module.css";
import { useExpiring } from "../use-expiring.ts";
import { AssessSheet } from "./AssessSheet.tsx";
import styles from "./Evidence.module.css";
import { EvidenceFrame } from "./EvidenceFrame.tsx";

interface RisksPageProps {
  world: Pick<World, "api" | "journey">;
  me: Me;
  onHome: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

/** Joins the register of risks to the server. */
export function RisksPage({ world, me, onHome, onExpired }: RisksPageProps): JSX.Element {
  const { api } = world;
  const ask = useExpiring(onExpired);
  const { say } = useAnnouncer();
  const { sensitive, dialog } = useStepUp(world);
  const [register, setRegister] = useState<RiskRegister | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  /** Stays while its sheet fades out. */
  const [about, setAbout] = useState<Risk | null>(null);
  const [isOpen, setOpen] = useState(false);

  const refresh = useCallback(async () => {
    try {
      setRegister(await ask(api.risks()));
      setFailure(null);
    } catch (error) {
      setFailure(failureText(error));
    }
  }, [api, ask]);
  useEffect(() => void refresh(), [refresh]);

  async function assess(risk: string, body: AssessRisk): Promise<void> {
    await ask(sensitive(() => api.assessRisk(risk, body)));
    say(t("evidence.signed"));
    await refresh();
  }
  return (
    <EvidenceFrame part="risks" role={me.role} failure={failure} isLoading={register === null} onHome={onHome}>
      {register !== null && register.open > 0 && <Notice tone="warning">{counted("risks.open", register.open)}</Notice>}
      {(register?.risks ?? []).map((risk) => (
        <RiskRow
          key={risk.id}
          risk={risk}
          mayAssess={decidesEvidence(me.role)}
          onAssess={() => {
            setAbout(risk);
            setOpen(true);
          }}
        />
      ))}
      <AssessSheet key={about?.id ?? ""} risk={about} isOpen={isOpen} onClose={() => setOpen(false)} onAssess={assess} />
      {dialog}
    </EvidenceFrame>
  );
}

interface RiskRowProps {
  risk: Risk;
  mayAssess: boolean;
  onAssess: () => void;
}

function RiskRow({ risk, mayAssess, onAssess }: RiskRowProps): JSX.Element {
  const assessment = risk.assessment ?? null;
  return (
    <section className={styles.row} aria-labelledby={risk.id}>
      <div className={styles.line}>
        <h2 id={risk.id}>{risk.threat}</h2>
        <Standing assessment={assessment} />
      </div>
      <p className={styles.small}>
        {t("risks.of", { asset: risk.asset, affects: risk.affects.map((quality) => t(`risks.affects.${quality}`)).join(", ") })}{" "}
        {t("risks.level", {
          likelihood: t(`risks.level.${risk.likelihood}`),
          impact: t(`risks.level.${risk.impact}`),
          level: t(`risks.level.${risk.level}`),
          residual: t(`risks.level.${risk.residual}`),
        })}
      </p>
      <p>{t("risks.organisation", { text: risk.organisation })}</p>
      <details>
        <summary>{t("risks.claims")}</summary>
        <ul className={policy.bullets}>
          {risk.claims.map((claim) => (
            <li key={claim}>{claim}</li>
          ))}
        </ul>
      </details>
      {assessment !== null && (
        <p className={styles.small} dir="auto">
          {t("risks.assessed", {
            choice: t(`risks.choice.${assessment.choice}`),
            reason: assessment.reason,
            name: assessment.assessed_by_name,
            day: formatDay(assessment.assessed_at),
            next: formatDate(assessment.next_look_at),
          })}
        </p>
      )}
      {mayAssess && (
        <div>
          <Button aria-label={t("risks.assess.name", { threat: risk.threat })} onPress={onAssess}>
            {t("risks.assess")}
          </Button>
        </div>
      )}
    </section>
  );
}

function Standing({ assessment }: { assessment: RiskAssessment | null }): JSX.Element {
  if (assessment === null) return <State state="not_met" text={t("risks.unassessed")} />;
  if (assessment.is_out_of_date) return <State state="stale" text={t("risks.old")} />;
  return <State state="proven" text={t(`risks.choice.${assessment.choice}`)} />;
}

function State({ state, text }: { state: ClaimState; text: string }): JSX.Element {
  return (
    <span className={styles.state} data-state={state}>
      {text}
    </span>
  );
}
