import { type JSX, useState } from "react";

import { groupDigits, type Invitation, readInvitation } from "../../call/invitation.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/TextField.tsx";
import forms from "../forms.module.css";
import { useChecked } from "../use-checked.ts";

interface CodeFormProps {
  onInvitation: (invitation: Invitation) => void;
  isPrimary: boolean;
}

/** One field that takes whatever somebody has: a code however typed, a link, a whole message. */
export function CodeForm({ onInvitation, isPrimary }: CodeFormProps): JSX.Element {
  const [text, setText] = useState("");
  const invitation = readInvitation(text);
  const error = invitation === null ? t("wrong.code") : null;
  const { isChecked, submit, reset } = useChecked([error], () => {
    if (invitation !== null) onInvitation(invitation);
  });

  function change(typed: string): void {
    reset();
    setText(/^[\d\s-]*$/.test(typed) ? groupDigits(typed) : typed);
  }

  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <TextField
        label={t("field.code")}
        hint={t("field.code.hint")}
        value={text}
        onChange={change}
        error={isChecked ? error : null}
        autoComplete="off"
        isCode={text === "" || /^[\d-]+$/.test(text)}
      />
      <Button type="submit" variant={isPrimary ? "primary" : "secondary"} isWide>
        {t("start.join")}
      </Button>
    </form>
  );
}
