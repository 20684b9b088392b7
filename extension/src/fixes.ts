import * as vscode from "vscode";

import { codeOf, ours } from "./findings.ts";

/** How many edits are asked for at once: a go.mod has rarely as many findings. */
const most = 1_000;

/** Gives what the server offers about the findings of a document, edits included. */
async function offered(document: vscode.TextDocument): Promise<vscode.CodeAction[]> {
  const whole = document.validateRange(new vscode.Range(0, 0, document.lineCount, 0));
  const all = await vscode.commands.executeCommand<(vscode.CodeAction | vscode.Command)[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    whole,
    vscode.CodeActionKind.QuickFix.value,
    most,
  );
  return all.filter(
    (action): action is vscode.CodeAction => "edit" in action || "diagnostics" in action || "kind" in action,
  );
}

/** Carries out one of the actions that have a command; the user chooses where there are several. */
export async function runAction(document: vscode.TextDocument, command: string): Promise<void> {
  const actions = (await offered(document)).filter((action) => action.command?.command === command);
  const items = actions.map((action) => ({ label: action.title, action }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("Nothing here calls for GOPRIVATE."));
    return;
  }
  const chosen = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items);
  const wanted = chosen?.action.command;
  if (wanted !== undefined) {
    await vscode.commands.executeCommand(wanted.command, ...((wanted.arguments ?? []) as unknown[]));
  }
}

/** Applies the preferred fixes of all findings that have one code, as one edit. */
export async function fixAll(document: vscode.TextDocument): Promise<void> {
  const codes = new Set(ours(document.uri).map(codeOf));
  const preferred = (await offered(document)).filter((action) => action.isPreferred === true);
  const items = [...codes]
    .map((code) => ({
      code,
      actions: preferred.filter((action) =>
        action.diagnostics?.some((d) => d.source === "modreach" && codeOf(d) === code),
      ),
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
  await vscode.workspace.applyEdit(edit);
  for (const { command } of chosen.actions) {
    if (command !== undefined) {
      await vscode.commands.executeCommand(command.command, ...((command.arguments ?? []) as unknown[]));
    }
  }
}
