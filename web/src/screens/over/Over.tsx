import type { JSX, ReactNode } from "react";

import type { Ending } from "../../call/session.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Card, Frame } from "../frame/Frame.tsx";
import forms from "../forms.module.css";

interface OverProps {
  how: Ending;
  /** Back to the door, for a fresh seat. */
  onAgain: () => void;
  /** Back into the same seat. */
  onTakeBack: () => void;
  onHome: () => void;
  /** What else is asked of them. */
  children?: ReactNode;
}

/** After a meeting: what happened, and the one thing that may follow. */
export function Over({ how, onAgain, onTakeBack, onHome, children }: OverProps): JSX.Element {
  return (
    <Frame title={t(`over.${how}.title`)}>
      <Card>
        <p>{t(`over.${how}.text`)}</p>
        <div className={forms.row}>
          {(how === "left" || how === "expired") && (
            <Button variant="primary" onPress={onAgain}>
              {t("over.rejoin")}
            </Button>
          )}
          {(how === "replaced" || how === "locked") && (
            <Button variant="primary" onPress={onTakeBack}>
              {how === "replaced" ? t("over.here") : t("app.again")}
            </Button>
          )}
          <Button onPress={onHome}>{t("app.home")}</Button>
        </div>
      </Card>
      {children}
    </Frame>
  );
}
