import { CircleDot, Monitor, Search as Loupe, UserRound, UsersRound } from "lucide-react";
import type { JSX } from "react";

import type { RecordingsAsked } from "../../../api/recordings.ts";
import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Choice } from "../../../ui/Choice.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { useAction } from "../../use-action.ts";
import { boundsOf, type Days } from "../days.ts";
import styles from "../sessions/Sessions.module.css";

/** What is looked for. Empty is anything. */
export interface Search extends Days {
  technician: string;
  group: string;
  device: string;
  state: string;
}

export type Option = { value: string; label: string };

interface RecordingSearchProps {
  search: Search;
  technicians: readonly Option[];
  groups: readonly Option[];
  devices: readonly Option[];
  onChange: (search: Search) => void;
  onSearch: () => Promise<void>;
}

export const ANYTHING: Search = { from: "", to: "", technician: "", group: "", device: "", state: "" };

const STATES = ["open", "whole", "incomplete", "damaged", "deleted"] as const;
/** Before and after all others: where a day is left open. */
const FIRST_DAY = "0100-01-01";
const LAST_DAY = "9998-12-31";

/** As the server is asked; `null` where the last day is before the first. */
export function asked({ from, to, ...rest }: Search): RecordingsAsked | null {
  const bounds = boundsOf({ from: from === "" ? FIRST_DAY : from, to: to === "" ? LAST_DAY : to });
  if (bounds === null) return null;
  return { ...rest, from: from === "" ? "" : bounds.from, to: to === "" ? "" : bounds.to };
}

/** By day, technician, group, computer and state. */
export function RecordingSearch({ search, technicians, groups, devices, onChange, onSearch }: RecordingSearchProps): JSX.Element {
  const { run, isRunning } = useAction(onSearch);
  const any = { value: "", label: t("recordings.any") };
  const change = (key: keyof Search) => (value: string) => onChange({ ...search, [key]: value });
  return (
    <search>
      <form
        className={styles.search}
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <TextField label={t("recordings.from")} type="date" value={search.from} onChange={change("from")} />
        <TextField label={t("recordings.to")} type="date" value={search.to} onChange={change("to")} />
        <Choice label={t("recordings.technician")} icon={<UserRound aria-hidden />} value={search.technician} options={[any, ...technicians]} onChange={change("technician")} />
        <Choice label={t("recordings.group")} icon={<UsersRound aria-hidden />} value={search.group} options={[any, ...groups]} onChange={change("group")} />
        <Choice label={t("recordings.device")} icon={<Monitor aria-hidden />} value={search.device} options={[any, ...devices]} onChange={change("device")} />
        <Choice
          label={t("recordings.state")}
          icon={<CircleDot aria-hidden />}
          value={search.state}
          options={[any, ...STATES.map((value) => ({ value, label: t(`recordings.is.${value}`) }))]}
          onChange={change("state")}
        />
        <Button type="submit" variant="primary" isBusy={isRunning} icon={<Loupe aria-hidden />}>
          {t("recordings.search")}
        </Button>
      </form>
    </search>
  );
}
