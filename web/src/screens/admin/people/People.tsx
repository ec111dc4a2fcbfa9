import { UserPlus } from "lucide-react";
import { type JSX, useRef, useState } from "react";

import type { PersonChange } from "../../../api/people.ts";
import type { AccountRole, Invite, InvitedPerson, Me, People as PeopleList, Person } from "../../../api/wire.ts";
import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { useAction } from "../../use-action.ts";
import { Admin } from "../Admin.tsx";
import { rolesBelow } from "../may.ts";
import { ChangeSheet } from "./ChangeSheet.tsx";
import { InviteSheet } from "./InviteSheet.tsx";
import styles from "./People.module.css";
import { type Asked, PeopleTable } from "./PeopleTable.tsx";
import { RoleSheet } from "./RoleSheet.tsx";

export interface PeopleActions {
  /** Resolves to the link where the server sends no mail. Rejects with a `Problem`, as all do. */
  invite(body: Invite): Promise<string | null>;
  withdraw(invitation: InvitedPerson): Promise<void>;
  change(person: Person, what: PersonChange): Promise<void>;
  changeRole(person: Person, role: AccountRole): Promise<void>;
  /** Resolves to whether the text is in the clipboard. */
  copy(text: string): Promise<boolean>;
  goHome(): void;
}

interface PeopleProps {
  me: Me;
  /** `null` while they load. */
  people: PeopleList | null;
  failure: string | null;
  actions: PeopleActions;
}

/** Everybody who has an account or an invitation, and what can be made of them. */
export function People({ me, people, failure, actions }: PeopleProps): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const [isInviting, setInviting] = useState(false);
  /** Stays while its sheet fades out. */
  const [asked, setAsked] = useState<Asked | null>(null);
  const [isAsking, setAsking] = useState(false);
  const roles = rolesBelow(me.role);
  const now = useAction(({ about, what }: Asked) => {
    if (about.kind === "invited") return actions.withdraw(about.invitation);
    return what === "role" || what === "withdraw" ? Promise.resolve() : actions.change(about.person, what);
  });

  function ask(act: Asked): void {
    // What gives somebody their rights can be taken back; all else says first what follows.
    if (act.what === "approve" || act.what === "restore" || act.what === "unlock") {
      now.run(act);
    } else {
      setAsked(act);
      setAsking(true);
    }
  }
  const changed = asked !== null && asked.about.kind === "person" && asked.what === "role" ? asked.about.person : null;

  return (
    <Admin title={t("people.title")} current="people" role={me.role} onHome={actions.goHome}>
      {roles.length > 0 && (
        <div className={styles.first}>
          <Button variant="primary" icon={<UserPlus aria-hidden />} onPress={() => setInviting(true)}>
            {t("people.invite")}
          </Button>
        </div>
      )}
      <div role="alert" className={styles.alert}>
        {failure !== null && <Notice tone="danger">{failure}</Notice>}
        {now.failure !== null && <Notice tone="danger">{now.failure}</Notice>}
      </div>
      {people === null ? <p role="status">{t("app.loading")}</p> : null}
      <div ref={list} tabIndex={-1}>
        {people !== null && <PeopleTable me={me} people={people} roles={roles} onAsk={ask} />}
      </div>
      <InviteSheet isOpen={isInviting} roles={roles} onClose={() => setInviting(false)} onInvite={actions.invite} onCopy={actions.copy} />
      <RoleSheet
        person={changed}
        roles={roles}
        isOpen={isAsking && changed !== null}
        onClose={() => setAsking(false)}
        onChange={actions.changeRole}
      />
      <ChangeSheet asked={changed === null ? asked : null} isOpen={isAsking && changed === null} onClose={() => setAsking(false)} onGone={() => list.current?.focus()} actions={actions} />
    </Admin>
  );
}
