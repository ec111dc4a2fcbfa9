import { type JSX, useCallback, useEffect, useState } from "react";

import type { EnterTraining, Me, Person, TrainingList } from "../../../api/wire.ts";
import type { World } from "../../../call/world.ts";
import { addTexts, counted, formatDate, t } from "../../../i18n.ts";
import { sealed } from "../../../locales/sealed.ts";
import { useAnnouncer } from "../../../ui/announcer.tsx";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { Sheet } from "../../../ui/Sheet.tsx";
import { failureText } from "../../failure.ts";
import live from "../live/LiveMeetings.module.css";
import { keepsTraining } from "../may.ts";
import policy from "../Policy.module.css";
import { useExpiring } from "../use-expiring.ts";
import { EvidenceFrame } from "./EvidenceFrame.tsx";
import { TrainingForm } from "./TrainingForm.tsx";
import { Trainings } from "./Trainings.tsx";

addTexts(sealed);

interface TrainingPageProps {
  world: Pick<World, "api">;
  me: Me;
  onHome: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

/** Joins the register of training to the server. */
export function TrainingPage({ world: { api }, me, onHome, onExpired }: TrainingPageProps): JSX.Element {
  const ask = useExpiring(onExpired);
  const { say } = useAnnouncer();
  const [list, setList] = useState<TrainingList | null>(null);
  const [people, setPeople] = useState<readonly Person[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  const [isOpen, setOpen] = useState(false);
  const mayKeep = keepsTraining(me.role);

  const refresh = useCallback(async () => {
    try {
      const [found, { people: all }] = await Promise.all([ask(api.trainings()), ask(api.people())]);
      setList(found);
      setPeople(all.filter((person) => person.state === "active"));
      setFailure(null);
    } catch (error) {
      setFailure(failureText(error));
    }
  }, [api, ask]);
  useEffect(() => void refresh(), [refresh]);

  async function enter(body: EnterTraining): Promise<void> {
    await ask(api.enterTraining(body));
    say(t("training.entered"));
    await refresh();
  }
  async function withdraw(id: string): Promise<void> {
    try {
      await ask(api.withdrawTraining(id));
      say(t("training.withdrawn.say"));
      await refresh();
    } catch (error) {
      setFailure(failureText(error));
    }
  }
  const done = (): void => setOpen(false);
  return (
    <EvidenceFrame part="training" role={me.role} failure={failure} isLoading={list === null} onHome={onHome}>
      {mayKeep && people.length > 0 && (
        <div className={policy.actions}>
          <Button variant="primary" onPress={() => setOpen(true)}>
            {t("training.enter")}
          </Button>
        </div>
      )}
      {list !== null && list.people_overdue > 0 && (
        <>
          <Notice tone="danger">{counted("training.overdue", list.people_overdue)}</Notice>
          <ul className={policy.bullets} aria-label={t("training.overdue.list")}>
            {list.overdue.map(({ account, display_name: name, good_until: until }) => (
              <li key={account}>
                <span dir="auto">
                  {until === undefined || until === null ? t("training.overdue.none", { name }) : t("training.overdue.since", { name, day: formatDate(until) })}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {list !== null && list.trainings.length > 0 && <Trainings trainings={list.trainings} className={live.table} onWithdraw={mayKeep ? withdraw : null} />}
      <Sheet title={t("training.enter")} closeLabel={t("app.close")} isOpen={isOpen} onClose={done}>
        <TrainingForm people={people} onClose={done} onEnter={enter} />
      </Sheet>
    </EvidenceFrame>
  );
}
