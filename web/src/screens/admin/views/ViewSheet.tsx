import { type JSX, useState } from "react";

import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { SheetActions } from "../../../ui/Sheet.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { Toggle } from "../../../ui/Toggle.tsx";
import { requiredError } from "../../fields.ts";
import forms from "../../forms.module.css";
import { useAction } from "../../use-action.ts";
import { useChecked } from "../../use-checked.ts";

interface ViewSheetProps {
  name: string;
  isShared: boolean;
  /** Rejects with a `Problem`. */
  onSubmit: (name: string, isShared: boolean) => Promise<void>;
  onClose: () => void;
}

/** What a view is called, and whether others have it too. */
export function ViewSheet({ name: before, isShared: wasShared, onSubmit, onClose }: ViewSheetProps): JSX.Element {
  const [name, setName] = useState(before);
  const [isShared, setShared] = useState(wasShared);
  const { isRunning, failure, run } = useAction(async () => {
    await onSubmit(name.trim(), isShared);
    onClose();
  });
  const wrong = requiredError(name);
  const { isChecked, submit } = useChecked([wrong], run);

  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <TextField label={t("views.name")} hint={t("views.name.hint")} value={name} onChange={setName} error={isChecked ? wrong : null} maxLength={64} />
      <Toggle label={t("views.share")} isOn={isShared} onChange={setShared} />
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button type="submit" variant="primary" isBusy={isRunning}>
          {t("views.submit")}
        </Button>
      </SheetActions>
    </form>
  );
}
