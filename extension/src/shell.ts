import { execFile } from "node:child_process";
import { promisify } from "node:util";

import * as vscode from "vscode";

import { bareEnvironment, differences, type Difference, parseShell, shellArguments } from "./loginshell.ts";
import { environment } from "./settings.ts";

/** How long a login shell may take to start, in milliseconds: some people's start-up files do a lot. */
const patience = 10_000;

/** Gives what this editor and a login shell see differently; undefined where there is no such shell, or it does not tell. */
export async function compareWithShell(): Promise<Difference[] | undefined> {
  const shell = vscode.env.shell;
  if (process.platform === "win32" || shell === "" || !vscode.workspace.isTrusted) {
    return undefined;
  }
  const env = await environment();
  const editor = { ...process.env, ...env.settings, ...(env.path === undefined ? {} : { PATH: env.path }) };
  try {
    const asked = promisify(execFile)(shell, shellArguments(process.execPath), {
      timeout: patience,
      killSignal: "SIGKILL", // an interactive shell does not heed the usual one
      env: bareEnvironment(process.env),
    });
    asked.child.stdin?.end();
    const seen = parseShell((await asked).stdout);
    return seen === undefined ? undefined : differences(editor, seen);
  } catch {
    return undefined;
  }
}
