import { type JSX, useState } from "react";

import type { Group, GroupList, GroupMember, GroupMembers } from "../../../api/wire.ts";
import { counted, t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Choice } from "../../../ui/Choice.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../../ui/Sheet.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { requiredError } from "../../fields.ts";
import { useAction } from "../../use-action.ts";
import { useChecked } from "../../use-checked.ts";
import styles from "../Policy.module.css";

export interface GroupActions {
  open(group: string | null): void;
  /** All reject with a `Problem` where they could not be done. */
  create(name: string): Promise<void>;
  rename(group: string, name: string): Promise<void>;
  remove(group: string): Promise<void>;
  add(group: string, account: string): Promise<void>;
  takeOut(group: string, account: string): Promise<void>;
}

interface GroupsProps {
  lists: GroupList;
  /** The one that is open. */
  shown: GroupMembers | null;
  mayChange: boolean;
  actions: GroupActions;
}

/** All groups, or one of them with its people. */
export function Groups({ lists, shown, mayChange, actions }: GroupsProps): JSX.Element {
  if (shown !== null) return <OneGroup key={shown.group.id} shown={shown} people={lists.people} mayChange={mayChange} actions={actions} />;
  return (
    <>
      {mayChange && <NameForm label={t("groups.create")} initial="" onName={actions.create} />}
      {lists.groups.length === 0 && <p className={styles.soft}>{t("groups.none")}</p>}
      <ul className={styles.list}>
        {lists.groups.map((group) => (
          <Line key={group.id} group={group} onOpen={() => actions.open(group.id)} />
        ))}
      </ul>
    </>
  );
}

function Line({ group: { name, members, by_directory: byDirectory }, onOpen }: { group: Group; onOpen: () => void }): JSX.Element {
  return (
    <li className={styles.line}>
      <strong dir="auto">{name}</strong>
      <span className={styles.soft}>{counted("groups.members", members)}</span>
      {byDirectory && <span className={styles.soft}>{t("directory.managed")}</span>}
      <Button onPress={onOpen}>{t("groups.open", { name })}</Button>
    </li>
  );
}

function NameForm({ label, initial, onName }: { label: string; initial: string; onName: (name: string) => Promise<void> }): JSX.Element {
  const [name, setName] = useState(initial);
  const named = useAction(async () => {
    await onName(name.trim());
    setName(initial === "" ? "" : name.trim());
  });
  const { isChecked, submit } = useChecked([requiredError(name)], named.run);
  return (
    <form className={styles.actions} onSubmit={submit} noValidate>
      <TextField
        label={t("groups.name")}
        value={name}
        onChange={setName}
        error={named.failure ?? (isChecked ? requiredError(name) : null)}
        maxLength={120}
        autoComplete="off"
      />
      <Button type="submit" isBusy={named.isRunning}>
        {label}
      </Button>
    </form>
  );
}

interface OneGroupProps {
  shown: GroupMembers;
  people: readonly GroupMember[];
  mayChange: boolean;
  actions: GroupActions;
}

function OneGroup({ shown: { group, members }, people, mayChange, actions }: OneGroupProps): JSX.Element {
  const [isAsking, setAsking] = useState(false);
  const removal = useAction(() => actions.remove(group.id));
  const takeOut = useAction((account: string) => actions.takeOut(group.id, account));
  // Its people and its name come from elsewhere; here it can only be deleted.
  const isOurs = mayChange && !group.by_directory;
  const others = people.filter(({ account }) => !members.some((member) => member.account === account));

  return (
    <>
      <div className={styles.actions}>
        <Button variant="quiet" onPress={() => actions.open(null)}>
          {t("groups.back")}
        </Button>
      </div>
      <h2 dir="auto">{group.name}</h2>
      {group.by_directory && <Notice tone="info">{t("directory.group")}</Notice>}
      {isOurs && <NameForm label={t("groups.rename")} initial={group.name} onName={(name) => actions.rename(group.id, name)} />}
      {members.length === 0 && <p className={styles.soft}>{t("groups.empty")}</p>}
      <ul className={styles.list}>
        {members.map(({ account, display_name: name }) => (
          <li key={account} className={styles.line}>
            <span dir="auto">{name}</span>
            {isOurs && (
              <Button aria-label={t("groups.remove.name", { name })} isBusy={takeOut.isRunning} onPress={() => takeOut.run(account)}>
                {t("groups.remove")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <div role="alert">{takeOut.failure !== null && <Notice tone="danger">{takeOut.failure}</Notice>}</div>
      {isOurs && others.length > 0 && <AddForm others={others} onAdd={(account) => actions.add(group.id, account)} />}
      {mayChange && (
        <div className={styles.actions}>
          <Button variant="danger" onPress={() => setAsking(true)}>
            {t("groups.delete")}
          </Button>
        </div>
      )}
      <Sheet title={t("groups.delete")} closeLabel={t("app.close")} isOpen={isAsking} onClose={() => setAsking(false)} isAlert>
        <p>{t("groups.delete.sure", { name: group.name })}</p>
        <div role="alert">{removal.failure !== null && <Notice tone="danger">{removal.failure}</Notice>}</div>
        <SheetActions>
          <Button onPress={() => setAsking(false)}>{t("app.cancel")}</Button>
          <Button variant="danger" isBusy={removal.isRunning} onPress={() => removal.run()}>
            {t("groups.delete.yes")}
          </Button>
        </SheetActions>
      </Sheet>
    </>
  );
}

function AddForm({ others, onAdd }: { others: readonly GroupMember[]; onAdd: (account: string) => Promise<void> }): JSX.Element {
  const [account, setAccount] = useState("");
  const add = useAction(async () => {
    await onAdd(account);
    setAccount("");
  });
  const options = others.map(({ account: value, display_name: label }) => ({ value, label }));
  return (
    <div className={styles.actions}>
      <Choice label={t("groups.add")} icon={null} value={account} options={[{ value: "", label: t("groups.add.choose") }, ...options]} onChange={setAccount} />
      <Button isDisabled={account === ""} isBusy={add.isRunning} onPress={() => add.run()}>
        {t("groups.add.yes")}
      </Button>
      <div role="alert">{add.failure !== null && <Notice tone="danger">{add.failure}</Notice>}</div>
    </div>
  );
}
