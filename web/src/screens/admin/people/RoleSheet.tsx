import { ShieldUser } from "lucide-react";
import { type JSX, useEffect, useState } from "react";

import type { AccountRole, Person } from "../../../api/wire.ts";
import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Choice } from "../../../ui/Choice.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../../ui/Sheet.tsx";
import { useAction } from "../../use-action.ts";

interface RoleSheetProps {
  /** Stays while the sheet fades out; `null` before the first time. */
  person: Person | null;
  roles: readonly AccountRole[];
  isOpen: boolean;
  onClose: () => void;
  onChange: (person: Person, role: AccountRole) => Promise<void>;
}

/** Asks for somebody's role, and says what each may do. */
export function RoleSheet({ person, roles, isOpen, onClose, onChange }: RoleSheetProps): JSX.Element {
  const [role, setRole] = useState<AccountRole>("member");
  const change = useAction(async () => {
    if (person === null) return;
    if (role !== person.role) await onChange(person, role);
    onClose();
  });
  useEffect(() => {
    if (!isOpen || person === null) return;
    setRole(person.role);
    change.forget();
  }, [isOpen, person]);

  return (
    <Sheet title={t("changeRole.title", { name: person?.display_name ?? "" })} closeLabel={t("app.close")} isOpen={isOpen} onClose={onClose}>
      <Choice
        label={t("inviting.role")}
        icon={<ShieldUser aria-hidden />}
        value={role}
        options={roles.map((value) => ({ value, label: t(`role.${value}`) }))}
        onChange={(value) => setRole(value as AccountRole)}
      />
      <p>{t(`role.${role}.text`)}</p>
      <p>{t("changeRole.text")}</p>
      {role === "auditor" && <Notice tone="warning">{t("changeRole.hostsNothing")}</Notice>}
      <div role="alert">{change.failure !== null && <Notice tone="danger">{change.failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button variant="primary" onPress={() => change.run()} isBusy={change.isRunning}>
          {t("changeRole.submit")}
        </Button>
      </SheetActions>
    </Sheet>
  );
}
