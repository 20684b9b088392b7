import * as os from "node:os";

import * as vscode from "vscode";

import { commandOf } from "./copied.ts";
import { DoctorPanel } from "./doctorpanel.ts";
import { findingOf, ours } from "./findings.ts";
import { addPrivate, fixAll } from "./fixes.ts";
import { type Mod, moduleOf } from "./gomod.ts";
import type { Pages } from "./page.ts";
import type { Session } from "./session.ts";
import { changedSettings } from "./settings.ts";
import { compareWithShell } from "./shell.ts";
import { supportReport } from "./support.ts";
import { setWorkspaceEnv } from "./workspaceenv.ts";

/** Commands are what the user can ask for. Each is in the manifest, but for the editor's part of an action. */
export class Commands {
  readonly #context: vscode.ExtensionContext;
  readonly #session: Session;
  readonly #log: vscode.LogOutputChannel;
  readonly #pages: Pages;
  readonly #doctor = new DoctorPanel();

  constructor(context: vscode.ExtensionContext, session: Session, log: vscode.LogOutputChannel, pages: Pages) {
    this.#context = context;
    this.#session = session;
    this.#log = log;
    this.#pages = pages;
  }

  register(): vscode.Disposable {
    const handlers: Record<string, (argument: unknown) => Promise<void>> = {
      checkNow: () => this.#checkNow(),
      showRouteHere: () => this.#showRoute(),
      doctor: async () => this.#doctor.show(await this.#session.launch()),
      fixAllOfOneCause: () => onGoMod((document) => fixAll(this.#session, document)),
      addPrivateForWorkspace: () =>
        onGoMod((document) => addPrivate(this.#session, document, "modreach.setWorkspaceEnv")),
      addPrivateForUser: () => onGoMod((document) => addPrivate(this.#session, document, "modreach.addPrivate")),
      setWorkspaceEnv,
      copyCommand,
      restart: () => this.#session.restart(),
      showLog: () => {
        this.#log.show();
        return Promise.resolve();
      },
      compareEnvironment: () => this.#compareEnvironment(),
      copySupportReport: () => this.#copySupportReport(),
      showActions: () => this.#showActions(),
    };
    const registered = Object.entries(handlers).map(([name, handle]) =>
      vscode.commands.registerCommand(`modreach.${name}`, async (argument: unknown) => {
        try {
          await handle(argument);
        } catch (error) {
          // Somebody has asked for it, and waits.
          void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
        }
      }),
    );
    return vscode.Disposable.from(
      ...registered,
      this.#doctor,
      this.#session.onDidAnswer(({ command, answer }) => {
        if (command === "modreach.showRoute") {
          void this.#showAnswer(answer);
        }
      }),
    );
  }

  async #checkNow(): Promise<void> {
    const uri = activeGoMod()?.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri;
    await this.#session.execute("modreach.recheck", { uri: uri?.toString() ?? "" });
  }

  async #showRoute(): Promise<void> {
    await onGoMod(async (document) => {
      const line = vscode.window.activeTextEditor?.selection.active.line ?? 0;
      const mod = moduleOf(document.lineAt(line).text) ?? (await chooseModule(document));
      if (mod !== undefined) {
        await this.#session.execute("modreach.showRoute", { uri: document.uri.toString(), ...mod });
      }
    });
  }

  async #showAnswer(answer: unknown): Promise<void> {
    if (typeof answer === "object" && answer !== null && "markdown" in answer && typeof answer.markdown === "string") {
      const [, module = ""] = /^\*\*(\S+)/.exec(answer.markdown) ?? [];
      await this.#pages.show(vscode.l10n.t("Route of {0}", module.replaceAll("\\", "")), answer.markdown);
    }
  }

  async #compareEnvironment(): Promise<void> {
    const found = await compareWithShell();
    if (found === undefined) {
      void vscode.window.showInformationMessage(vscode.l10n.t("There is no login shell that tells its environment."));
      return;
    }
    const title = vscode.l10n.t("Environment of the editor and of a login shell");
    const rows = found.map((d) => `| ${[d.name, d.editor, d.shell].map(cell).join(" | ")} |`);
    const table = [
      `| ${vscode.l10n.t("Variable")} | ${vscode.l10n.t("Editor")} | ${vscode.l10n.t("Login shell")} |`,
      "|---|---|---|",
      ...rows,
    ].join("\n");
    const same = vscode.l10n.t("Both see the same in all that decides how modules are fetched.");
    await this.#pages.show(title, `# ${title}\n\n${rows.length === 0 ? same : table}\n`);
  }

  async #copySupportReport(): Promise<void> {
    const manifest = this.#context.extension.packageJSON as { version?: string };
    const report = supportReport({
      extension: manifest.version ?? "",
      editor: `${vscode.env.appName} ${vscode.version}`,
      system: `${os.platform()} ${os.arch()} ${os.release()}`,
      server: this.#session.description,
      trusted: vscode.workspace.isTrusted,
      settings: changedSettings(),
      differences: await compareWithShell(),
      findings: vscode.languages
        .getDiagnostics()
        .flatMap(([uri]) => ours(uri).map((d) => ({ ...findingOf(d), file: vscode.workspace.asRelativePath(uri) }))),
    });
    await vscode.env.clipboard.writeText(report);
    vscode.window.setStatusBarMessage(vscode.l10n.t("The support report is in the clipboard."), 5_000);
  }

  async #showActions(): Promise<void> {
    const items = [
      { label: vscode.l10n.t("Check Now"), command: "modreach.checkNow" },
      { label: vscode.l10n.t("Show Route"), command: "modreach.showRouteHere" },
      { label: vscode.l10n.t("Doctor"), command: "modreach.doctor" },
      { label: vscode.l10n.t("Fix All of One Cause"), command: "modreach.fixAllOfOneCause" },
      { label: vscode.l10n.t("Restart Server"), command: "modreach.restart" },
      { label: vscode.l10n.t("Show Log"), command: "modreach.showLog" },
      { label: vscode.l10n.t("Copy Support Report"), command: "modreach.copySupportReport" },
    ];
    if (!vscode.workspace.isTrusted) {
      items.unshift({ label: vscode.l10n.t("Manage Workspace Trust"), command: "workbench.trust.manage" });
    }
    const chosen = await vscode.window.showQuickPick(items, { title: "modreach" });
    if (chosen !== undefined) {
      await vscode.commands.executeCommand(chosen.command);
    }
  }
}

/** Copies the go command of an action. */
async function copyCommand(order: unknown): Promise<void> {
  const command = commandOf(order);
  if (command !== undefined) {
    await vscode.env.clipboard.writeText(command);
    vscode.window.setStatusBarMessage(vscode.l10n.t("The go command is in the clipboard."), 5_000);
  }
}

/** Gives the go.mod in front of the user. */
function activeGoMod(): vscode.TextDocument | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document !== undefined && /[\\/]go\.mod$/.test(document.uri.path) ? document : undefined;
}

async function onGoMod(work: (document: vscode.TextDocument) => Promise<void>): Promise<void> {
  const document = activeGoMod();
  if (document === undefined) {
    throw new Error(vscode.l10n.t("Open a go.mod file first."));
  }
  await work(document);
}

/** Has the user choose one of the modules of a go.mod. */
async function chooseModule(document: vscode.TextDocument): Promise<Mod | undefined> {
  const items = document
    .getText()
    .split("\n")
    .map(moduleOf)
    .filter((mod) => mod !== undefined)
    .map((mod) => ({ label: mod.module, description: mod.version, mod }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("Whose route?") });
  return chosen?.mod;
}

/** Writes a value into a table of Markdown. */
function cell(value: string | undefined): string {
  return value === undefined
    ? `*${vscode.l10n.t("not set")}*`
    : `\`${value.replaceAll("|", "\\|").replaceAll("`", "'")}\``;
}
