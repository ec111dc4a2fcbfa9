import type { JSX } from "react";

import { t } from "../../i18n.ts";
import { TextArea } from "../../ui/TextArea.tsx";
import { Panel } from "../room/Panel.tsx";
import styles from "./Console.module.css";

interface NotesPanelProps {
  notes: string;
  onChange: (notes: string) => void;
  onClose: () => void;
}

/** In characters. */
const LONGEST = 10_000;

/** What technicians write down for themselves: it leaves the page by their own hand alone. */
export function NotesPanel({ notes, onChange, onClose }: NotesPanelProps): JSX.Element {
  return (
    <Panel title={t("console.notes")} onClose={onClose}>
      <div className={styles.body}>
        <TextArea label={t("console.notes.label")} hint={t("console.notes.hint")} value={notes} onChange={onChange} error={null} maxLength={LONGEST} />
      </div>
    </Panel>
  );
}
