import type { Difference } from "./loginshell.ts";
import type { Finding } from "./status.ts";
import { redactText, redactValue } from "./secret.ts";

/** Facts are what a report for others is made of. */
export interface Facts {
  readonly extension: string;
  readonly editor: string;
  readonly system: string;
  readonly server: string;
  readonly trusted: boolean;
  /** Settings that are not the default, by name. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What differs from a login shell; undefined where that is not known. */
  readonly differences: readonly Difference[] | undefined;
  /** Findings by file, files named from the workspace on. */
  readonly findings: readonly (Finding & { readonly file: string; readonly message: string })[];
}

/** Writes a report in Markdown in which no secret stands. */
export function supportReport(facts: Facts): string {
  const settings = Object.entries(facts.settings).map(([name, value]) => `${name}: ${shown(name, value)}`);
  const findings = facts.findings.map(
    (f) => `${f.file}:${String(f.line)}: ${f.severity}: ${redactText(f.message)} [${f.code}]`,
  );
  const lines = [
    `- extension: ${facts.extension}`,
    `- server: ${redactText(facts.server)}`,
    `- editor: ${facts.editor}`,
    `- system: ${facts.system}`,
    `- workspace trusted: ${facts.trusted ? "yes" : "no"}`,
  ];
  return [
    "## modreach",
    lines.join("\n"),
    block("Settings", settings),
    facts.differences === undefined ? "" : block("Differences from a login shell", facts.differences.map(difference)),
    block("Findings", findings),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

/** Writes one difference on a line. */
export function difference(d: Difference): string {
  return `${d.name}: ${d.editor ?? "(not set)"} | ${d.shell ?? "(not set)"}`;
}

function block(title: string, lines: readonly string[]): string {
  return [`### ${title}`, "```text", ...(lines.length === 0 ? ["none"] : lines), "```"].join("\n");
}

/** Writes the value of a setting down; the values of an object count as variables. */
function shown(name: string, value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) =>
    typeof inner === "string" ? redactValue(key === "" ? name : key, inner) : inner,
  );
}
