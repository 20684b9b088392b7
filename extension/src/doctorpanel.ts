import { execFile } from "node:child_process";
import * as path from "node:path";

import * as vscode from "vscode";

import { doctorArguments, type Examination, pageOf } from "./doctor.ts";
import type { Launch } from "./session.ts";
import { section } from "./settings.ts";

/** How long an examination may take, in milliseconds: it gives up on silent hosts by itself well before that. */
const patience = 60_000;

/** How large a page may be, in bytes: one of a thousand modules takes a few million. */
const pageMax = 64 << 20;

/** DoctorPanel shows what the doctor finds, in one panel that is used again. */
export class DoctorPanel implements vscode.Disposable {
  #panel: vscode.WebviewPanel | undefined;

  /** Examines the machine with the program and the environment of the server. Rejects with what went wrong. */
  async show(launch: Launch): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      throw new Error(vscode.l10n.t("The doctor runs the go command, for which the workspace has to be trusted."));
    }
    if (vscode.workspace.getConfiguration(section).get("network") === "off") {
      throw new Error(vscode.l10n.t("The doctor runs the go command, which the setting modreach.network forbids."));
    }
    const title = vscode.l10n.t("modreach: examining this machine");
    const examination = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () =>
      examine(launch),
    );
    let html: string;
    try {
      html = pageOf(examination);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(vscode.l10n.t("The doctor could not do its work: {0}", reason), { cause: error });
    }
    if (this.#panel === undefined) {
      // The page runs nothing and loads nothing; its own policy says so, too.
      this.#panel = vscode.window.createWebviewPanel("modreach.doctor", "modreach doctor", vscode.ViewColumn.Active, {
        enableScripts: false,
        enableForms: false,
        localResourceRoots: [],
      });
      this.#panel.onDidDispose(() => {
        this.#panel = undefined;
      });
    }
    this.#panel.webview.html = html;
    this.#panel.reveal();
  }

  dispose(): void {
    this.#panel?.dispose();
  }
}

function examine(launch: Launch): Promise<Examination> {
  const network = vscode.workspace.getConfiguration(section).get("network", "on");
  const options = { cwd: directory(), env: launch.env, timeout: patience, maxBuffer: pageMax };
  return new Promise((resolve) => {
    execFile(launch.command, doctorArguments(network), options, (error, stdout, stderr) => {
      resolve({ stdout, stderr: stderr === "" ? (error?.message ?? "") : stderr });
    });
  });
}

/** Gives the directory whose module is examined: that of the go.mod in front of the user, or the first folder. */
function directory(): string | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  if (uri?.scheme === "file" && path.basename(uri.fsPath) === "go.mod") {
    return path.dirname(uri.fsPath);
  }
  return vscode.workspace.workspaceFolders?.find((folder) => folder.uri.scheme === "file")?.uri.fsPath;
}
