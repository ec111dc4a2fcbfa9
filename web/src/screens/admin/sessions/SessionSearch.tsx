import { CircleStop, Laptop, Search as Loupe, UserRound, UsersRound } from "lucide-react";
import type { JSX } from "react";

import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Choice } from "../../../ui/Choice.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { useAction } from "../../use-action.ts";
import type { Days } from "../days.ts";
import styles from "./Sessions.module.css";

/** What is looked for. Empty is anything. */
export interface Search extends Days {
  host: string;
  group: string;
  device: string;
  outcome: string;
}

interface SessionSearchProps {
  search: Search;
  hosts: readonly Option[];
  groups: readonly Option[];
  onChange: (search: Search) => void;
  onSearch: () => Promise<void>;
}

type Option = { value: string; label: string };

const DEVICES = ["chrome", "edge", "firefox", "safari", "other_browser", "program"] as const;
const OUTCOMES = ["live", "ended", "host", "administrator", "empty", "host_absent", "too_long"] as const;

/** By day, host, group, device and outcome. */
export function SessionSearch({ search, hosts, groups, onChange, onSearch }: SessionSearchProps): JSX.Element {
  const { run, isRunning } = useAction(onSearch);
  const any = { value: "", label: t("sessions.any") };
  const change = (key: keyof Search) => (value: string) => onChange({ ...search, [key]: value });
  return (
    <form
      className={styles.search}
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      <TextField label={t("days.from")} type="date" value={search.from} onChange={change("from")} />
      <TextField label={t("days.to")} type="date" value={search.to} onChange={change("to")} />
      <Choice label={t("sessions.host")} icon={<UserRound aria-hidden />} value={search.host} options={[any, ...hosts]} onChange={change("host")} />
      <Choice label={t("sessions.group")} icon={<UsersRound aria-hidden />} value={search.group} options={[any, ...groups]} onChange={change("group")} />
      <Choice
        label={t("sessions.device")}
        icon={<Laptop aria-hidden />}
        value={search.device}
        options={[any, ...DEVICES.map((value) => ({ value, label: t(`sessions.device.${value}`) }))]}
        onChange={change("device")}
      />
      <Choice
        label={t("sessions.outcome")}
        icon={<CircleStop aria-hidden />}
        value={search.outcome}
        options={[any, ...OUTCOMES.map((value) => ({ value, label: t(`sessions.outcome.${value}`) }))]}
        onChange={change("outcome")}
      />
      <Button type="submit" variant="primary" isBusy={isRunning} icon={<Loupe aria-hidden />}>
        {t("sessions.search")}
      </Button>
    </form>
  );
}
