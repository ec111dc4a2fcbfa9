import type { JSX } from "react";

import { t } from "../../i18n.ts";
import type { SupportState } from "../../remote/support-state.ts";
import type { Capability } from "../../remote/words.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { whatText } from "./console-text.ts";

interface AskForProps {
  what: Capability;
  /** What is lacking, in words. */
  need: string;
  support: Pick<SupportState, "asked" | "leads" | "phase">;
  onAsk: (what: Capability) => void;
}

/** In a panel whose matter the person at the computer has not permitted. */
export function AskFor({ what, need, support: { asked, leads, phase }, onAsk }: AskForProps): JSX.Element {
  const isPossible = leads && !asked.has(what) && phase.at !== "waiting" && phase.at !== "lost";
  return (
    <Notice
      tone="info"
      action={
        <Button isDisabled={!isPossible} aria-label={`${t("console.ask")}: ${whatText(what)}`} onPress={() => onAsk(what)}>
          {t("console.ask")}
        </Button>
      }
    >
      {asked.has(what) ? t("console.pending", { what: whatText(what) }) : need}
    </Notice>
  );
}
