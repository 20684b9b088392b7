import * as vscode from "vscode";

import { codeOf, ours } from "./findings.ts";
import type { Session } from "./session.ts";
import { workspaceChange } from "./workspacechange.ts";

/**
 * Adds a pattern to GOPRIVATE or the like by one of the commands that do so; the user chooses where there are several
 * patterns.
 */
export async function addPrivate(session: Session, document: vscode.TextDocument, command: string): Promise<void> {
  const offered = await session.actions(document, ours(document.uri));
  const adding = offered.filter((action) => workspaceChange(action.command?.arguments?.[0]).pattern !== "");
  const items = adding
    .filter((action) => action.command?.command === command)
    .map((action) => ({ label: action.title, action }));
  if (items.length === 0) {
    const message =
      adding.length === 0
        ? vscode.l10n.t("Nothing here calls for GOPRIVATE.")
        : vscode.l10n.t(
            "What go env -w writes would not count here: the settings of the editor or the environment go first.",
          );
    void vscode.window.showInformationMessage(message);
    return;
  }
  const chosen = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items);
  const wanted = chosen?.action.command;
  if (wanted !== undefined) {
    await vscode.commands.executeCommand(wanted.command, ...((wanted.arguments ?? []) as unknown[]));
  }
}

/** Applies the preferred fixes of all findings that have one code, as one edit. */
export async function fixAll(session: Session, document: vscode.TextDocument): Promise<void> {
  const diagnostics = ours(document.uri);
  const version = document.version;
  const codes = new Set(diagnostics.map(codeOf));
  const preferred = (await session.actions(document, diagnostics)).filter((action) => action.isPreferred === true);
  const items = [...codes]
    .map((code) => ({
      code,
      actions: preferred.filter((action) => action.diagnostics?.some((d) => codeOf(d) === code)),
    }))
    .filter(({ actions }) => actions.length > 0)
    .map(({ code, actions }) => ({ label: code, detail: actions.map(({ title }) => title).join("; "), actions }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("There is no fix that is clearly the right one."));
    return;
  }
  const placeHolder = vscode.l10n.t("Which cause is to be fixed on every line?");
  const chosen = await vscode.window.showQuickPick(items, { placeHolder });
  if (chosen === undefined) {
    return;
  }
  const edit = new vscode.WorkspaceEdit();
  for (const [uri, edits] of chosen.actions.flatMap((action) => action.edit?.entries() ?? [])) {
    edit.set(uri, [...edit.get(uri), ...edits]);
  }
  // An edit of nothing is not applied, for VS Code.
  if (document.version !== version || (edit.size > 0 && !(await vscode.workspace.applyEdit(edit)))) {
    throw new Error(vscode.l10n.t("The file has changed meanwhile, and nothing was fixed. Try again."));
  }
  for (const { command } of chosen.actions) {
    if (command !== undefined) {
      await vscode.commands.executeCommand(command.command, ...((command.arguments ?? []) as unknown[]));
    }
  }
}
