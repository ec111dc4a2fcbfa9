import { House } from "lucide-react";
import type { JSX, ReactNode } from "react";

import type { AccountRole } from "../../api/wire.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Frame } from "../frame/Frame.tsx";
import styles from "./Admin.module.css";
import {
  keepsComputers,
  mayReadAudit,
  maySeePeople,
  maySeePolicy,
  maySupervise,
  playsRecordings,
  reviewsEmergencies,
  seesEvidence,
  seesPrograms,
  seesReports,
} from "./may.ts";

interface AdminProps {
  title: string;
  /** The page that is shown. */
  current: AdminPage;
  /** Of whoever looks at it. */
  role: AccountRole;
  onHome: () => void;
  children: ReactNode;
}

type AdminPage = (typeof PAGES)[number]["page"];

const PAGES = [
  { page: "people", label: "people.title", isFor: maySeePeople },
  { page: "groups", label: "groups.title", isFor: maySeePolicy },
  { page: "policies", label: "policies.title", isFor: maySeePolicy },
  { page: "meetings", label: "live.title", isFor: maySupervise },
  { page: "programs", label: "programs.title", isFor: seesPrograms },
  { page: "computers", label: "computers.title", isFor: keepsComputers },
  { page: "recordings", label: "recordings.title", isFor: playsRecordings },
  { page: "audit", label: "audit.title", isFor: mayReadAudit },
  { page: "sessions", label: "sessions.title", isFor: seesReports },
  { page: "reports", label: "reports.title", isFor: seesReports },
  { page: "anomalies", label: "anomalies.title", isFor: seesReports },
  { page: "evidence", label: "evidence.title", isFor: seesEvidence },
  { page: "emergency", label: "emergencies.title", isFor: reviewsEmergencies },
] as const;

/** The frame of the pages of whoever manages the organisation. */
export function Admin({ title, current, role, onHome, children }: AdminProps): JSX.Element {
  const home = (
    <Button variant="quiet" icon={<House aria-hidden size={18} />} onPress={onHome}>
      {t("app.home")}
    </Button>
  );
  return (
    <Frame title={title} width="wide" aside={home}>
      <nav aria-label={t("admin.title")} className={styles.pages}>
        {PAGES.filter(({ isFor }) => isFor(role)).map(({ page, label }) => (
          <a key={page} href={`/admin/${page}`} aria-current={page === current ? "page" : undefined}>
            {t(label)}
          </a>
        ))}
      </nav>
      {children}
    </Frame>
  );
}
