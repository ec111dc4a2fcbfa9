import { type JSX, useCallback, useEffect, useState } from "react";

import type { Evidence, Me } from "../../../api/wire.ts";
import type { World } from "../../../call/world.ts";
import { t } from "../../../i18n.ts";
import { useAnnouncer } from "../../../ui/announcer.tsx";
import { failureText } from "../../failure.ts";
import { useStepUp } from "../../security/use-step-up.tsx";
import { decidesEvidence, mayReadAudit } from "../may.ts";
import { useExpiring } from "../use-expiring.ts";
import { EvidenceFrame } from "./EvidenceFrame.tsx";
import { Matrix } from "./Matrix.tsx";
import { Promises } from "./Promises.tsx";

interface EvidencePageProps {
  world: Pick<World, "api" | "journey" | "save">;
  me: Me;
  part: "evidence" | "promises";
  onHome: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

/** A safeguard that is turned off shows well within a minute. */
const REFRESH_MS = 5_000;

/** Joins the matrix, and the page of where promises end, to the server. Their asking keeps no session open. */
export function EvidencePage({ world, me, part, onHome, onExpired }: EvidencePageProps): JSX.Element {
  const { api } = world;
  const ask = useExpiring(onExpired);
  const { say } = useAnnouncer();
  const { sensitive, dialog } = useStepUp(world);
  const [evidence, setEvidence] = useState<Evidence | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [day, setDay] = useState("");

  const refresh = useCallback(async () => {
    try {
      setEvidence(await ask(api.evidence(day === "" ? null : endOf(day))));
      setFailure(null);
    } catch (error) {
      setFailure(failureText(error));
    }
  }, [api, ask, day]);
  useEffect(() => {
    void refresh();
    const timer = setInterval(() => void refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [refresh]);

  const shared = {
    mayDecide: decidesEvidence(me.role),
    onDecide: async (...[subject, body]: Parameters<typeof api.decide>) => {
      await ask(sensitive(() => api.decide(subject, body)));
      say(t("evidence.signed"));
      await refresh();
    },
  };
  async function take(format: "pdf" | "json", at: string | null): Promise<void> {
    const file = await ask(sensitive(() => api.exportEvidence(format, at)));
    world.save(`evidence.${format}`, `application/${format}`, file);
    say(t("evidence.taken"));
  }
  return (
    <EvidenceFrame part={part} role={me.role} failure={failure} isLoading={evidence === null} onHome={onHome}>
      {evidence !== null && part === "evidence" && <Matrix evidence={evidence} mayReadAudit={mayReadAudit(me.role)} day={day} onDay={setDay} onTake={take} {...shared} />}
      {evidence !== null && part === "promises" && <Promises evidence={evidence} {...shared} />}
      {dialog}
    </EvidenceFrame>
  );
}

/** The last moment of a day where the reader is. */
function endOf(day: string): string {
  const end = new Date(`${day}T23:59:59.999`);
  return Number.isNaN(end.getTime()) ? new Date().toISOString() : end.toISOString();
}
