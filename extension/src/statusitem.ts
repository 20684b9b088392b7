import * as vscode from "vscode";

import { selector } from "./gomod.ts";
import { findingOf, ours } from "./findings.ts";
import type { Session } from "./session.ts";
import { section } from "./settings.ts";
import { statusOf } from "./status.ts";

const severities = {
  info: vscode.LanguageStatusSeverity.Information,
  warning: vscode.LanguageStatusSeverity.Warning,
  error: vscode.LanguageStatusSeverity.Error,
} as const;

/** Shows in the status bar how it stands with the go.mod that is open. */
export function showStatus(session: Session): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem("modreach", selector);
  item.name = "modreach";
  item.command = { command: "modreach.showActions", title: vscode.l10n.t("Actions") };
  const update = (): void => {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const status = statusOf(
      {
        trusted: vscode.workspace.isTrusted,
        server: session.server,
        enabled: vscode.workspace.getConfiguration(section).get<boolean>("enable", true),
        file: uri === undefined ? undefined : session.fileStatus(uri),
        findings: uri === undefined ? [] : ours(uri).map(findingOf),
      },
      vscode.l10n.t,
    );
    item.text = `modreach: ${status.text}`;
    item.detail = status.detail;
    item.severity = severities[status.severity];
    item.busy = status.busy;
  };
  update();
  return vscode.Disposable.from(
    item,
    session.onDidChange(update),
    vscode.languages.onDidChangeDiagnostics(update),
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.workspace.onDidGrantWorkspaceTrust(update),
    vscode.workspace.onDidChangeConfiguration(update),
  );
}
