import { ArrowLeft } from "lucide-react";
import { type JSX, useState } from "react";

import type { Attendee, MeetingSessionDetail, Moment, ParticipantQuality } from "../../../api/wire.ts";
import { formatDay, formatTime, isTextKey, t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { failureText } from "../../failure.ts";
import { formatCount } from "../amounts.ts";
import { eventText } from "../audit/entry-text.ts";
import { Flow } from "../Flow.tsx";
import people from "../people/People.module.css";
import policy from "../Policy.module.css";
import { Wide } from "../Wide.tsx";
import { Streams } from "./Streams.tsx";
import styles from "./Sessions.module.css";
import { lengthOf } from "./SessionsTable.tsx";

interface SessionDetailProps {
  /** `null` while it loads. */
  detail: MeetingSessionDetail | null;
  isFailed: boolean;
  /** They may read the entries themselves. */
  readsAudit: boolean;
  onBack: () => void;
  /** Rejects with a `Problem`. */
  onQuality: (participant: string) => Promise<ParticipantQuality>;
}

/** Somebody by name, or the how-manieth guest they are. */
interface Named {
  person: Attendee;
  name: string;
}

/** One meeting: who was in, what happened, how everybody's media did. */
export function SessionDetail({ detail, isFailed, readsAudit, onBack, onQuality }: SessionDetailProps): JSX.Element {
  return (
    <>
      <div className={policy.actions}>
        <Button icon={<ArrowLeft aria-hidden />} onPress={onBack}>
          {t("sessions.back")}
        </Button>
      </div>
      {detail === null && !isFailed && <p role="status">{t("app.loading")}</p>}
      {detail !== null && <Shown detail={detail} readsAudit={readsAudit} onQuality={onQuality} />}
    </>
  );
}

function Shown({ detail, readsAudit, onQuality }: { detail: MeetingSessionDetail } & Pick<SessionDetailProps, "readsAudit" | "onQuality">): JSX.Element {
  const { session, timeline, timeline_is_cut: isCut } = detail;
  const [opened, setOpened] = useState<{ name: string; quality: ParticipantQuality } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const inside = named(detail.people);
  const names = new Map(inside.map(({ person, name }) => [person.participant, name]));

  async function open({ person, name }: Named): Promise<void> {
    try {
      setOpened({ name, quality: await onQuality(person.participant) });
      setFailure(null);
    } catch (error) {
      setFailure(failureText(error));
    }
  }
  return (
    <>
      <h2>{t("sessions.of", { host: session.host_name, day: formatDay(session.started_at) })}</h2>
      <p className={policy.soft}>
        {session.is_support && `${t("sessions.isSupport")} · `}
        {t(`sessions.outcome.${session.outcome}`)}
        {session.outcome !== "live" && `, ${lengthOf(session)}`}
      </p>
      <h3>{t("sessions.who")}</h3>
      <Wide label={t("sessions.who")}>
        <thead>
          <tr>
            {(["name", "role", "time", "device", "sent", "received", "streams"] as const).map((column) => (
              <th key={column} scope="col">
                {t(`sessions.person.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {inside.map((one) => (
            <Person key={one.person.participant} {...one} onOpen={() => void open(one)} />
          ))}
        </tbody>
      </Wide>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      {opened !== null && <Streams name={opened.name} quality={opened.quality} />}
      <h3>{t("sessions.timeline")}</h3>
      <ol className={styles.timeline}>
        {timeline.map((moment, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- the same may happen twice at one moment
          <li key={`${moment.at} ${at}`}>
            <span className={styles.time}>{formatTime(Date.parse(moment.at))}</span>
            <span className={styles.what} dir="auto">
              {told(moment, names)}
            </span>
            {readsAudit && (
              <a className={styles.entry} href={`/admin/audit?entry=${moment.entry}`} aria-label={t("sessions.entry.name", { what: told(moment, names), time: formatTime(Date.parse(moment.at)) })}>
                {t("sessions.entry")}
              </a>
            )}
          </li>
        ))}
      </ol>
      {isCut && <p className={policy.soft}>{t("sessions.cut")}</p>}
    </>
  );
}

function Person({ person, name, onOpen }: Named & { onOpen: () => void }): JSX.Element {
  const { admitted_at: from, left_at: to, client } = person;
  return (
    <tr>
      <td className={people.name}>
        <span dir="auto">{name}</span>
      </td>
      <td>{t(`live.role.${person.role}`)}</td>
      <td className={people.day}>
        {formatTime(Date.parse(from))} – {to === undefined || to === null ? t("sessions.inside") : formatTime(Date.parse(to))}
      </td>
      <td>{client === undefined || client === null ? "–" : t(`sessions.device.${client}`)}</td>
      <td>
        <Flow flow={person.sent} />
      </td>
      <td>
        <Flow flow={person.received} />
      </td>
      <td className={people.actions}>
        <Button variant="quiet" aria-label={t("sessions.streams.name", { name })} onPress={onOpen}>
          {t("sessions.streams")}
        </Button>
      </td>
    </tr>
  );
}

function named(all: readonly Attendee[]): readonly Named[] {
  let guests = 0;
  return all.map((person) => ({ person, name: person.name ?? t("live.guest", { number: formatCount((guests += 1)) }) }));
}

/** Of what happens in meetings there are words of its own, which say whom it befell. */
function told(moment: Moment, names: ReadonlyMap<string, string>): string {
  const key = `event.${moment.event}`;
  const what = isTextKey(key) ? t(key as "event.meeting.start") : eventText(moment.event);
  const whom = names.get(moment.participant ?? "");
  const by = moment.by_account ?? names.get(moment.by_participant ?? "");
  const parts = [what, whom, by !== undefined && by !== whom ? t("sessions.by", { name: by }) : undefined];
  const refused = moment.outcome === "done" ? undefined : t("sessions.notDone");
  return [...parts, refused].filter((part) => part !== undefined).join(" · ");
}
