import * as vscode from "vscode";
import {
  CloseAction,
  type CodeAction,
  CodeActionKind,
  CodeActionRequest,
  Command,
  DidChangeConfigurationNotification,
  ErrorAction,
  ExecuteCommandRequest,
  type LanguageClientOptions,
  LanguageClient,
  NotificationType,
  RevealOutputChannelOn,
  TransportKind,
} from "vscode-languageclient/node";

import type { ServerEnvironment } from "./environment.ts";
import { type FileStatus, fileStatusOf } from "./filestatus.ts";
import { selector } from "./gomod.ts";
import { parseLogLine } from "./logline.ts";
import type { Program } from "./program.ts";
import { section, serverSettings } from "./settings.ts";

/** What the server may have this editor do: write settings, copy a command, and show what one has answered. */
const editorCommands: readonly string[] = ["modreach.setWorkspaceEnv", "modreach.copyCommand", "modreach.show"];

const trustNotification = new NotificationType<{ trusted: boolean }>("modreach/trust");
const statusNotification = new NotificationType<unknown>("modreach/status");

/** How long a server may take to answer initialize, in milliseconds. It takes a few; a system that is busy, some more. */
const startMax = 20_000;

/** Order is the argument of a command, as the server's own actions have it. */
export interface Order {
  readonly uri: string;
  readonly module?: string;
  readonly version?: string;
}

/** Listener is told what the user may want to know. */
export interface Listener {
  /** The server has ended, and nobody asked it to. */
  crashed(): void;
  /** It stands otherwise with a file than before. */
  stands(status: FileStatus): void;
  /** A command of the server has an answer for people to read. */
  answered(command: string, answer: unknown): void;
}

/** Client is the editor's end of one server process. */
export class Client {
  readonly #client: QuietClient;
  readonly #listener: Listener;
  #environment: ServerEnvironment;
  #stopping = false;

  constructor(program: Program, environment: ServerEnvironment, log: vscode.LogOutputChannel, listener: Listener) {
    this.#environment = environment;
    this.#listener = listener;
    const options: LanguageClientOptions = {
      documentSelector: selector,
      diagnosticCollectionName: section,
      outputChannel: log,
      traceOutputChannel: log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: (): unknown => ({
        trusted: vscode.workspace.isTrusted,
        [section]: this.#settings(),
      }),
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          if (!this.#stopping) {
            listener.crashed();
          }
          // The next one is another client, so that it starts with what is then in the settings.
          return { action: CloseAction.DoNotRestart, handled: true };
        },
      },
      stdioOptions: {
        stdout: () => undefined, // the language client reads it
        stderr: (input, channel) => {
          logLines(input, channel);
        },
      },
      middleware: {
        workspace: {
          configuration: async (params, token, next) => {
            const values = await next(params, token);
            return Array.isArray(values)
              ? values.map((value: unknown, i) => (params.items[i]?.section === section ? this.#settings() : value))
              : values;
          },
          didChangeConfiguration: () => this.#sendSettings(),
        },
        executeCommand: async (command, args, next) => {
          const answer: unknown = await next(command, args);
          listener.answered(command, answer);
          return answer;
        },
      },
    };
    const run = {
      command: program.command,
      args: ["serve"],
      transport: TransportKind.stdio,
      options: { env: { ...process.env, ...(environment.path === undefined ? {} : { PATH: environment.path }) } },
    };
    this.#client = new QuietClient(section, "modreach", { run, debug: run }, options);
    this.#client.registerFeature({
      fillClientCapabilities: (capabilities) => {
        capabilities.experimental = { commands: { commands: editorCommands }, status: true };
        // VS Code drops the command of a chosen action if another list arrives while that one is resolved,
        // and a list arrives whenever a finding changes. So actions come whole, and none is resolved.
        delete capabilities.textDocument?.codeAction?.resolveSupport;
      },
      initialize: () => undefined,
      getState: () => ({ kind: "static" }),
      clear: () => undefined,
    });
    this.#client.onNotification(statusNotification, (raw) => {
      const status = fileStatusOf(raw);
      if (status !== undefined) {
        listener.stands(status);
      }
    });
  }

  /** Starts the process. Rejects if there is no answer to initialize; the process may run on until stop. */
  async start(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`the server has not answered within ${String(startMax / 1000)} s`));
      }, startMax);
    });
    try {
      await Promise.race([this.#client.start(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The version that the server tells. */
  get version(): string {
    return this.#client.initializeResult?.serverInfo?.version ?? "";
  }

  /** Ends the process; what went wrong with that is in the log. */
  async stop(): Promise<void> {
    this.#stopping = true;
    try {
      await this.#client.dispose();
    } catch (error) {
      this.#client.info("stopping", error);
    }
  }

  /** Has the server carry a command out. Rejects with what the server says. */
  async execute(command: string, order: Order): Promise<void> {
    this.#listener.answered(
      command,
      await this.#client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [order] }),
    );
  }

  /** Gives what the server offers about diagnostics of a document, edits included. Commands that are no actions are left out. */
  async actions(
    document: vscode.TextDocument,
    diagnostics: readonly vscode.Diagnostic[],
  ): Promise<vscode.CodeAction[]> {
    const to = this.#client.code2ProtocolConverter;
    const offered = await this.#client.sendRequest(CodeActionRequest.type, {
      textDocument: to.asTextDocumentIdentifier(document),
      range: to.asRange(document.validateRange(new vscode.Range(0, 0, document.lineCount, 0))),
      context: { diagnostics: await to.asDiagnostics([...diagnostics]), only: [CodeActionKind.QuickFix] },
    });
    const actions = (offered ?? []).filter((action): action is CodeAction => !Command.is(action));
    return Promise.all(actions.map((action) => this.#client.protocol2CodeConverter.asCodeAction(action)));
  }

  /** Has the server work in another environment. */
  async move(environment: ServerEnvironment): Promise<void> {
    this.#environment = environment;
    await this.#sendSettings();
  }

  /** Tells the server that the workspace is trusted from now on. */
  trust(): Promise<void> {
    return this.#client.sendNotification(trustNotification, { trusted: true });
  }

  #settings(): Record<string, unknown> {
    return serverSettings(this.#environment.settings);
  }

  #sendSettings(): Promise<void> {
    return this.#client.sendNotification(DidChangeConfigurationNotification.type, {
      settings: { [section]: this.#settings() },
    });
  }
}

/** QuietClient writes to the log what other clients also pop up. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

/** Writes what a server says on standard error to the log, line by line. */
function logLines(input: NodeJS.ReadableStream, log: vscode.LogOutputChannel): void {
  let rest = "";
  input.setEncoding("utf8");
  input.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const { level, text } = parseLogLine(line);
      log[level](text);
    }
  });
  input.on("end", () => {
    if (rest !== "") {
      log.error(rest);
    }
  });
}
