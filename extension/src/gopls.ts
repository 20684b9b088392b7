import * as vscode from "vscode";

import { blocked } from "./findings.ts";
import { type Blocked, distinct, recovered } from "./recovery.ts";
import type { Session } from "./session.ts";
import { section } from "./settings.ts";

/** The command of the Go extension. */
const restartGopls = "go.languageserver.restart";

/** How long findings have to stay away before they count as gone, in milliseconds: a check makes them come and go. */
const calm = 2_000;

/** Offers to restart gopls, which does not look again by itself, once a module that was blocked can be had. */
export function offerRestart(session: Session): vscode.Disposable {
  const before = new Map<string, readonly Blocked[]>();
  const timers = new Map<string, NodeJS.Timeout>();
  let offered = false;

  const look = async (uri: vscode.Uri): Promise<void> => {
    const key = uri.toString();
    const settings = vscode.workspace.getConfiguration(section);
    if (
      offered ||
      session.server !== "running" ||
      session.checking ||
      !vscode.workspace.isTrusted ||
      !settings.get<boolean>("enable", true) ||
      settings.get("network") !== "on"
    ) {
      return;
    }
    const after = blocked(uri);
    const text = vscode.workspace.textDocuments.find((document) => document.uri.toString() === key)?.getText();
    const back = recovered(before.get(key) ?? [], after, text ?? "");
    before.set(key, after);
    const [module] = back;
    if (module === undefined || !(await vscode.commands.getCommands(true)).includes(restartGopls)) {
      return;
    }
    offered = true;
    const restart = vscode.l10n.t("Restart gopls");
    const message =
      back.length === 1
        ? vscode.l10n.t("{0} can be fetched now. gopls looks again after a restart.", module)
        : vscode.l10n.t("{0} modules can be fetched now. gopls looks again after a restart.", back.length);
    const chosen = await vscode.window.showInformationMessage(message, restart);
    offered = false;
    if (chosen === restart) {
      await vscode.commands.executeCommand(restartGopls);
    }
  };

  return vscode.Disposable.from(
    vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      for (const uri of uris.filter(({ path }) => path.endsWith("/go.mod"))) {
        // Who mends it at once is to be told, too.
        before.set(uri.toString(), distinct([...(before.get(uri.toString()) ?? []), ...blocked(uri)]));
        clearTimeout(timers.get(uri.toString()));
        timers.set(
          uri.toString(),
          setTimeout(() => void look(uri), calm),
        );
      }
    }),
    new vscode.Disposable(() => {
      for (const timer of timers.values()) {
        clearTimeout(timer);
      }
    }),
  );
}
