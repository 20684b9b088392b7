import * as vscode from "vscode";

import { section } from "./settings.ts";
import { withChange, workspaceChange } from "./workspacechange.ts";

/**
 * Changes variables of the go command in the settings of the workspace: in ours, and where the Go
 * extension is there, in its own, so that gopls and its terminals go the same way. Where a folder of
 * several has the setting for itself it is changed there, as it counts; without a workspace it is the
 * user's.
 */
export async function setWorkspaceEnv(order: unknown): Promise<void> {
  const change = workspaceChange(order);
  const folder = vscode.workspace.workspaceFolders?.[0];
  for (const [name, key] of [
    ["go", "toolsEnvVars"],
    [section, "env"],
  ] as const) {
    const settings = vscode.workspace.getConfiguration(name, folder?.uri);
    const seen = settings.inspect<Record<string, unknown>>(key);
    if (seen?.defaultValue === undefined) {
      continue; // nobody here has such a setting
    }
    if (folder === undefined) {
      await settings.update(key, withChange(seen.globalValue ?? {}, change), vscode.ConfigurationTarget.Global);
    } else if (vscode.workspace.workspaceFile !== undefined && seen.workspaceFolderValue !== undefined) {
      const target = vscode.ConfigurationTarget.WorkspaceFolder;
      await settings.update(key, withChange(seen.workspaceFolderValue, change), target);
    } else {
      await settings.update(key, withChange(seen.workspaceValue ?? {}, change), vscode.ConfigurationTarget.Workspace);
    }
  }
}
