import { LogIn } from "lucide-react";
import type { JSX } from "react";

import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import forms from "../forms.module.css";
import { useAction } from "../use-action.ts";

interface WithProviderProps {
  /** What people call the organisation's identity provider. */
  name: string;
  text?: string | undefined;
  /** Leaves this page. */
  onLeave: () => Promise<void>;
}

/** The way by the organisation's own sign-in. */
export function WithProvider({ name, text, onLeave }: WithProviderProps): JSX.Element {
  const { isRunning, failure, run } = useAction(onLeave);
  return (
    <div className={forms.form}>
      {text !== undefined && <p>{text}</p>}
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <Button isWide isBusy={isRunning} icon={<LogIn aria-hidden size={18} />} onPress={() => run()}>
        {t("provider.signIn", { name })}
      </Button>
    </div>
  );
}
