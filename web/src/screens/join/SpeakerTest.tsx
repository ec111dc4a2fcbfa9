import { Volume2 } from "lucide-react";
import { type JSX, useRef, useState } from "react";

import { playTest } from "../../call/sound.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { useKeptFocus } from "../../ui/use-kept-focus.ts";
import forms from "../forms.module.css";
import styles from "./PreJoin.module.css";

type Step = "ready" | "playing" | "asking" | "good" | "help" | "silent";

/** Plays a short sound and asks whether it was heard. */
export function SpeakerTest({ speakerId }: { speakerId: string | undefined }): JSX.Element {
  const [step, setStep] = useState<Step>("ready");

  const box = useRef<HTMLDivElement>(null);
  useKeptFocus(box, () => box.current?.querySelector("button"));

  async function play(): Promise<void> {
    setStep("playing");
    setStep((await playTest(speakerId)) ? "asking" : "silent");
  }

  return (
    <div className={styles.test} ref={box}>
      <Button icon={<Volume2 aria-hidden />} onPress={() => void play()} isBusy={step === "playing"}>
        {step === "playing" ? t("speaker.playing") : t("speaker.test")}
      </Button>
      <div role="status" className={styles.test}>
        {step === "asking" && (
          <>
            <p>{t("speaker.question")}</p>
            <div className={forms.row}>
              <Button onPress={() => setStep("good")}>{t("speaker.yes")}</Button>
              <Button onPress={() => setStep("help")}>{t("speaker.no")}</Button>
            </div>
          </>
        )}
        {step === "good" && <p>{t("speaker.good")}</p>}
        {step === "silent" && <Notice tone="warning">{t("speaker.silent")}</Notice>}
        {step === "help" && <Notice tone="info">{t("speaker.help")}</Notice>}
      </div>
    </div>
  );
}
