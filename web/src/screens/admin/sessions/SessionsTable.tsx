import type { JSX } from "react";
import { Cell, Column, Row, Table, TableBody, TableHeader } from "react-aria-components/Table";

import type { MeetingSession } from "../../../api/wire.ts";
import { formatDay, t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { useAction } from "../../use-action.ts";
import { formatCount, formatLength } from "../amounts.ts";
import people from "../people/People.module.css";
import styles from "../Policy.module.css";

interface SessionsTableProps {
  /** The latest first. */
  sessions: readonly MeetingSession[];
  onOpen: (session: string) => void;
  /** `null` where there are no more. */
  onMore: (() => Promise<void>) | null;
}

const COLUMNS = ["host", "started", "length", "people", "outcome", "actions"] as const;

/** Meetings that go on, and those that took place. */
export function SessionsTable({ sessions, onOpen, onMore }: SessionsTableProps): JSX.Element {
  const { run, isRunning } = useAction(async () => onMore?.());
  if (sessions.length === 0) return <p className={styles.soft}>{t("sessions.none")}</p>;
  return (
    <>
      <Table aria-label={t("sessions.title")} className={people.table ?? ""}>
        <TableHeader>
          {COLUMNS.map((column) => (
            <Column key={column} id={column} isRowHeader={column === "host"}>
              {t(`sessions.column.${column}`)}
            </Column>
          ))}
        </TableHeader>
        <TableBody>
          {sessions.map((session) => (
            <Row key={session.id} id={session.id} textValue={session.host_name} onAction={() => onOpen(session.id)}>
              <Cell className={people.name ?? ""}>
                <span dir="auto">{session.host_name}</span>
                {session.is_support && <span className={people.soft}>{t("sessions.isSupport")}</span>}
              </Cell>
              <Cell className={people.day ?? ""}>{formatDay(session.started_at)}</Cell>
              <Cell>{lengthOf(session)}</Cell>
              <Cell>{t("sessions.people", { people: formatCount(session.people), guests: formatCount(session.guests) })}</Cell>
              <Cell>{t(`sessions.outcome.${session.outcome}`)}</Cell>
              <Cell className={people.actions ?? ""}>
                <Button
                  variant="quiet"
                  aria-label={t("sessions.show.name", { host: session.host_name, day: formatDay(session.started_at) })}
                  onPress={() => onOpen(session.id)}
                >
                  {t("sessions.show")}
                </Button>
              </Cell>
            </Row>
          ))}
        </TableBody>
      </Table>
      {onMore !== null && (
        <div className={styles.actions}>
          <Button isBusy={isRunning} onPress={() => run()}>
            {t("sessions.more")}
          </Button>
        </div>
      )}
    </>
  );
}

/** How long it took; nothing of one that goes on. */
export function lengthOf({ started_at: from, ended_at: to }: MeetingSession): string {
  if (to === undefined || to === null) return "–";
  return formatLength((Date.parse(to) - Date.parse(from)) / 1_000);
}
