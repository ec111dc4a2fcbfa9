import { type JSX, useState } from "react";

import type { Passkey } from "../../api/wire.ts";
import { formatDay, t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { requiredError } from "../fields.ts";
import forms from "../forms.module.css";
import { useAction } from "../use-action.ts";
import { useChecked } from "../use-checked.ts";
import { Removal } from "./Removal.tsx";
import styles from "./Security.module.css";

interface PasskeysProps {
  passkeys: readonly Passkey[];
  /** Absent where this browser makes none here. */
  onAdd: (() => Promise<void>) | undefined;
  onRename: (id: string, label: string) => Promise<void>;
  onRemove: (id: string) => Promise<void>;
}

/** The account's passkeys: another one, another name, one less. */
export function Passkeys({ passkeys, onAdd, onRename, onRemove }: PasskeysProps): JSX.Element {
  const [named, setNamed] = useState<Passkey | null>(null);
  const [gone, setGone] = useState<Passkey | null>(null);
  const addition = useAction(async () => onAdd?.());
  const removal = useAction(async () => {
    if (gone !== null) await onRemove(gone.id);
    setGone(null);
  });

  return (
    <div className={styles.part}>
      <h3>{t("security.passkeys")}</h3>
      {passkeys.length === 0 && <p className={styles.soft}>{t("security.passkeys.none")}</p>}
      <ul className={styles.rows}>
        {passkeys.map((passkey) => (
          <Row key={passkey.id} passkey={passkey} onName={() => setNamed(passkey)} onRemove={() => setGone(passkey)} />
        ))}
      </ul>
      <div role="alert">{addition.failure !== null && <Notice tone="danger">{addition.failure}</Notice>}</div>
      {onAdd === undefined ? (
        <p className={styles.soft}>{t("secure.passkey.none")}</p>
      ) : (
        <Button isBusy={addition.isRunning} onPress={() => addition.run()}>
          {t("security.passkeys.add")}
        </Button>
      )}
      <Sheet title={t("security.passkeys.rename")} closeLabel={t("app.close")} isOpen={named !== null} onClose={() => setNamed(null)}>
        {named !== null && (
          <Name
            label={named.label}
            onName={async (label) => {
              await onRename(named.id, label);
              setNamed(null);
            }}
          />
        )}
      </Sheet>
      <Removal label={gone?.label ?? ""} isOpen={gone !== null} removal={removal} onClose={() => setGone(null)} />
    </div>
  );
}

function Row({ passkey, onName, onRemove }: { passkey: Passkey; onName: () => void; onRemove: () => void }): JSX.Element {
  const { label, created_at } = passkey;
  const used = passkey.last_used_at ?? null;
  return (
    <li className={styles.row}>
      <div>
        <p dir="auto">{label}</p>
        <p className={styles.soft}>
          {used === null
            ? t("security.passkeys.unused", { day: formatDay(created_at) })
            : t("security.passkeys.used", { day: formatDay(used) })}
        </p>
      </div>
      <div className={styles.buttons}>
        <Button aria-label={t("security.passkeys.rename.name", { label })} onPress={onName}>
          {t("security.passkeys.rename")}
        </Button>
        <Button aria-label={t("security.passkeys.remove.name", { label })} onPress={onRemove}>
          {t("security.passkeys.remove")}
        </Button>
      </div>
    </li>
  );
}

function Name({ label, onName }: { label: string; onName: (label: string) => Promise<void> }): JSX.Element {
  const [name, setName] = useState(label);
  const { isRunning, failure, run } = useAction(onName);
  const { isChecked, submit } = useChecked([requiredError(name)], () => run(name.trim()));
  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <TextField
        label={t("field.passkeyName")}
        value={name}
        onChange={setName}
        error={isChecked ? requiredError(name) : null}
        autoComplete="off"
        maxLength={64}
      />
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <Button type="submit" variant="primary" isBusy={isRunning}>
        {t("security.save")}
      </Button>
    </form>
  );
}
