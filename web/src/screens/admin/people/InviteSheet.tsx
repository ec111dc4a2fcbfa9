import { Mail, ShieldUser } from "lucide-react";
import { type JSX, useState } from "react";

import type { AccountRole, Invite } from "../../../api/wire.ts";
import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Choice } from "../../../ui/Choice.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../../ui/Sheet.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { emailError } from "../../fields.ts";
import forms from "../../forms.module.css";
import { useAction } from "../../use-action.ts";
import { useChecked } from "../../use-checked.ts";
import styles from "./People.module.css";

interface InviteSheetProps {
  isOpen: boolean;
  roles: readonly AccountRole[];
  onClose: () => void;
  /** Resolves to the link where the server sends no mail. */
  onInvite: (body: Invite) => Promise<string | null>;
  onCopy: (text: string) => Promise<boolean>;
}

/** Asks whom to invite, and then either says that the mail is on its way, or shows the link this once. */
export function InviteSheet({ isOpen, onClose, ...rest }: InviteSheetProps): JSX.Element {
  return (
    <Sheet title={t("inviting.title")} closeLabel={t("app.close")} isOpen={isOpen} onClose={onClose}>
      <InviteForm onClose={onClose} {...rest} />
    </Sheet>
  );
}

function InviteForm({ roles, onClose, onInvite, onCopy }: Omit<InviteSheetProps, "isOpen">): JSX.Element {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<AccountRole>("member");
  const [sent, setSent] = useState<{ to: string; link: string | null } | null>(null);
  const { isRunning, failure, run } = useAction(async () => {
    const to = email.trim();
    setSent({ to, link: await onInvite({ email: to, role }) });
  });
  const { isChecked, submit } = useChecked([emailError(email)], run);
  const [isCopied, setCopied] = useState<boolean | null>(null);

  return (
    <>
      {/* Mounted over both: what comes into it is read out. */}
      <div role="status">
        {sent !== null && <SentNotice {...sent} />}
        {isCopied !== null && <p>{t(isCopied ? "inviting.copied" : "inviting.notCopied")}</p>}
      </div>
      {sent === null ? form() : <Sent link={sent.link} onClose={onClose} onCopy={(text) => void onCopy(text).then(setCopied)} />}
    </>
  );

  function form(): JSX.Element {
    return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <p>{t("inviting.text")}</p>
      <TextField
        label={t("field.email")}
        type="email"
        value={email}
        onChange={setEmail}
        error={isChecked ? emailError(email) : null}
        autoComplete="off"
        maxLength={254}
      />
      <Choice
        label={t("inviting.role")}
        icon={<ShieldUser aria-hidden />}
        value={role}
        options={roles.map((value) => ({ value, label: t(`role.${value}`) }))}
        onChange={(value) => setRole(value as AccountRole)}
      />
      <p>{t(`role.${role}.text`)}</p>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button type="submit" variant="primary" isBusy={isRunning}>
          {t("inviting.submit")}
        </Button>
      </SheetActions>
    </form>
    );
  }
}

interface SentTo {
  to: string;
  link: string | null;
}

function SentNotice({ to, link }: SentTo): JSX.Element {
  if (link !== null) return <Notice tone="warning">{t("inviting.handOver", { to })}</Notice>;
  return (
    <Notice tone="good" icon={<Mail aria-hidden />}>
      {t("inviting.mailed", { to })}
    </Notice>
  );
}

interface SentProps extends Pick<SentTo, "link"> {
  onClose: () => void;
  onCopy: (text: string) => void;
}

function Sent({ link, onClose, onCopy }: SentProps): JSX.Element {
  return (
    <div className={forms.form}>
      {link !== null && <p className={styles.link}>{link}</p>}
      <SheetActions>
        {link !== null && <Button onPress={() => onCopy(link)}>{t("inviting.copy")}</Button>}
        <Button variant="primary" onPress={onClose}>
          {t("app.close")}
        </Button>
      </SheetActions>
    </div>
  );
}
