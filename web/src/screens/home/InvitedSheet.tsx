import { UserMinus, UserPlus } from "lucide-react";
import { type JSX, useEffect, useState } from "react";

import type { Meeting } from "../../api/wire.ts";
import { t } from "../../i18n.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { emailError } from "../fields.ts";
import { failureText } from "../failure.ts";
import forms from "../forms.module.css";
import { useAction } from "../use-action.ts";
import { useChecked } from "../use-checked.ts";
import styles from "./Home.module.css";

export interface InvitedActions {
  /** The addresses on the list. */
  read(meeting: Meeting): Promise<readonly string[]>;
  add(meeting: Meeting, email: string): Promise<void>;
  /** Who is in by it is put out. */
  remove(meeting: Meeting, email: string): Promise<void>;
}

interface InvitedSheetProps {
  meeting: Meeting;
  isOpen: boolean;
  onClose: () => void;
  actions: InvitedActions;
}

/** Whom a meeting's host has named, to be changed at any time. */
export function InvitedSheet({ meeting, isOpen, onClose, actions }: InvitedSheetProps): JSX.Element {
  return (
    <Sheet title={t("invited.list.title")} closeLabel={t("app.close")} isOpen={isOpen} onClose={onClose}>
      <InvitedList meeting={meeting} actions={actions} />
    </Sheet>
  );
}

function InvitedList({ meeting, actions }: Pick<InvitedSheetProps, "meeting" | "actions">): JSX.Element {
  const [list, setList] = useState<readonly string[] | null>(null);
  const [listFailure, setListFailure] = useState<string | null>(null);
  const [email, setEmail] = useState("");
  const [isChanged, setChanged] = useState(0);

  useEffect(() => {
    let isHere = true;
    actions.read(meeting).then(
      (found) => isHere && setList(found),
      (error: unknown) => isHere && setListFailure(failureText(error)),
    );
    return () => {
      isHere = false;
    };
    // oxlint-disable-next-line react/exhaustive-deps -- the actions are made anew with each look at the list of meetings
  }, [meeting.id, isChanged]);

  const add = useAction(async () => {
    await actions.add(meeting, email.trim());
    setEmail("");
    reset();
    setChanged((times) => times + 1);
  });
  const remove = useAction(async (address: string) => {
    await actions.remove(meeting, address);
    setChanged((times) => times + 1);
  });
  const { isChecked, submit, reset } = useChecked([emailError(email)], add.run);
  const failure = listFailure ?? add.failure ?? remove.failure;

  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <p>{t("invited.list.text")}</p>
      {list?.length === 0 && <p>{t("invited.list.none")}</p>}
      <ul className={styles.addresses}>
        {(list ?? []).map((address) => (
          <li key={address} className={styles.address}>
            <span>{address}</span>
            <IconButton label={t("invited.list.remove", { email: address })} icon={<UserMinus aria-hidden />} onPress={() => remove.run(address)} />
          </li>
        ))}
      </ul>
      <TextField label={t("field.email")} type="email" value={email} onChange={setEmail} error={isChecked ? emailError(email) : null} autoComplete="off" />
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <Button type="submit" icon={<UserPlus aria-hidden size={18} />} isBusy={add.isRunning}>
        {t("invited.list.add")}
      </Button>
    </form>
  );
}
