import * as vscode from "vscode";

import type { Session } from "./session.ts";

/** The command of the Go extension. */
const restartGopls = "go.languageserver.restart";

/** Offers to restart gopls, which does not look again by itself, once a module that was blocked can be fetched. */
export function offerRestart(session: Session): vscode.Disposable {
  let offered = false;
  return session.onDidRecover(async ([module, ...others]) => {
    if (offered || module === undefined || !(await vscode.commands.getCommands(true)).includes(restartGopls)) {
      return;
    }
    offered = true;
    const restart = vscode.l10n.t("Restart gopls");
    const message =
      others.length === 0
        ? vscode.l10n.t("{0} can be fetched now. gopls looks again after a restart.", module)
        : vscode.l10n.t("{0} modules can be fetched now. gopls looks again after a restart.", others.length + 1);
    const chosen = await vscode.window.showInformationMessage(message, restart);
    offered = false;
    if (chosen === restart) {
      await vscode.commands.executeCommand(restartGopls);
    }
  });
}
