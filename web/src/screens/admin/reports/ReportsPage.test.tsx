import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { Api } from "../../../api/api.ts";
import type { Me } from "../../../api/wire.ts";
import { testWorld } from "../../../test-world.ts";
import { ReportsPage } from "./ReportsPage.tsx";

const USAGE = {
  report: "usage",
  from: "2026-11-01T00:00:00Z",
  to: "2026-11-27T00:00:00Z",
  made_at: "2026-11-26T09:00:00Z",
  figures: [{ name: "duration", unit: "seconds", value: 3_900 }],
  charts: [{ name: "meetings", unit: "count", points: [{ day: "2026-11-25T00:00:00Z", value: 0 }, { day: "2026-11-26T00:00:00Z", value: 4 }] }],
  columns: [{ name: "host", unit: "text" }, { name: "outcome", unit: "word" }, { name: "duration", unit: "seconds" }],
  rows: [["Dr Amy", "too_long", 3_900], ["Dr Bo", "live", null]],
  is_cut: true,
};

function show(answer: () => Response): string[] {
  const asked: string[] = [];
  const api = new Api((input) => {
    const path = String(input).replace("/api/v1/", "");
    if (path === "admin/views") return Promise.resolve(Response.json({ views: [] }));
    asked.push(path);
    return Promise.resolve(answer());
  });
  render(<ReportsPage world={testWorld({ api })} me={{ role: "account_manager" } as Me} onHome={() => {}} onExpired={() => {}} />);
  return asked;
}

it("shows figures, days and a table, and offers the same time as files", async () => {
  const asked = show(() => Response.json(USAGE));

  const table = await screen.findByRole("region", { name: "Table: Usage" });
  expect(within(table).getByText("Went on too long")).toBeTruthy();
  expect(within(table).getByText("1 h 5 min")).toBeTruthy();
  const chart = screen.getByRole("figure", { name: /Meetings/ });
  expect(within(chart).getByText("At most 4")).toBeTruthy();
  expect(within(chart).getByRole("row", { name: "Nov 26, 2026 4", hidden: true })).toBeTruthy();
  expect(screen.getByText(/Choose fewer days/)).toBeTruthy();
  const file = screen.getByRole("link", { name: "Download as CSV" });
  expect(file.getAttribute("href")).toBe(`/api/v1/admin/reports/usage?${new URLSearchParams({ from: USAGE.from, to: USAGE.to, format: "csv" }).toString()}`);
  expect(asked).toHaveLength(1);
});

it("shows the rows alone in which the words stand that are looked for", async () => {
  show(() => Response.json(USAGE));
  const user = userEvent.setup();
  const table = await screen.findByRole("region", { name: "Table: Usage" });

  await user.type(screen.getByLabelText("Only rows with"), "amy long");
  expect(within(table).getAllByRole("row")).toHaveLength(2);
  expect(within(table).getByText("Dr Amy")).toBeTruthy();

  await user.type(screen.getByLabelText("Only rows with"), " bo");
  expect(screen.getByText("No row has these words.")).toBeTruthy();
});

it("asks for the report that was chosen, and says why it is not shown", async () => {
  const user = userEvent.setup();
  const asked = show(() => Response.json({ code: "second_factor_required" }, { status: 403 }));

  await user.selectOptions(screen.getByLabelText("Report"), "Access review");

  expect(await screen.findByText(/needs a second step/)).toBeTruthy();
  expect(asked.at(-1)).toMatch(/^admin\/reports\/access\?from=/);
});
