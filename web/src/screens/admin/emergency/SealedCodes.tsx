import { KeyRound, Printer } from "lucide-react";
import { type JSX, useRef } from "react";

import type { EmergencyCode, EmergencyCodeSet } from "../../../api/wire.ts";
import { counted, formatDay, t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { useKeptFocus } from "../../../ui/use-kept-focus.ts";
import security from "../../security/Security.module.css";
import { useAction } from "../../use-action.ts";
import styles from "../Policy.module.css";

interface SealedCodesProps {
  /** `null` where nobody has made any, `undefined` while it loads. */
  set: EmergencyCodeSet | null | undefined;
  /** Those that were made a moment ago. */
  fresh: readonly string[] | null;
  mayMake: boolean;
  /** Rejects with a `Problem`. */
  onMake: () => Promise<void>;
  onPrint: () => void;
  /** The fresh ones are on paper. */
  onDone: () => void;
}

/** The organisation's codes in the envelope: how many are left, who used which, and other ones. */
export function SealedCodes({ set, fresh, mayMake, onMake, onPrint, onDone }: SealedCodesProps): JSX.Element {
  const { isRunning, failure, run } = useAction(onMake);
  const part = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  // The buttons go with what they did.
  useKeptFocus(part, () => heading.current);
  return (
    <section className={security.part} ref={part} aria-labelledby="sealed-codes">
      <h2 id="sealed-codes" ref={heading} tabIndex={-1}>{t("sealed.title")}</h2>
      <p className={styles.soft}>{t("sealed.text")}</p>
      {set === null && fresh === null && <p>{t("sealed.none")}</p>}
      {set !== undefined && set !== null && fresh === null && <Known set={set} />}
      {fresh !== null && <Fresh codes={fresh} onPrint={onPrint} onDone={onDone} />}
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      {mayMake && fresh === null && set !== undefined && (
        <>
          {set !== null && <p className={styles.soft}>{t("sealed.replaces")}</p>}
          <Button icon={<KeyRound aria-hidden size={18} />} isBusy={isRunning} onPress={() => run()}>
            {set === null ? t("sealed.make") : t("sealed.makeOther")}
          </Button>
        </>
      )}
    </section>
  );
}

function Known({ set }: { set: EmergencyCodeSet }): JSX.Element {
  const left = set.codes.filter(({ used }) => (used ?? null) === null).length;
  return (
    <>
      <p>{t("sealed.made", { name: set.made_by_name, day: formatDay(set.made_at) })}</p>
      <Notice tone={left === 0 ? "warning" : "info"}>{counted("sealed.left", left)}</Notice>
      <ul className={styles.bullets}>
        {set.codes.map((code) => (
          <li key={code.number}>{spent(code)}</li>
        ))}
      </ul>
    </>
  );
}

function spent({ number, used }: EmergencyCode): string {
  const known = used ?? null;
  return known === null ? t("sealed.unused", { number }) : t("sealed.used", { number, name: known.by_name, day: formatDay(known.at) });
}

interface FreshProps {
  codes: readonly string[];
  onPrint: () => void;
  onDone: () => void;
}

function Fresh({ codes, onPrint, onDone }: FreshProps): JSX.Element {
  return (
    <>
      <p>{t("sealed.fresh")}</p>
      <ol className={security.codes} aria-label={t("sealed.list")}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className={styles.actions}>
        <Button icon={<Printer aria-hidden size={18} />} onPress={onPrint}>
          {t("sealed.print")}
        </Button>
        <Button variant="primary" onPress={onDone}>
          {t("sealed.done")}
        </Button>
      </div>
    </>
  );
}
