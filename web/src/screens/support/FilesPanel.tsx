import { FileDown, FileUp, Save, X } from "lucide-react";
import { type JSX, useRef } from "react";

import type { SupportTerms } from "../../api/wire.ts";
import { t } from "../../i18n.ts";
import type { SupportState } from "../../remote/support-state.ts";
import { type FileTransfer, hasRoom, MOST_OPEN } from "../../remote/transfers.ts";
import type { Capability } from "../../remote/words.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../room/Panel.tsx";
import { fileName, sizeText } from "./console-text.ts";
import type { ConsoleActions } from "./Console.tsx";
import styles from "./Console.module.css";

interface FilesPanelProps {
  support: SupportState;
  limit: SupportTerms["file_limit"];
  may: (capability: Capability) => boolean;
  /** Files that were not sent, as they are too large. */
  tooLarge: readonly string[];
  /** And those that would have been too many at a time. */
  tooMany: readonly string[];
  actions: Pick<ConsoleActions, "askFile" | "cancelFile" | "saveFile" | "forgetFile">;
  onSend: (files: readonly File[]) => void;
  onClose: () => void;
}

/** Files both ways; the person at the computer is asked about each. */
export function FilesPanel({ support, limit, may, tooLarge, tooMany, actions, onSend, onClose }: FilesPanelProps): JSX.Element {
  const picker = useRef<HTMLInputElement>(null);
  const isThere = support.leads && support.phase.at !== "waiting" && support.phase.at !== "lost";
  const isPossible = isThere && hasRoom(support.files);
  return (
    <Panel title={t("console.files")} onClose={onClose}>
      <div className={styles.body}>
        <p className={styles.soft}>{t("console.files.text", { size: sizeText(limit.largest), most: limit.most })}</p>
        {!limit.programs && <p className={styles.soft}>{t("console.files.programs")}</p>}
        <div className={styles.row}>
          {may("file_in") && (
            <>
              <input
                ref={picker}
                type="file"
                multiple
                hidden
                aria-label={t("console.files.send")}
                onChange={({ target }) => {
                  onSend([...(target.files ?? [])]);
                  // The same file may be chosen again.
                  target.value = "";
                }}
              />
              <Button icon={<FileUp aria-hidden size={18} />} isDisabled={!isPossible} onPress={() => picker.current?.click()}>
                {t("console.files.send")}
              </Button>
            </>
          )}
          {may("file_out") && (
            <Button icon={<FileDown aria-hidden size={18} />} isDisabled={!isPossible} onPress={actions.askFile}>
              {t("console.files.get")}
            </Button>
          )}
        </div>
        <div role="alert" className={styles.answer}>
          {tooLarge.map((name) => (
            <Notice key={name} tone="warning">
              {t("console.files.tooLarge", { name, size: sizeText(limit.largest) })}
            </Notice>
          ))}
          {tooMany.map((name) => (
            <Notice key={name} tone="warning">
              {t("console.files.tooMany", { name, most: MOST_OPEN })}
            </Notice>
          ))}
        </div>
        {support.files.length === 0 && <p className={styles.soft}>{t("console.files.none")}</p>}
        <ul className={styles.files}>
          {support.files.map((file) => (
            <Transfer key={file.id} file={file} actions={actions} />
          ))}
        </ul>
      </div>
    </Panel>
  );
}

const UNDER_WAY: ReadonlySet<FileTransfer["state"]> = new Set(["preparing", "asked", "moving", "checking"] as const);

function Transfer({ file, actions }: { file: FileTransfer; actions: FilesPanelProps["actions"] }): JSX.Element {
  const { id, way, size, done, state, content } = file;
  const name = fileName(file);
  const isUnderWay = UNDER_WAY.has(state);
  return (
    <li className={styles.file}>
      <span className={styles.name} dir="auto">
        {name}
      </span>
      <span className={styles.soft}>{t(`console.files.${way}`)}</span>
      {state === "moving" && <progress className={styles.progress} max={size} value={done} aria-label={t("console.files.progress", { name, done: sizeText(done), size: sizeText(size) })} />}
      <span data-state={state}>{t(`console.files.state.${state}`)}</span>
      <div className={styles.row}>
        {isUnderWay && (
          <Button variant="quiet" icon={<X aria-hidden size={18} />} aria-label={t("console.files.cancel.name", { name })} onPress={() => actions.cancelFile(id)}>
            {t("console.files.cancel")}
          </Button>
        )}
        {content !== null && (
          <Button variant="primary" icon={<Save aria-hidden size={18} />} aria-label={t("console.files.save.name", { name })} onPress={() => actions.saveFile(file)}>
            {t("console.files.save")}
          </Button>
        )}
        {!isUnderWay && (
          <Button variant="quiet" aria-label={t("console.files.forget.name", { name })} onPress={() => actions.forgetFile(id)}>
            {t("console.files.forget")}
          </Button>
        )}
      </div>
    </li>
  );
}
