import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";

import * as vscode from "vscode";

import {
  expand,
  goDirectory,
  pathOf,
  serverEnvironment,
  type ServerEnvironment,
  type Surroundings,
} from "./environment.ts";
import { chooseProgram, findInPath, type Program } from "./program.ts";

/** section is where our settings are. */
export const section = "modreach";

/** Those of our settings that are for the server. */
const forServer = [
  "enable",
  "watch",
  "env",
  "network",
  "timeout",
  "recheckInterval",
  "mirrors",
  "privatePatterns",
  "severity",
  "codeLens",
  "inlayHints",
  "trace",
] as const;

const windows = process.platform === "win32";

/** How long a go command may take to tell where it lives, in milliseconds: it reads one file. */
const goTimeout = 5_000;

/** Gives what settings of this editor refer to. */
export function surroundings(): Surroundings {
  return { process: process.env, folder: folder()?.uri.fsPath, home: os.homedir(), windows };
}

function folder(): vscode.WorkspaceFolder | undefined {
  return vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file");
}

/** Chooses the server; undefined if there is none. */
export function program(context: vscode.ExtensionContext, searched: string | undefined): Program | undefined {
  const around = surroundings();
  return chooseProgram(
    {
      setting: vscode.workspace.getConfiguration(section).get("path", ""),
      folder: around.folder,
      home: around.home,
      bundled: context.asAbsolutePath(path.join("dist", windows ? "modreach.exe" : "modreach")),
      path: searched ?? pathOf(around),
      windows,
    },
    isProgram,
  );
}

/** Reports whether a file can be run. */
function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Gives the environment that the settings of the Go extension and ours ask for. */
export async function environment(): Promise<ServerEnvironment> {
  const ours = vscode.workspace.getConfiguration(section);
  const around = surroundings();
  const goroot = text(ofGo("goroot"));
  const alternate = text(member(ofGo("alternateTools"), "go"));
  return serverEnvironment(
    {
      toolsEnvVars: ofGo("toolsEnvVars"),
      env: ours.get("env"),
      goDirectory: goDirectory(alternate, goroot, around) ?? (await home(expand(alternate, around))),
      goroot: alternate === "" ? goroot : "",
      httpProxy: ours.get<boolean>("useHttpProxy", false)
        ? (vscode.workspace.getConfiguration("http").get<string | null>("proxy") ?? "")
        : "",
    },
    around,
  );
}

/**
 * Gives a setting of the Go extension. Where that extension is not installed VS Code takes
 * the setting for harmless, so that before there is trust it is for us to leave those of the workspace out.
 */
function ofGo(name: string): unknown {
  const settings = vscode.workspace.getConfiguration("go", folder()?.uri);
  return vscode.workspace.isTrusted ? settings.get(name) : settings.inspect(name)?.globalValue;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** Gives the directory where a go command of another name has one that is named go; empty if it does not tell. */
async function home(program: string): Promise<string> {
  const ours = vscode.workspace.getConfiguration(section);
  if (!vscode.workspace.isTrusted || !ours.get<boolean>("enable", true) || ours.get("network") === "off") {
    return ""; // no go command is to be run
  }
  try {
    const { stdout } = await promisify(execFile)(program, ["env", "GOROOT"], {
      timeout: goTimeout,
      env: { ...process.env, GOTOOLCHAIN: "local" },
    });
    const bin = path.join(stdout.trim(), "bin");
    return findInPath("go", bin, windows, isProgram) === undefined ? "" : bin;
  } catch {
    return "";
  }
}

/** Gives our settings in the form in which the server reads them, with the variables of the environment. */
export function serverSettings(variables: ServerEnvironment["settings"]): Record<string, unknown> {
  const ours = vscode.workspace.getConfiguration(section);
  return { ...Object.fromEntries(forServer.map((name) => [name, ours.get(name)])), env: variables };
}

/** Gives those of our settings that somebody has set, by name. */
export function changedSettings(): Record<string, unknown> {
  const ours = vscode.workspace.getConfiguration(section);
  const changed: Record<string, unknown> = {};
  for (const name of ["path", "useHttpProxy", ...forServer]) {
    const seen = ours.inspect(name);
    if ((seen?.workspaceFolderValue ?? seen?.workspaceValue ?? seen?.globalValue) !== undefined) {
      changed[name] = ours.get(name);
    }
  }
  return changed;
}

/** Reports whether a change is of a setting that decides about the environment, whoever it belongs to. */
export function changesEnvironment(change: vscode.ConfigurationChangeEvent): boolean {
  return [
    "go.toolsEnvVars",
    "go.goroot",
    "go.alternateTools",
    "http.proxy",
    `${section}.env`,
    `${section}.useHttpProxy`,
    // They decide whether a go command may be asked where it lives.
    `${section}.enable`,
    `${section}.network`,
  ].some((name) => change.affectsConfiguration(name));
}
