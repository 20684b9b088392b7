import * as vscode from "vscode";

import type { Client, Listener, Order } from "./client.ts";
import type { FileStatus } from "./filestatus.ts";
import { Latest } from "./latest.ts";
import type { Program } from "./program.ts";
import { changesEnvironment, environment, program, section } from "./settings.ts";
import type { State } from "./status.ts";
import { Supervisor } from "./supervisor.ts";

/** Launch is what a program of ours is started with, so that it goes the same way as the server. */
export interface Launch {
  readonly command: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Session keeps one server running for this window, whatever becomes of it and of the settings. */
export class Session implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #log: vscode.LogOutputChannel;
  readonly #supervisor: Supervisor;
  readonly #environment = new Latest(environment);
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #answered = new vscode.EventEmitter<{ command: string; answer: unknown }>();
  readonly #recovered = new vscode.EventEmitter<readonly string[]>();
  /** How it stands with the files that were opened, by URI. One that is closed and opened at once is not told of again. */
  readonly #files = new Map<string, FileStatus>();
  readonly #listening: vscode.Disposable;
  #client: Client | undefined;
  #program: Program | undefined;
  #path: string | undefined;
  #server: State["server"] = "starting";

  /** Fires when server or what fileStatus gives is another than before. */
  readonly onDidChange = this.#changed.event;
  /** Fires with the modules that can be fetched now, and could not before. */
  readonly onDidRecover = this.#recovered.event;
  /** Fires with what a command of the server has answered. */
  readonly onDidAnswer = this.#answered.event;

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.#context = context;
    this.#log = log;
    this.#supervisor = new Supervisor({
      launch: (crashed) => this.#launch(crashed),
      later: (callback, milliseconds) => {
        const timer = setTimeout(callback, milliseconds);
        return () => {
          clearTimeout(timer);
        };
      },
      now: () => Date.now(),
      hopeless: (reason) => reason instanceof NoProgram,
      gaveUp: (reason) => {
        this.#gaveUp(reason);
      },
    });
    this.#listening = vscode.Disposable.from(
      vscode.workspace.onDidChangeConfiguration((change) => {
        this.#heed(this.#configure(change));
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        this.#heed(this.#trust());
      }),
    );
  }

  get server(): State["server"] {
    return this.#server;
  }

  /** Gives how it stands with a file; undefined if the server has not told. */
  fileStatus(uri: vscode.Uri): FileStatus | undefined {
    return this.#files.get(uri.toString());
  }

  /** Says which server it is, for people who help. */
  get description(): string {
    return this.#program === undefined
      ? "none"
      : `${this.#client?.version ?? ""} (${this.#program.origin}: ${this.#program.command})`.trim();
  }

  /** Says how to start the program of the server once more. Rejects if there is none. */
  async launch(): Promise<Launch> {
    const env = await this.#environment.read();
    const found = program(this.#context, env.path);
    if (found === undefined) {
      throw new Error(vscode.l10n.t("There is no server program."));
    }
    const search = env.path === undefined ? {} : { PATH: env.path };
    return { command: found.command, env: { ...process.env, ...env.settings, ...search } };
  }

  /** Has the server carry a command out. Rejects with the words of the server, or because none runs. */
  async execute(command: string, order: Order): Promise<void> {
    await this.#running().execute(command, order);
  }

  /** Gives what the server offers about diagnostics of a document, edits included. */
  async actions(
    document: vscode.TextDocument,
    diagnostics: readonly vscode.Diagnostic[],
  ): Promise<vscode.CodeAction[]> {
    return this.#running().actions(document, diagnostics);
  }

  /** Starts the server, or replaces the one that runs. */
  async restart(): Promise<void> {
    this.#set("starting");
    await this.#supervisor.restart();
  }

  /** Ends the server for good. */
  stop(): Promise<void> {
    return this.#supervisor.stop();
  }

  dispose(): void {
    this.#listening.dispose();
    this.#changed.dispose();
    this.#answered.dispose();
    this.#recovered.dispose();
    void this.stop();
  }

  #running(): Client {
    if (this.#client === undefined || this.#server !== "running") {
      throw new Error(vscode.l10n.t("The server is not running."));
    }
    return this.#client;
  }

  async #launch(crashed: () => void): Promise<Client> {
    this.#set("starting");
    // The language client is most of what the extension has, and the others are not to wait for it.
    const { Client } = await import("./client.ts");
    const env = await this.#environment.read();
    // From here on until there is a client nothing is waited for: a change of settings would find nobody to tell.
    this.#path = env.path;
    this.#program = program(this.#context, env.path);
    if (this.#program === undefined) {
      throw new NoProgram();
    }
    const listener: Listener = {
      crashed: () => {
        this.#log.warn("the server has ended by itself");
        this.#set("starting");
        crashed();
      },
      stands: (status) => {
        this.#files.set(status.uri, status);
        this.#changed.fire();
        if (status.recovered.length > 0) {
          this.#recovered.fire(status.recovered);
        }
      },
      answered: (command, answer) => {
        this.#answered.fire({ command, answer });
      },
    };
    this.#log.info(`starting ${this.#program.command} (${this.#program.origin})`);
    const client = new Client(this.#program, env, this.#log, listener);
    this.#client = client;
    try {
      await client.start();
    } catch (error) {
      await client.stop();
      throw error;
    }
    this.#set("running");
    return client;
  }

  async #configure(change: vscode.ConfigurationChangeEvent): Promise<void> {
    if (changesEnvironment(change)) {
      await this.#move();
    }
    if (change.affectsConfiguration(`${section}.path`)) {
      await this.restart();
    }
  }

  async #trust(): Promise<void> {
    this.#changed.fire();
    if (this.#server === "failed") {
      await this.restart();
      return;
    }
    await this.#move(); // settings of the workspace count now
    await this.#client?.trust();
  }

  /** Has the server work in the environment that the settings now ask for. */
  async #move(): Promise<void> {
    this.#environment.changed();
    const env = await this.#environment.read();
    if (env.path === this.#path) {
      await this.#client?.move(env);
    } else {
      await this.restart();
    }
  }

  /** Writes to the log what went wrong: whoever changes a setting does not wait for anything. */
  #heed(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#log.info("the server does not hear of a change", error);
    });
  }

  #gaveUp(reason: unknown): void {
    this.#set("failed");
    this.#log.error("the server is not started any more", reason);
    const showLog = vscode.l10n.t("Show Log");
    const settings = vscode.l10n.t("Open Settings");
    let message = vscode.l10n.t("modreach: the server ends again and again, and is not started any more.");
    if (reason instanceof NoProgram) {
      const named = vscode.workspace.getConfiguration(section).get<string>("path", "");
      message =
        named === ""
          ? vscode.l10n.t("modreach: there is no server program. Set modreach.path, or install modreach into PATH.")
          : vscode.l10n.t("modreach: there is no server program at {0}, which modreach.path names.", named);
    }
    void vscode.window.showErrorMessage(message, showLog, settings).then((chosen) => {
      if (chosen === showLog) {
        this.#log.show();
      } else if (chosen === settings) {
        void vscode.commands.executeCommand("workbench.action.openSettings", `${section}.path`);
      }
    });
  }

  #set(server: State["server"]): void {
    if (server !== this.#server) {
      this.#server = server;
      if (server !== "running") {
        this.#files.clear();
      }
      this.#changed.fire();
    }
  }
}

/** NoProgram says that there is nothing to start, which no second attempt changes. */
class NoProgram extends Error {
  constructor() {
    super("there is no server program");
  }
}
