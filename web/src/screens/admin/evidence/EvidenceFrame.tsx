import type { JSX, ReactNode } from "react";

import type { AccountRole } from "../../../api/wire.ts";
import { addTexts, t } from "../../../i18n.ts";
import { evidence } from "../../../locales/evidence.ts";
import { Notice } from "../../../ui/Notice.tsx";
import { Admin } from "../Admin.tsx";
import { keepsComplaints } from "../may.ts";
import policy from "../Policy.module.css";
import styles from "./Evidence.module.css";

type EvidencePart = (typeof PARTS)[number];

addTexts(evidence);

interface EvidenceFrameProps {
  part: EvidencePart;
  role: AccountRole;
  failure: string | null;
  isLoading: boolean;
  onHome: () => void;
  children: ReactNode;
}

const PARTS = ["evidence", "promises", "review", "agreements", "risks", "complaints", "training", "exports"] as const;

/** The frame of the pages about evidence. */
export function EvidenceFrame({ part, role, failure, isLoading, onHome, children }: EvidenceFrameProps): JSX.Element {
  return (
    <Admin title={t(`evidence.part.${part}`)} current="evidence" role={role} onHome={onHome}>
      <nav aria-label={t("evidence.parts")} className={styles.parts}>
        {PARTS.filter((one) => one !== "complaints" || keepsComplaints(role)).map((one) => (
          <a key={one} href={`/admin/${one}`} aria-current={one === part ? "page" : undefined}>
            {t(`evidence.part.${one}`)}
          </a>
        ))}
      </nav>
      <p className={policy.soft}>{t(`evidence.text.${part}`)}</p>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      {isLoading && failure === null && <p role="status">{t("app.loading")}</p>}
      {children}
    </Admin>
  );
}
