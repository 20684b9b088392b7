import * as vscode from "vscode";

import { section } from "./settings.ts";

/**
 * Puts variables of the go command into the settings of the workspace: into ours, and where the Go
 * extension is there, into its own, so that gopls and its terminals go the same way. Without a
 * workspace they go to the user's settings.
 */
export async function setWorkspaceEnv(order: unknown): Promise<void> {
  const values = valuesOf(order);
  const folder = vscode.workspace.workspaceFolders?.[0];
  const target = folder === undefined ? vscode.ConfigurationTarget.Global : vscode.ConfigurationTarget.Workspace;
  for (const [name, key] of [
    ["go", "toolsEnvVars"],
    [section, "env"],
  ] as const) {
    const settings = vscode.workspace.getConfiguration(name);
    const seen = settings.inspect<Record<string, unknown>>(key);
    if (seen?.defaultValue === undefined) {
      continue; // nobody here has such a setting
    }
    const old = folder === undefined ? seen.globalValue : seen.workspaceValue;
    await settings.update(key, { ...old, ...values }, target);
  }
}

/** Reads the variables in the argument of the command. */
function valuesOf(order: unknown): Record<string, string> {
  const values: Record<string, string> = {};
  const given = typeof order === "object" && order !== null && "env" in order ? order.env : undefined;
  if (typeof given === "object" && given !== null) {
    for (const [name, value] of Object.entries(given)) {
      if (/^GO[A-Z]+$/.test(name) && typeof value === "string") {
        values[name] = value;
      }
    }
  }
  return values;
}
