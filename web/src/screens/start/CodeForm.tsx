import { type FormEvent, type JSX, useState } from "react";

import { groupDigits, type Invitation, readInvitation } from "../../call/invitation.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/TextField.tsx";
import forms from "../forms.module.css";

interface CodeFormProps {
  onInvitation: (invitation: Invitation) => void;
  isPrimary: boolean;
}

/** One field that takes whatever somebody has: a code however typed, a link, a whole message. */
export function CodeForm({ onInvitation, isPrimary }: CodeFormProps): JSX.Element {
  const [text, setText] = useState("");
  const [isChecked, setChecked] = useState(false);
  const invitation = readInvitation(text);

  function change(typed: string): void {
    setChecked(false);
    setText(/^[\d\s-]*$/.test(typed) ? groupDigits(typed) : typed);
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    setChecked(true);
    if (invitation !== null) onInvitation(invitation);
  }

  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <TextField
        label={t("field.code")}
        hint={t("field.code.hint")}
        value={text}
        onChange={change}
        error={isChecked && invitation === null ? t("wrong.code") : null}
        autoComplete="off"
        isCode={text === "" || /^[\d-]+$/.test(text)}
      />
      <Button type="submit" variant={isPrimary ? "primary" : "secondary"} isWide>
        {t("start.join")}
      </Button>
    </form>
  );
}
