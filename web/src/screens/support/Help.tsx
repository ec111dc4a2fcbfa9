import { Copy, MonitorUp, ShieldAlert, ShieldCheck } from "lucide-react";
import { type JSX, type ReactNode, useEffect, useRef, useState } from "react";

import { groupDigits, type Invitation, readInvitation } from "../../call/invitation.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { TextField } from "../../ui/TextField.tsx";
import forms from "../forms.module.css";
import { Card, Frame } from "../frame/Frame.tsx";
import { useChecked } from "../use-checked.ts";
import type { CopyAnswer } from "../use-invitation-copy.ts";
import styles from "./Help.module.css";
import type { Looked } from "./HelpPage.tsx";

interface HelpProps {
  /** Of the link that brought them. */
  code: string | null;
  looked: Looked;
  /** For the helper program; `null` before the code is known. */
  command: string | null;
  /** They came by the code alone: whichever way they take asks for the passcode. */
  needsPasscode: boolean;
  /** Whether this device can show its screen. */
  canShow: boolean;
  copied: CopyAnswer | null;
  /** For whoever has no code. */
  queue?: ReactNode;
  onLook: (invitation: Invitation) => void;
  onAgain: () => void;
  onCopy: (command: string) => void;
  onShow: () => void;
}

/** For whoever is to be helped: what will happen, who it is, and the two ways. In words that everybody reads. */
export function Help({ code, looked, command, needsPasscode, canShow, copied, queue = null, onLook, onAgain, onCopy, onShow }: HelpProps): JSX.Element {
  /** Whoever types another code begins there, and nobody else is taken past what they should read. */
  const [hasFound, setFound] = useState(false);
  if (looked.at === "found" && !hasFound) setFound(true);
  return (
    <Frame title={t("help.title")}>
      <p>{t("help.text")}</p>
      <Notice tone="warning" icon={<ShieldAlert aria-hidden />}>
        <strong>{t("help.scam.title")}</strong>
        <span>{t("help.scam.text")}</span>
      </Notice>
      {looked.at === "found" ? (
        <Offer looked={looked} command={command} needsPasscode={needsPasscode} canShow={canShow} copied={copied} onAgain={onAgain} onCopy={onCopy} onShow={onShow} />
      ) : (
        <>
          <Card>
            <CodeField code={code} isLooking={looked.at === "looking"} isAgain={hasFound} onLook={onLook} />
            <div role="status" className={styles.alert}>
              {looked.at === "looking" && t("help.looking")}
            </div>
            <div role="alert" className={styles.alert}>
              {looked.at === "typing" && looked.failure !== null && <Notice tone="danger">{looked.failure}</Notice>}
            </div>
          </Card>
          {queue}
          <section className={styles.what}>
            <h2>{t("help.what")}</h2>
            <ol className={styles.steps}>
              <li>{t("help.what.1")}</li>
              <li>{t("help.what.2")}</li>
              <li>{t("help.what.3")}</li>
              <li>{t("help.what.4")}</li>
            </ol>
            <p className={styles.promise}>
              <ShieldCheck aria-hidden />
              <strong>{t("help.nothing")}</strong>
            </p>
          </section>
        </>
      )}
    </Frame>
  );
}

interface CodeFieldProps {
  code: string | null;
  isLooking: boolean;
  isAgain: boolean;
  onLook: (invitation: Invitation) => void;
}

function CodeField({ code, isLooking, isAgain, onLook }: CodeFieldProps): JSX.Element {
  const [text, setText] = useState(isAgain ? "" : (code ?? ""));
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (isAgain) form.current?.querySelector("input")?.focus();
  }, []);
  const invitation = readInvitation(text);
  const error = invitation === null ? t("help.code.wrong") : null;
  const { isChecked, submit, reset } = useChecked([error], () => {
    if (invitation !== null) onLook(invitation);
  });

  function change(typed: string): void {
    reset();
    setText(/^[\d\s-]*$/.test(typed) ? groupDigits(typed) : typed);
  }
  return (
    <form ref={form} className={forms.form} onSubmit={submit} noValidate>
      <TextField
        label={t("help.code")}
        hint={t("help.code.hint")}
        value={text}
        onChange={change}
        error={isChecked ? error : null}
        autoComplete="off"
        isCode={text === "" || /^[\d-]+$/.test(text)}
      />
      <Button type="submit" variant="primary" isWide isBusy={isLooking}>
        {t("help.look")}
      </Button>
    </form>
  );
}

/** To be pasted into a terminal. */
function Line({ command, onCopy }: { command: string; onCopy: (command: string) => void }): JSX.Element {
  return (
    <>
      <p>{t("help.program.how")}</p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <pre className={styles.command} role="group" tabIndex={0} aria-label={t("help.program.command")}>
        <code>{command}</code>
      </pre>
      <Button variant="primary" icon={<Copy aria-hidden size={18} />} isWide onPress={() => onCopy(command)}>
        {t("help.program.copy")}
      </Button>
    </>
  );
}

interface OfferProps extends Pick<HelpProps, "command" | "needsPasscode" | "canShow" | "copied" | "onAgain" | "onCopy" | "onShow"> {
  looked: Looked & { at: "found" };
}

function Offer({ looked: { offer }, command, needsPasscode, canShow, copied, onAgain, onCopy, onShow }: OfferProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  // What had the focus is gone, and this is what they came for.
  useEffect(() => heading.current?.focus(), []);
  return (
    <>
      <section className={styles.offer}>
        <h2 ref={heading} tabIndex={-1} dir="auto">
          {t("help.offer", { technician: offer.technician })}
        </h2>
        <p dir="auto">{t("help.offer.of", { technician: offer.technician, organisation: offer.organisation })}</p>
      </section>
      <section className={styles.what}>
        <h2>{t("help.ways")}</h2>
        {needsPasscode && <p>{t("help.passcode")}</p>}
        <Card>
          <h3>{t("help.program")}</h3>
          <p>{t("help.program.text")}</p>
          {command !== null && <Line command={command} onCopy={onCopy} />}
          <div role="status" className={styles.alert}>
            {copied !== null && <Notice tone={copied.isCopied ? "good" : "warning"}>{copied.text}</Notice>}
          </div>
        </Card>
        <Card>
          <h3>{t("help.show")}</h3>
          <p>{t("help.show.text")}</p>
          {canShow ? (
            <Button icon={<MonitorUp aria-hidden size={18} />} isWide onPress={onShow}>
              {t("help.show.go")}
            </Button>
          ) : (
            <p className={styles.soft}>{t("help.show.device")}</p>
          )}
        </Card>
      </section>
      <p className={styles.promise}>
        <ShieldCheck aria-hidden />
        <strong>{t("help.nothing")}</strong>
      </p>
      <Button variant="quiet" onPress={onAgain}>
        {t("help.other")}
      </Button>
    </>
  );
}
