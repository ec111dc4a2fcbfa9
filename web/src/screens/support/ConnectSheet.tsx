import { type JSX, useState } from "react";

import type { GrantedDevice } from "../../api/wire.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../ui/Sheet.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { requiredError } from "../fields.ts";
import { inGroups } from "../fingerprint-text.ts";
import forms from "../forms.module.css";
import { useAction } from "../use-action.ts";
import { useChecked } from "../use-checked.ts";

interface ConnectSheetProps {
  /** Stays while the sheet fades out. */
  computer: GrantedDevice | null;
  isOpen: boolean;
  /** It had another fingerprint when this browser last connected. */
  isChanged: boolean;
  onClose: () => void;
  /** Resolves once the computer lets the technician in. */
  onConnect: (computer: GrantedDevice, name: string, password: string) => Promise<void>;
}

/** Asks for an administrator of a computer, and says where that goes. */
export function ConnectSheet({ computer, isOpen, isChanged, onClose, onConnect }: ConnectSheetProps): JSX.Element {
  return (
    <Sheet title={t("unattended.connect.title", { name: computer?.name ?? "" })} closeLabel={t("app.close")} isOpen={isOpen} onClose={onClose}>
      {computer !== null && isOpen && <ConnectForm key={computer.id} computer={computer} isChanged={isChanged} onClose={onClose} onConnect={onConnect} />}
    </Sheet>
  );
}

interface ConnectFormProps {
  computer: GrantedDevice;
  isChanged: boolean;
  onClose: () => void;
  onConnect: (computer: GrantedDevice, name: string, password: string) => Promise<void>;
}

function ConnectForm({ computer, isChanged, onClose, onConnect }: ConnectFormProps): JSX.Element {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [isBelieved, setBelieved] = useState(!isChanged);
  const { isRunning, failure, run } = useAction(async () => {
    try {
      await onConnect(computer, name.trim(), password);
    } finally {
      // Right or wrong, it is typed again.
      setPassword("");
    }
  });
  const { isChecked, submit } = useChecked([requiredError(name), requiredError(password)], run);

  if (!isBelieved) {
    return (
      <>
        <div role="alert">
          <Notice tone="danger">{t("unattended.changed", { fingerprint: inGroups(computer.fingerprint) })}</Notice>
        </div>
        <SheetActions>
          <Button variant="primary" onPress={onClose}>
            {t("app.cancel")}
          </Button>
          <Button variant="danger" onPress={() => setBelieved(true)}>
            {t("unattended.changed.yes")}
          </Button>
        </SheetActions>
      </>
    );
  }
  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <p>{t("unattended.connect.text")}</p>
      <TextField label={t("unattended.name")} value={name} onChange={setName} error={isChecked ? requiredError(name) : null} autoComplete="off" maxLength={120} />
      <TextField
        label={t("unattended.password")}
        type="password"
        showLabel={t("unattended.password.show")}
        value={password}
        onChange={setPassword}
        error={isChecked && !isRunning && failure === null ? requiredError(password) : null}
        autoComplete="off"
        maxLength={240}
      />
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button type="submit" variant="primary" isBusy={isRunning}>
          {t("unattended.submit")}
        </Button>
      </SheetActions>
    </form>
  );
}
