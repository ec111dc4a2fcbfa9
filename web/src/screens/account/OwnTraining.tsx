import { type JSX, useCallback, useEffect, useState } from "react";

import type { Training } from "../../api/wire.ts";
import type { World } from "../../call/world.ts";
import { addTexts, formatDate, t } from "../../i18n.ts";
import { sealed } from "../../locales/sealed.ts";
import { useAnnouncer } from "../../ui/announcer.tsx";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { failureText } from "../failure.ts";
import { Card } from "../frame/Frame.tsx";
import styles from "./Account.module.css";

addTexts(sealed);

/** What the register of training says of the account, to which its holder says that it was so. */
export function OwnTraining({ api }: Pick<World, "api">): JSX.Element | null {
  const { say } = useAnnouncer();
  const [trainings, setTrainings] = useState<readonly Training[]>([]);
  const [failure, setFailure] = useState<string | null>(null);

  const refresh = useCallback(async () => setTrainings((await api.ownTrainings()).trainings), [api]);
  useEffect(() => {
    refresh().catch(() => {});
  }, [refresh]);

  async function acknowledge(id: string): Promise<void> {
    try {
      await api.acknowledgeTraining(id);
      await refresh();
      setFailure(null);
      say(t("training.own.say"));
    } catch (error) {
      setFailure(failureText(error));
    }
  }

  if (trainings.length === 0) return null;
  return (
    <Card>
      <section className={styles.page} aria-label={t("training.own")}>
        <h2>{t("training.own")}</h2>
        <p>{t("training.own.text")}</p>
        <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
        <ul>
          {trainings.map((training) => (
            <Line key={training.id} training={training} onAcknowledge={() => void acknowledge(training.id)} />
          ))}
        </ul>
      </section>
    </Card>
  );
}

interface LineProps {
  training: Training;
  onAcknowledge: () => void;
}

function Line({ training, onAcknowledge }: LineProps): JSX.Element {
  const { topic, completed_at: completed, good_until: until, acknowledged_at: acknowledged } = training;
  return (
    <li>
      <p dir="auto">{t("training.own.line", { topic, completed: formatDate(completed), until: formatDate(until) })}</p>
      {acknowledged === undefined || acknowledged === null ? (
        <Button aria-label={t("training.own.acknowledge.name", { topic })} onPress={onAcknowledge}>
          {t("training.own.acknowledge")}
        </Button>
      ) : (
        <p>{t("training.own.acknowledged", { day: formatDate(acknowledged) })}</p>
      )}
    </li>
  );
}
