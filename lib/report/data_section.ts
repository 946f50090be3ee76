import type { ReportInput } from "./report_input.ts";
import { tableHtml } from "./table.ts";

/** The rows and weeks that were learned from and validated on, what was missing, and hashes. */
export function dataSection({ profile, hashes }: ReportInput): string {
  const { rows, weeks, stores, departments, dropped, nulls } = profile;
  const count = (value: number) => value.toLocaleString("en-US");
  const all = rows.train + rows.validation;
  const part = (name: string, rows: number, { first, last, count: number }: typeof weeks.all) => ({
    name,
    cells: [count(rows), first, last, count(number)],
  });
  return [
    `<p>${count(stores)} stores, ${count(departments)} departments.</p>`,
    tableHtml({
      id: "data-rows",
      caption: "Rows: one for each store, department and week",
      columns: ["Part", "Rows", "First week", "Last week", "Weeks"],
      groups: [{
        rows: [
          part("training", rows.train, weeks.train),
          part("validation", rows.validation, weeks.validation),
          part("all", all, weeks.all),
        ],
      }],
    }),
    ...dropped.length > 0
      ? [tableHtml({
        id: "data-dropped",
        caption: "Raw rows left out",
        columns: ["Reason", "Rows"],
        groups: [{
          rows: dropped.map(({ reason, rows }) => ({ name: reason, cells: [count(rows)] })),
        }],
      })]
      : [],
    ...Object.keys(nulls).length > 0
      ? [tableHtml({
        id: "data-missing",
        caption: "Missing values",
        columns: ["Column", "Rows", "Share"],
        groups: [{
          rows: Object.entries(nulls).map(([name, missing]) => ({
            name,
            cells: [count(missing), `${(100 * missing / all).toFixed(1)} %`],
          })),
        }],
      })]
      : [],
    tableHtml({
      id: "data-hashes",
      caption: "SHA-256 of the files that models learn from and are validated on",
      columns: ["File", "SHA-256"],
      groups: [{ rows: Object.entries(hashes).map(([name, hash]) => ({ name, cells: [hash] })) }],
      words: true,
    }),
  ].join("\n");
}
