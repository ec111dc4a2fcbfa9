import { MonitorCog, UserPlus } from "lucide-react";
import { type JSX, useEffect, useRef, useState } from "react";

import type { AccountRole, EnrolmentMade, SupportDevice } from "../../../api/wire.ts";
import { formatTime, t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Choice } from "../../../ui/Choice.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../../ui/Sheet.tsx";
import { useFocusAfterSheet } from "../../../ui/use-focus-after-sheet.ts";
import { useKeptFocus } from "../../../ui/use-kept-focus.ts";
import { useAction } from "../../use-action.ts";
import { Admin } from "../Admin.tsx";
import people from "../people/People.module.css";
import styles from "../Policy.module.css";
import { ComputersTable } from "./ComputersTable.tsx";
import { EndForm } from "./EndForm.tsx";
import { EndNotices } from "./EndNotices.tsx";

export interface ComputerActions {
  /** Rejects with a `Problem`, as all do. */
  invite(days: number): Promise<EnrolmentMade>;
  renew(computer: SupportDevice, days: number): Promise<void>;
  grant(computer: SupportDevice, account: string): Promise<void>;
  withdraw(computer: SupportDevice, account: string): Promise<void>;
  revoke(computer: SupportDevice): Promise<void>;
  /** Resolves to whether the text is in the clipboard. */
  copy(text: string): Promise<boolean>;
  goHome(): void;
}

/** Somebody whose role helps people. */
export interface Helper {
  account: string;
  name: string;
}

interface ComputersProps {
  role: AccountRole;
  /** By policy. */
  isPermitted: boolean;
  /** `null` while they load. */
  computers: readonly SupportDevice[] | null;
  helpers: readonly Helper[];
  failure: string | null;
  actions: ComputerActions;
}

/** Which computers are helped when nobody is there, and by whom. */
export function Computers({ role, isPermitted, computers, helpers, failure, actions }: ComputersProps): JSX.Element {
  const [isEnrolling, setEnrolling] = useState(false);
  /** By id: what is shown of it changes meanwhile. Stays while its sheet fades out. */
  const [asked, setAsked] = useState<string | null>(null);
  const [sheet, setSheet] = useState<"people" | "renew" | "revoke" | null>(null);
  const about = computers?.find(({ id }) => id === asked) ?? null;
  /** Nothing is asked about a computer that is gone. */
  const open = about === null ? null : sheet;
  const intro = useRef<HTMLParagraphElement>(null);

  // What opened the sheet may have gone with its computer.
  useFocusAfterSheet(open !== null, intro);

  function ask(what: "people" | "renew" | "revoke", { id }: SupportDevice): void {
    setAsked(id);
    setSheet(what);
  }

  return (
    <Admin title={t("computers.title")} current="computers" role={role} onHome={actions.goHome}>
      <p ref={intro} tabIndex={-1} className={styles.soft}>
        {t("computers.text")}
      </p>
      {isPermitted ? (
        <div className={styles.actions}>
          <Button variant="primary" icon={<MonitorCog aria-hidden />} onPress={() => setEnrolling(true)}>
            {t("computers.enrol")}
          </Button>
        </div>
      ) : (
        <Notice tone="info">{t("computers.off")}</Notice>
      )}
      <div role="alert" className={people.alert}>
        {failure !== null && <Notice tone="danger">{failure}</Notice>}
      </div>
      {computers === null && failure === null && <p role="status">{t("app.loading")}</p>}
      {computers?.length === 0 && <p className={styles.soft}>{t("computers.none")}</p>}
      {computers !== null && computers.length > 0 && (
        <>
          <EndNotices computers={computers} />
          <ComputersTable
            computers={computers}
            onPeople={(computer) => ask("people", computer)}
            onRenew={(computer) => ask("renew", computer)}
            onRevoke={(computer) => ask("revoke", computer)}
          />
        </>
      )}
      <EnrolSheet isOpen={isEnrolling} onInvite={actions.invite} onCopy={actions.copy} onClose={() => setEnrolling(false)} />
      <Sheet title={t("computers.renew.title", { name: about?.name ?? "" })} closeLabel={t("app.close")} isOpen={open === "renew"} onClose={() => setSheet(null)}>
        {about !== null && <Renewing computer={about} onRenew={actions.renew} onClose={() => setSheet(null)} />}
      </Sheet>
      <Sheet title={t("computers.people.name", { name: about?.name ?? "" })} closeLabel={t("app.close")} isOpen={open === "people"} onClose={() => setSheet(null)}>
        {about !== null && <Granting computer={about} helpers={helpers} actions={actions} />}
      </Sheet>
      <Sheet title={t("computers.revoke.title", { name: about?.name ?? "" })} closeLabel={t("app.close")} isOpen={open === "revoke"} onClose={() => setSheet(null)} isAlert>
        {about !== null && <Revoking computer={about} onRevoke={actions.revoke} onClose={() => setSheet(null)} />}
      </Sheet>
    </Admin>
  );
}

interface EnrolSheetProps {
  isOpen: boolean;
  onInvite: (days: number) => Promise<EnrolmentMade>;
  onCopy: (text: string) => Promise<boolean>;
  onClose: () => void;
}

/** Asks when the enrolment ends, and then shows the command this once: it does not vanish by a click beside it. */
function EnrolSheet({ isOpen, onInvite, onCopy, onClose }: EnrolSheetProps): JSX.Element {
  const [made, setMade] = useState<EnrolmentMade | null>(null);
  /** How often it was closed. */
  const closed = useRef(0);
  function close(): void {
    closed.current += 1;
    setMade(null);
    onClose();
  }
  /** What comes for a sheet that was closed is not shown in the next. */
  async function make(days: number): Promise<void> {
    const before = closed.current;
    const answer = await onInvite(days);
    if (closed.current === before) setMade(answer);
  }
  return (
    <Sheet title={t("computers.enrol.title")} closeLabel={t("app.close")} isOpen={isOpen} onClose={close} isAlert={made !== null}>
      {made === null ? (
        <EndForm text={t("computers.enrol.ask")} submit={t("computers.enrol.make")} onSubmit={make} onClose={close} />
      ) : (
        <Enrolling made={made} onCopy={onCopy} onClose={close} />
      )}
    </Sheet>
  );
}

interface EnrollingProps {
  made: EnrolmentMade;
  onCopy: (text: string) => Promise<boolean>;
  onClose: () => void;
}

function Enrolling({ made, onCopy, onClose }: EnrollingProps): JSX.Element {
  const [isCopied, setCopied] = useState<boolean | null>(null);
  const first = useRef<HTMLParagraphElement>(null);
  // The button that made the command is gone with its form.
  useEffect(() => first.current?.focus(), []);
  // By its input: on a command line every user of the computer could read it, and spend it first. `echo` is the shell itself.
  const command = `echo '${made.link}' | conclave-agent enrol -`;
  return (
    <>
      <p ref={first} tabIndex={-1}>
        {t("computers.enrol.text", { time: formatTime(Date.parse(made.expires_at)) })}
      </p>
      <div role="group" className={people.link} aria-label={t("computers.enrol.command")}>
        {command}
      </div>
      <p>{t("computers.enrol.compare")}</p>
      <div role="status" className={people.alert}>
        {isCopied !== null && <p>{t(isCopied ? "computers.enrol.copied" : "computers.enrol.copied.not")}</p>}
      </div>
      <SheetActions>
        <Button onPress={() => void onCopy(command).then(setCopied)}>{t("computers.enrol.copy")}</Button>
        <Button variant="primary" onPress={onClose}>
          {t("app.close")}
        </Button>
      </SheetActions>
    </>
  );
}

interface GrantingProps {
  computer: SupportDevice;
  helpers: readonly Helper[];
  actions: Pick<ComputerActions, "grant" | "withdraw">;
}

function Granting({ computer, helpers, actions }: GrantingProps): JSX.Element {
  const [chosen, setChosen] = useState("");
  const part = useRef<HTMLDivElement>(null);
  const first = useRef<HTMLParagraphElement>(null);
  useKeptFocus(part, () => first.current);
  const others = helpers.filter(({ account }) => computer.grants.every((grant) => grant.account !== account));
  const grant = useAction(async () => {
    await actions.grant(computer, chosen);
    setChosen("");
  });
  const withdraw = useAction((account: string) => actions.withdraw(computer, account));
  const options = [{ value: "", label: t("computers.grant.choose") }, ...others.map(({ account, name }) => ({ value: account, label: name }))];
  return (
    <div ref={part} className={styles.list}>
      <p ref={first} tabIndex={-1}>
        {t("computers.people.text")}
      </p>
      {computer.grants.length === 0 && <p className={styles.soft}>{t("computers.nobody")}</p>}
      <ul className={styles.list}>
        {computer.grants.map(({ account, display_name: name }) => (
          <li key={account} className={styles.line}>
            <span dir="auto">{name}</span>
            <Button variant="quiet" aria-label={t("computers.withdraw.name", { name })} isBusy={withdraw.isRunning} onPress={() => withdraw.run(account)}>
              {t("computers.withdraw")}
            </Button>
          </li>
        ))}
      </ul>
      <Choice label={t("computers.grant.who")} icon={<UserPlus aria-hidden />} value={chosen} options={options} onChange={setChosen} />
      <div role="alert" className={people.alert}>
        {grant.failure !== null && <Notice tone="danger">{grant.failure}</Notice>}
        {withdraw.failure !== null && <Notice tone="danger">{withdraw.failure}</Notice>}
      </div>
      <SheetActions>
        {chosen !== "" && (
          <Button variant="primary" isBusy={grant.isRunning} onPress={() => grant.run()}>
            {t("computers.grant")}
          </Button>
        )}
      </SheetActions>
    </div>
  );
}

interface RenewingProps {
  computer: SupportDevice;
  onRenew: (computer: SupportDevice, days: number) => Promise<void>;
  onClose: () => void;
}

function Renewing({ computer, onRenew, onClose }: RenewingProps): JSX.Element {
  async function renew(days: number): Promise<void> {
    await onRenew(computer, days);
    onClose();
  }
  return <EndForm text={t("computers.renew.text")} submit={t("computers.renew.yes")} onSubmit={renew} onClose={onClose} />;
}

interface RevokingProps {
  computer: SupportDevice;
  onRevoke: (computer: SupportDevice) => Promise<void>;
  onClose: () => void;
}

function Revoking({ computer, onRevoke, onClose }: RevokingProps): JSX.Element {
  const { isRunning, failure, run } = useAction(async () => {
    await onRevoke(computer);
    onClose();
  });
  return (
    <>
      <p>{t("computers.revoke.text")}</p>
      <div role="alert" className={people.alert}>{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button variant="danger" isBusy={isRunning} onPress={() => run()}>
          {t("computers.revoke")}
        </Button>
      </SheetActions>
    </>
  );
}
