import { Ban, Check, Ellipsis, KeyRound, LockOpen, RotateCcw, Trash2, UserCog, Undo2 } from "lucide-react";
import type { JSX } from "react";
import { Cell, Column, Row, Table, TableBody, TableHeader } from "react-aria-components/Table";

import type { PersonChange } from "../../../api/people.ts";
import type { AccountRole, InvitedPerson, Me, People, Person } from "../../../api/wire.ts";
import { formatDay, t, type TextKey } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { MenuButton, type MenuEntry } from "../../../ui/MenuButton.tsx";
import { mayReadAudit } from "../may.ts";
import styles from "./People.module.css";

export type About = { kind: "person"; person: Person } | { kind: "invited"; invitation: InvitedPerson };

/** What somebody wants to make of somebody. */
export interface Asked {
  about: About;
  what: PersonChange | "role" | "withdraw";
}

interface PeopleTableProps {
  me: Me;
  people: People;
  /** Of the accounts that are theirs to change. */
  roles: readonly AccountRole[];
  onAsk: (asked: Asked) => void;
}

const COLUMNS = ["name", "role", "state", "actions"] as const;

/** Everybody in one table: who waits comes first, who is invited last. */
export function PeopleTable({ me, people, roles, onAsk }: PeopleTableProps): JSX.Element {
  const waiting = people.people.filter(({ state }) => state === "pending");
  const others = people.people.filter(({ state }) => state !== "pending");
  const rows: About[] = [
    ...[...waiting, ...others].map((person) => ({ kind: "person" as const, person })),
    ...people.invitations.map((invitation) => ({ kind: "invited" as const, invitation })),
  ];
  return (
    <Table aria-label={t("people.title")} className={styles.table ?? ""}>
      <TableHeader>
        {COLUMNS.map((column) => (
          <Column key={column} id={column} isRowHeader={column === "name"}>
            {t(`people.column.${column}`)}
          </Column>
        ))}
      </TableHeader>
      <TableBody>
        {rows.map((about) => (
          <Row key={idOf(about)} id={idOf(about)} textValue={nameOf(about)}>
            <Cell className={styles.name ?? ""}>
              <span>{nameOf(about)}</span>
              {about.kind === "person" && <span className={styles.soft}>{about.person.email}</span>}
            </Cell>
            <Cell>{t(`role.${roleOf(about)}`)}</Cell>
            <Cell>
              <State about={about} />
            </Cell>
            <Cell className={styles.actions ?? ""}>
              {about.kind === "person" && mayReadAudit(me.role) && (
                <a className={styles.link} href={`/admin/people/${about.person.account}`} aria-label={t("people.timeline.name", { name: nameOf(about) })}>
                  {t("people.act.timeline")}
                </a>
              )}
              <Actions me={me} about={about} roles={roles} onAsk={onAsk} />
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

function State({ about }: { about: About }): JSX.Element {
  if (about.kind === "invited") {
    return <span className={styles.soft}>{t("people.invitedUntil", { when: formatDay(about.invitation.expires_at) })}</span>;
  }
  const { state, by_directory: byDirectory, is_locked: isLocked } = about.person;
  return (
    <>
      <span className={styles.state} data-state={state}>
        {t(`people.state.${state}`)}
      </span>
      {byDirectory && <span className={styles.badge}>{t("directory.managed")}</span>}
      {isLocked && <span className={styles.soft}> {t("people.locked.out")}</span>}
    </>
  );
}

function Actions({ me, about, roles, onAsk }: Omit<PeopleTableProps, "people"> & { about: About }): JSX.Element | null {
  const isOwn = about.kind === "person" && about.person.account === me.account;
  if (isOwn) return <span className={styles.soft}>{t("people.you")}</span>;
  if (!roles.includes(roleOf(about))) return null;
  const entries = offers(about, me.role).map(
    ({ what, label, icon }): MenuEntry => ({ id: what, label: t(label), icon, onAction: () => onAsk({ about, what }) }),
  );
  const label = t("people.change", { name: nameOf(about) });
  return (
    <MenuButton
      label={label}
      button={
        <Button variant="quiet" aria-label={label} icon={<Ellipsis aria-hidden />}>
          {t("people.change.short")}
        </Button>
      }
      entries={entries}
    />
  );
}

interface Offer {
  what: Asked["what"];
  label: TextKey & `people.act.${string}`;
  icon: JSX.Element;
}

/** What the state of an account leads to. */
function offers(about: About, by: AccountRole): Offer[] {
  if (about.kind === "invited") return [{ what: "withdraw", label: "people.act.withdraw", icon: <Undo2 aria-hidden /> }];
  const remove: Offer = { what: "remove", label: "people.act.remove", icon: <Trash2 aria-hidden /> };
  const role: Offer = { what: "role", label: "people.act.role", icon: <UserCog aria-hidden /> };
  switch (about.person.state) {
    case "pending":
      return [
        { what: "approve", label: "people.act.approve", icon: <Check aria-hidden /> },
        { what: "remove", label: "people.act.turnAway", icon: <Trash2 aria-hidden /> },
      ];
    case "active": {
      const unlock: Offer = { what: "unlock", label: "people.act.unlock", icon: <LockOpen aria-hidden /> };
      const reset: Offer = { what: "reset-factors", label: "people.act.resetFactors", icon: <KeyRound aria-hidden /> };
      return [...(about.person.is_locked ? [unlock] : []), role, ...(by === "owner" ? [reset] : []), { what: "suspend", label: "people.act.suspend", icon: <Ban aria-hidden /> }, remove];
    }
    case "suspended":
      return [{ what: "restore", label: "people.act.restore", icon: <RotateCcw aria-hidden /> }, role, remove];
    case "removed":
      return [];
  }
}

function idOf(about: About): string {
  return about.kind === "person" ? about.person.account : about.invitation.id;
}

export function nameOf(about: About): string {
  return about.kind === "person" ? about.person.display_name : about.invitation.email;
}

function roleOf(about: About): AccountRole {
  return about.kind === "person" ? about.person.role : about.invitation.role;
}
