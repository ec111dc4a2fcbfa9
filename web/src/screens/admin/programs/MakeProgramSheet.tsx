import { CalendarClock } from "lucide-react";
import { type JSX, useId, useState } from "react";

import type { MakeProgram, ProgramScope } from "../../../api/wire.ts";
import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Choice } from "../../../ui/Choice.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../../ui/Sheet.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { Toggle } from "../../../ui/Toggle.tsx";
import { requiredError } from "../../fields.ts";
import forms from "../../forms.module.css";
import { useAction } from "../../use-action.ts";
import { useChecked } from "../../use-checked.ts";
import people from "../people/People.module.css";

interface MakeProgramSheetProps {
  isOpen: boolean;
  onClose: () => void;
  /** Resolves to the key. */
  onMake: (body: MakeProgram) => Promise<string>;
  onCopy: (text: string) => Promise<boolean>;
}

const SCOPES = ["scim", "meetings:read", "audit:read"] as const satisfies readonly ProgramScope[];
const DAYS = ["30", "90", "180", "365"] as const;

/** Asks what the program is and may, and then shows its key this once. */
export function MakeProgramSheet({ isOpen, onMake, onCopy, onClose }: MakeProgramSheetProps): JSX.Element {
  const [made, setMade] = useState<{ name: string; key: string } | null>(null);
  function close(): void {
    setMade(null);
    onClose();
  }
  const title = made === null ? t("programs.make.title") : t("programs.made.title", { name: made.name });
  return (
    // A key that is shown once does not vanish by a click beside it.
    <Sheet title={title} closeLabel={t("app.close")} isOpen={isOpen} onClose={close} isAlert={made !== null}>
      {made === null ? (
        <MakeForm onClose={close} onMake={async (body) => setMade({ name: body.name, key: await onMake(body) })} />
      ) : (
        <Made secret={made.key} onCopy={onCopy} onClose={close} />
      )}
    </Sheet>
  );
}

interface MakeFormProps {
  onClose: () => void;
  onMake: (body: MakeProgram) => Promise<void>;
}

function MakeForm({ onClose, onMake }: MakeFormProps): JSX.Element {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly ProgramScope[]>([]);
  const [days, setDays] = useState("90");
  const legend = useId();
  const { isRunning, failure, run } = useAction(() => onMake({ name: name.trim(), scopes: [...scopes], days: Number(days) }));
  const none = scopes.length === 0 ? t("programs.scope.needed") : null;
  const { isChecked, submit } = useChecked([requiredError(name), none], run);

  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <p>{t("programs.make.text")}</p>
      <TextField
        label={t("programs.field.name")}
        hint={t("programs.field.name.hint")}
        value={name}
        onChange={setName}
        error={isChecked ? requiredError(name) : null}
        autoComplete="off"
        maxLength={64}
      />
      <div role="group" aria-labelledby={legend}>
        <p id={legend}>
          <strong>{t("programs.field.scopes")}</strong>
        </p>
        {SCOPES.map((scope) => (
          <div key={scope}>
            <Toggle
              label={t(`programs.scope.${scope}`)}
              isOn={scopes.includes(scope)}
              onChange={(isOn) => setScopes(SCOPES.filter((other) => (other === scope ? isOn : scopes.includes(other))))}
            />
            <p className={people.soft}>{t(`programs.scope.${scope}.text`)}</p>
          </div>
        ))}
      </div>
      <Choice
        label={t("programs.field.days")}
        icon={<CalendarClock aria-hidden />}
        value={days}
        options={DAYS.map((value) => ({ value, label: t(`programs.days.${value}`) }))}
        onChange={setDays}
      />
      <div role="alert">
        {isChecked && none !== null && <Notice tone="danger">{none}</Notice>}
        {failure !== null && <Notice tone="danger">{failure}</Notice>}
      </div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button type="submit" variant="primary" isBusy={isRunning}>
          {t("programs.submit")}
        </Button>
      </SheetActions>
    </form>
  );
}

interface MadeProps {
  secret: string;
  onCopy: (text: string) => Promise<boolean>;
  onClose: () => void;
}

function Made({ secret, onCopy, onClose }: MadeProps): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  return (
    <div className={forms.form}>
      <div role="status">
        <Notice tone="warning">{t("programs.made.text")}</Notice>
        {isCopied && <p>{t("programs.copied")}</p>}
      </div>
      <p className={people.link} aria-label={t("programs.key")}>
        {secret}
      </p>
      <SheetActions>
        <Button onPress={() => void onCopy(secret).then(setCopied)}>{t("programs.copy")}</Button>
        <Button variant="primary" onPress={onClose}>
          {t("app.close")}
        </Button>
      </SheetActions>
    </div>
  );
}
