import { type JSX, useEffect, useState } from "react";

import type { KeptExport, Me } from "../../../api/wire.ts";
import type { World } from "../../../call/world.ts";
import { formatDay, t } from "../../../i18n.ts";
import { failureText } from "../../failure.ts";
import policy from "../Policy.module.css";
import { useExpiring } from "../use-expiring.ts";
import styles from "./Evidence.module.css";
import { EvidenceFrame } from "./EvidenceFrame.tsx";

interface ExportsPageProps {
  world: Pick<World, "api">;
  me: Me;
  onHome: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

/** What was taken out, as it was issued. */
export function ExportsPage({ world: { api }, me, onHome, onExpired }: ExportsPageProps): JSX.Element {
  const ask = useExpiring(onExpired);
  const [exports, setExports] = useState<readonly KeptExport[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    ask(api.evidenceExports()).then(setExports, (error: unknown) => setFailure(failureText(error)));
  }, [api, ask]);

  return (
    <EvidenceFrame part="exports" role={me.role} failure={failure} isLoading={exports === null} onHome={onHome}>
      {exports?.length === 0 && <p className={policy.soft}>{t("exports.none")}</p>}
      <ul className={policy.list}>
        {(exports ?? []).map((one) => (
          <li key={one.id} className={styles.row}>
            <h2>{t("exports.name", { day: formatDay(one.at) })}</h2>
            <p className={styles.small}>{t("exports.by", { name: one.made_by_name, day: formatDay(one.made_at) })}</p>
            <p className={styles.hash}>{t("agreements.hash", { hash: one.sha256 })}</p>
            <div>
              <a className={styles.download} href={`/api/v1/evidence/exports/${one.id}`} download="evidence.note" aria-label={t("exports.take.name", { day: formatDay(one.made_at) })}>
                {t("exports.take")}
              </a>
            </div>
          </li>
        ))}
      </ul>
    </EvidenceFrame>
  );
}
