import { KeyRound } from "lucide-react";
import { type JSX, useState } from "react";

import type { AccountRole, MakeProgram, Program, ProgramList } from "../../../api/wire.ts";
import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../../ui/Sheet.tsx";
import { useAction } from "../../use-action.ts";
import { Admin } from "../Admin.tsx";
import { makesPrograms, revokesPrograms } from "../may.ts";
import people from "../people/People.module.css";
import styles from "../Policy.module.css";
import { MakeProgramSheet } from "./MakeProgramSheet.tsx";
import { ProgramsTable } from "./ProgramsTable.tsx";

export interface ProgramActions {
  /** Resolves to the key. Rejects with a `Problem`, as all do. */
  make(body: MakeProgram): Promise<string>;
  revoke(program: Program): Promise<void>;
  /** Resolves to whether the text is in the clipboard. */
  copy(text: string): Promise<boolean>;
  goHome(): void;
}

interface ProgramsProps {
  role: AccountRole;
  /** `null` while they load. */
  list: ProgramList | null;
  failure: string | null;
  actions: ProgramActions;
}

/** Which programs act in the organisation by a key of their own. */
export function Programs({ role, list, failure, actions }: ProgramsProps): JSX.Element {
  const [isMaking, setMaking] = useState(false);
  /** Stays while its sheet fades out. */
  const [asked, setAsked] = useState<Program | null>(null);
  const [isAsking, setAsking] = useState(false);

  return (
    <Admin title={t("programs.title")} current="programs" role={role} onHome={actions.goHome}>
      <p className={styles.soft}>{t("programs.text")}</p>
      {makesPrograms(role) && (
        <div className={styles.actions}>
          <Button variant="primary" icon={<KeyRound aria-hidden />} onPress={() => setMaking(true)}>
            {t("programs.make")}
          </Button>
        </div>
      )}
      <div role="alert" className={people.alert}>
        {failure !== null && <Notice tone="danger">{failure}</Notice>}
      </div>
      {list === null && failure === null && <p role="status">{t("app.loading")}</p>}
      {list?.programs.length === 0 && <p className={styles.soft}>{t("programs.none")}</p>}
      {list !== null && list.programs.length > 0 && (
        <ProgramsTable
          programs={list.programs}
          mayRevoke={revokesPrograms(role)}
          onRevoke={(program) => {
            setAsked(program);
            setAsking(true);
          }}
        />
      )}
      <MakeProgramSheet isOpen={isMaking} onClose={() => setMaking(false)} onMake={actions.make} onCopy={actions.copy} />
      <Sheet title={t("programs.revoke.title", { name: asked?.name ?? "" })} closeLabel={t("app.close")} isOpen={isAsking} onClose={() => setAsking(false)} isAlert>
        {asked !== null && <Revoking program={asked} onRevoke={actions.revoke} onClose={() => setAsking(false)} />}
      </Sheet>
    </Admin>
  );
}

interface RevokingProps {
  program: Program;
  onRevoke: (program: Program) => Promise<void>;
  onClose: () => void;
}

function Revoking({ program, onRevoke, onClose }: RevokingProps): JSX.Element {
  const { isRunning, failure, run } = useAction(async () => {
    await onRevoke(program);
    onClose();
  });
  return (
    <>
      <p>{t("programs.revoke.text")}</p>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button variant="danger" isBusy={isRunning} onPress={() => run()}>
          {t("programs.revoke")}
        </Button>
      </SheetActions>
    </>
  );
}
