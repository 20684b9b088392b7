import * as vscode from "vscode";

import type { Finding } from "./status.ts";

/** source is what the server signs its diagnostics with. */
const source = "modreach";

const severities = {
  [vscode.DiagnosticSeverity.Error]: "error",
  [vscode.DiagnosticSeverity.Warning]: "warning",
  [vscode.DiagnosticSeverity.Information]: "info",
  [vscode.DiagnosticSeverity.Hint]: "hint",
} as const;

/** Gives the server's diagnostics of a file. */
export function ours(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter((d) => d.source === source);
}

/** Gives the code of a diagnostic; empty if it has none. */
export function codeOf(d: vscode.Diagnostic): string {
  return String(typeof d.code === "object" ? d.code.value : (d.code ?? ""));
}

/** Gives a diagnostic as a finding, with its line from 1 on. */
export function findingOf(d: vscode.Diagnostic): Finding & { readonly message: string } {
  return { line: d.range.start.line + 1, code: codeOf(d), severity: severities[d.severity], message: d.message };
}
