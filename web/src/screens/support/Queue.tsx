import { Headset } from "lucide-react";
import { type JSX, useRef, useState } from "react";

import type { HelpRequest } from "../../api/wire.ts";
import { formatTime, t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { useKeptFocus } from "../../ui/use-kept-focus.ts";
import { useAction } from "../use-action.ts";
import { DeclineSheet } from "./DeclineSheet.tsx";
import styles from "./Support.module.css";

/** Somebody who waits, with the number that they see. */
export interface Waiting extends HelpRequest {
  number: string;
  /** The server has listed them with another key, and so with another number. */
  isChanged: boolean;
}

interface QueueProps {
  /** Who asked first is first; `null` while they load. */
  waiting: readonly Waiting[] | null;
  onHelp: (request: Waiting) => Promise<void>;
  onDecline: (request: Waiting) => Promise<void>;
}

/** Who asked for help, for whichever technician takes them, or turns them away. */
export function Queue({ waiting, onHelp, onDecline }: QueueProps): JSX.Element {
  const help = useAction(onHelp);
  /** Stays while its sheet fades out. */
  const [asked, setAsked] = useState<Waiting | null>(null);
  const [isAsking, setAsking] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  // Somebody is taken, or gone, while a technician stands at their button.
  useKeptFocus(list, () => heading.current);

  return (
    <section aria-labelledby="queue" className={styles.main}>
      <h2 id="queue" ref={heading} tabIndex={-1}>
        {t("queue.title")}
      </h2>
      {waiting?.length === 0 && <p className={styles.none}>{t("queue.none")}</p>}
      <div role="alert">{help.failure !== null && <Notice tone="danger">{help.failure}</Notice>}</div>
      {waiting !== null && waiting.length > 0 && (
        <>
          <p className={styles.soft}>{t("queue.compare")}</p>
          <ul ref={list} className={styles.list}>
            {waiting.map((request, at) => (
              <WaitingCard
                key={request.id}
                request={request}
                place={at + 1}
                isBusy={help.isRunning}
                onHelp={() => help.run(request)}
                onDecline={() => {
                  setAsked(request);
                  setAsking(true);
                }}
              />
            ))}
          </ul>
        </>
      )}
      <DeclineSheet request={asked} isOpen={isAsking} heading={heading} onClose={() => setAsking(false)} onDecline={onDecline} />
    </section>
  );
}

interface WaitingCardProps {
  request: Waiting;
  place: number;
  /** Somebody is being taken, so that nobody is turned away meanwhile. */
  isBusy: boolean;
  onHelp: () => void;
  onDecline: () => void;
}

function WaitingCard({ request: { name, matter, asked_at, number, isChanged, is_claimed }, place, isBusy, onHelp, onDecline }: WaitingCardProps): JSX.Element {
  const time = formatTime(Date.parse(asked_at));
  return (
    <li className={styles.card}>
      <div className={styles.facts}>
        <strong>
          {t("queue.place", { place })} <bdi>{name}</bdi>
        </strong>
        {matter !== undefined && matter !== null && <span dir="auto">{matter}</span>}
        <span className={styles.soft}>{t("queue.since", { time })}</span>
        <span className={styles.soft}>{t("queue.number", { number })}</span>
        {isChanged && (
          <div role="alert">
            <Notice tone="danger">{t("queue.changed")}</Notice>
          </div>
        )}
      </div>
      {is_claimed && <span className={styles.soft}>{t("queue.claimed")}</span>}
      {!is_claimed && (
        <div className={styles.acts}>
          {!isChanged && (
            <Button icon={<Headset aria-hidden size={18} />} aria-label={t("queue.help.name", { name, time })} isBusy={isBusy} onPress={onHelp}>
              {t("queue.help")}
            </Button>
          )}
          <Button variant="quiet" aria-label={t("queue.decline.name", { name, time })} isDisabled={isBusy} onPress={onDecline}>
            {t("queue.decline")}
          </Button>
        </div>
      )}
    </li>
  );
}
