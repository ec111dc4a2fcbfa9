import { type JSX, useRef, useState } from "react";

import type { LiveMeeting, LivePerson, MediaFlow } from "../../../api/wire.ts";
import { formatDay, t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../../ui/Sheet.tsx";
import { useAction } from "../../use-action.ts";
import { Flow } from "../Flow.tsx";
import styles from "./LiveMeetings.module.css";

interface LivePeopleProps {
  meeting: LiveMeeting;
  /** Longest there first; `null` while they load. */
  people: readonly LivePerson[] | null;
  onExpel: (participant: string, name: string) => Promise<void>;
}

interface Asked {
  participant: string;
  name: string;
}

/** Who is in one meeting. Guests have a number, no name: it may be a patient's. */
export function LivePeople({ meeting: { host }, people, onExpel }: LivePeopleProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [isAsking, setAsking] = useState(false);
  const expel = useAction(async () => {
    if (asked === null) return;
    await onExpel(asked.participant, asked.name);
    setAsking(false);
    heading.current?.focus();
  });
  function ask(about: Asked): void {
    expel.forget();
    setAsked(about);
    setAsking(true);
  }

  return (
    <section className={styles.people}>
      <h2 ref={heading} tabIndex={-1}>
        {t("live.inside", { host })}
      </h2>
      <ul className={styles.list}>
        {named(people ?? []).map(({ person, name }) => (
          <li key={person.participant} className={styles.person}>
            <span dir="auto">{name}</span>
            <span className={styles.soft}>{t(`live.role.${person.role}`)}</span>
            <span className={styles.soft}>{person.connected ? formatDay(person.admitted_at) : t("live.away")}</span>
            {person.by_emergency === true && <strong>{t("emergency.mark")}</strong>}
            {person.role !== "host" && (
              <Button aria-label={t("live.expel.name", { name })} onPress={() => ask({ participant: person.participant, name })}>
                {t("live.expel")}
              </Button>
            )}
            <div className={styles.quality}>
              <Quality of="sent" flow={person.sent} />
              <Quality of="received" flow={person.received} />
            </div>
          </li>
        ))}
      </ul>
      <Sheet title={t("live.expel.title", { name: asked?.name ?? "" })} closeLabel={t("app.close")} isOpen={isAsking} onClose={() => setAsking(false)} isAlert>
        <p>{t("live.expel.text")}</p>
        <div role="alert">{expel.failure !== null && <Notice tone="danger">{expel.failure}</Notice>}</div>
        <SheetActions>
          <Button onPress={() => setAsking(false)}>{t("app.cancel")}</Button>
          <Button variant="danger" onPress={() => expel.run()} isBusy={expel.isRunning}>
            {t("live.expel")}
          </Button>
        </SheetActions>
      </Sheet>
    </section>
  );
}

/** Of this minute and the one before. */
function Quality({ of, flow }: { of: "sent" | "received"; flow: MediaFlow | null | undefined }): JSX.Element | null {
  if (flow === undefined || flow === null) return null;
  return (
    <span>
      {t(`live.quality.${of}`)}: <Flow flow={flow} />
    </span>
  );
}

/** By their account's name, or the how-manieth guest they are. */
function named(people: readonly LivePerson[]): readonly { person: LivePerson; name: string }[] {
  let guests = 0;
  return people.map((person) => ({ person, name: person.account ?? t("live.guest", { number: (guests += 1) }) }));
}
