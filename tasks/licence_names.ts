import { UserError } from "../lib/errors.ts";

/**
 * Licences, by their SPDX names, under which what we use may come: none of them asks anything of a
 * project that uses a package unchanged, as a library or a tool, but to keep its notice. `BSD` is
 * what packages say that do not name the number of clauses.
 */
const ALLOWED = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "EPL-1.0",
  "EPL-2.0",
  "ISC",
  "MIT",
  "MIT-0",
  "MIT-CMU",
  "MPL-2.0",
  "PSF-2.0",
  "Unlicense",
  "ZPL-2.1",
  "Zlib",
]);

/** Packages that may come under a licence that is not in {@linkcode ALLOWED}, with the reason. */
export const EXCEPTIONS: Readonly<Record<string, string>> = {
  pygit2: "A part of DVC, which runs as a program of its own; its exception allows linking.",
};

/** What packages write that name no SPDX licence. */
const WRITTEN: Readonly<Record<string, string>> = {
  "3-Clause BSD License": "BSD-3-Clause",
  "Apache 2.0": "Apache-2.0",
  "Apache License 2.0": "Apache-2.0",
  "Apache License, Version 2.0": "Apache-2.0",
  "Apache Software License": "Apache-2.0",
  "BSD 3-Clause OR Apache-2.0": "BSD-3-Clause OR Apache-2.0",
  "BSD License": "BSD",
  "GPLv2 with linking exception": "GPL-2.0-only WITH GCC-exception-2.0",
  "GPLv2 | EPLv1": "GPL-2.0-only OR EPL-1.0",
  "MIT License": "MIT",
  "MIT license": "MIT",
  "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
  "New BSD": "BSD-3-Clause",
  "PSFL": "PSF-2.0",
  "Python Software Foundation License": "PSF-2.0",
  // python-dateutil.
  "Dual License": "Apache-2.0 OR BSD-3-Clause",
};

/** Packages whose metadata name none; read in the licence that they carry. */
const READ: Readonly<Record<string, string>> = { huey: "MIT", skops: "MIT" };

/** Python packages that no Linux or newer Python installs; as PyPI has them. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "async-timeout": "Apache-2.0",
  colorama: "BSD-3-Clause",
  coloredlogs: "MIT",
  exceptiongroup: "MIT",
  greenlet: "MIT AND PSF-2.0",
  humanfriendly: "MIT",
  mpmath: "BSD-3-Clause",
  pyreadline3: "BSD-3-Clause",
  pytz: "MIT",
  pywin32: "PSF-2.0",
  sympy: "BSD-3-Clause",
  tomli: "MIT",
  tzdata: "Apache-2.0",
  waitress: "ZPL-2.1",
  xgboost: "Apache-2.0",
};

/**
 * SPDX name of what a package writes about its licence.
 *
 * @param written Nothing where the package is not installed here.
 * @throws {UserError} where it says nothing that we know.
 */
export function licenceName(name: string, written: string | undefined): string {
  if (written === undefined && name in ELSEWHERE) return ELSEWHERE[name]!;
  if (name in READ) return READ[name]!;
  const text = written?.replace(/^\((.*)\)$/, "$1") ?? "";
  const spdx = WRITTEN[text] ?? text;
  if (/^[\w.-]+(?: (?:AND|OR|WITH) \(?[\w.-]+\)?)*$/.test(spdx.replace(/ \(([^()]*)\)/g, " $1"))) {
    return spdx;
  }
  throw new UserError(
    `The package ${name} says "${text}" of its licence. Read it, and add its SPDX name to ` +
      "tasks/licence_names.ts.",
  );
}

/**
 * Whether a package may be used under a licence: one that is allowed where there is a choice, all
 * of them where several hold.
 */
export function isAllowed(name: string, spdx: string): boolean {
  return name in EXCEPTIONS || holds(spdx);
}

function holds(spdx: string): boolean {
  const inner = /\(([^()]*)\)/.exec(spdx);
  // What stands in parentheses becomes one name that is allowed or not.
  if (inner) return holds(spdx.replace(inner[0], holds(inner[1]!) ? "MIT" : "refused"));
  return spdx.split(" OR ").some((choice) =>
    choice.split(" AND ").every((licence) => ALLOWED.has(licence))
  );
}
