import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { type Browser, chromium, type Page } from "playwright-core";

import { Workbench } from "./workbench.ts";

/** Where setup has put VS Code and its Node.js. */
const modules = path.resolve("extension/e2e/node_modules");
const node = path.join(modules, ".bin", "node");
const entry = path.join(modules, "code-server/lib/vscode/out/server-main.js");

/** Settings that keep everything away that is not the subject. */
const quiet = {
  "chat.commandCenter.enabled": false,
  "chat.disableAIFeatures": true,
  "editor.accessibilitySupport": "off",
  "editor.codeLens": false, // one that comes late shifts the text, and a menu closes without a word
  "editor.cursorBlinking": "solid",
  "editor.minimap.enabled": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  "git.enabled": false,
  "npm.fetchOnlinePackageInfo": false,
  "problems.defaultViewMode": "table", // a line each, so that none is out of sight
  "remote.autoForwardPorts": false,
  "security.workspace.trust.startupPrompt": "never",
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "window.commandCenter": false,
  "workbench.enableExperiments": false,
  "workbench.quickOpen.closeOnFocusLost": false, // what starts meanwhile takes the focus
  "workbench.reduceMotion": "on",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

/** Options are what plays differ in. */
export interface Options {
  /** Packages to install. */
  readonly packages: readonly string[];
  /** The folder that is opened. */
  readonly folder: string;
  /** A directory for what the editor keeps. */
  readonly home: string;
  /** A directory for pictures. */
  readonly pictures: string;
  /** Those of the machine. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Those of the workspace, as somebody has checked them in. */
  readonly workspace?: Readonly<Record<string, unknown>>;
  /** The language of the editor, where that is not English. */
  readonly language?: string;
  /** Whether the user is asked to trust a folder. */
  readonly trust?: boolean;
}

/** Editor is a VS Code with a browser in front of it. */
export class Editor {
  readonly #server: ChildProcess;
  readonly #browser: Browser;
  readonly page: Page;
  readonly workbench: Workbench;
  /** Addresses outside of this machine that the browser asked for. */
  readonly foreign = new Set<string>();

  private constructor(server: ChildProcess, browser: Browser, page: Page) {
    this.#server = server;
    this.#browser = browser;
    this.page = page;
    this.workbench = new Workbench(page);
  }

  /** Installs the packages and opens the folder. */
  static async open(options: Options): Promise<Editor> {
    const user = path.join(options.home, "user");
    write(path.join(user, "User"), { ...quiet, "security.workspace.trust.enabled": options.trust === true });
    // The window is elsewhere, for VS Code. Settings of a machine count on the one where extensions run.
    write(path.join(user, "Machine"), options.settings ?? {});
    if (options.workspace !== undefined) {
      write(path.join(options.folder, ".vscode"), options.workspace);
    }
    const dirs = [
      ...["--accept-server-license-terms", "--telemetry-level", "off"],
      ...["--server-data-dir", path.join(options.home, "server")],
      ...["--user-data-dir", user, "--extensions-dir", path.join(options.home, "extensions")],
    ];
    const env = {
      ...process.env,
      EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":""}', // none, so that nobody is asked
    };
    for (const file of options.packages) {
      execFileSync(node, [entry, ...dirs, "--install-extension", file], {
        env,
        stdio: ["ignore", "ignore", "pipe"], // what it says is in the error, if it fails
      });
    }
    const args = [
      ...[entry, ...dirs, "--host", "127.0.0.1", "--port", "0", "--without-connection-token"],
      // Or the server would see the environment of a login shell, and not the one of the play.
      "--force-disable-user-env",
      ...(options.trust === true ? [] : ["--disable-workspace-trust"]),
    ];
    // A process group of its own, so that all of it can be ended.
    const server = spawn(node, args, { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    try {
      const port = await portOf(server);
      const browser = await chromium.launch({
        executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
        args: [
          ...[
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--force-color-profile=srgb",
            "--no-first-run",
          ],
          ...["--disable-background-networking", "--disable-component-update", "--no-proxy-server"],
          "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        ],
      });
      try {
        const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
        await context.grantPermissions(["clipboard-read", "clipboard-write"]);
        const page = await context.newPage();
        page.setDefaultTimeout(45_000);
        if (options.language !== undefined) {
          // What a language pack would set. The editor's own words stay English without one.
          await page.addInitScript((language) => {
            (globalThis as { _VSCODE_NLS_LANGUAGE?: string })._VSCODE_NLS_LANGUAGE = language;
          }, options.language);
        }
        const editor = new Editor(server, browser, page);
        page.on("request", (request) => {
          const { hostname } = new URL(request.url());
          // The files of a web view have names of their own, which the page itself answers.
          if (!/^$|^127\.0\.0\.1$|^localhost$|\.vscode-resource\.vscode-cdn\.net$/.test(hostname)) {
            editor.foreign.add(hostname);
          }
        });
        await page.goto(`http://127.0.0.1:${String(port)}/?folder=${encodeURIComponent(options.folder)}`);
        try {
          await page.waitForSelector(".monaco-workbench .explorer-folders-view .monaco-list-row");
        } catch (error) {
          await page.screenshot({ path: path.join(options.pictures, "failed-open.png") });
          throw error;
        }
        return editor;
      } catch (error) {
        await browser.close();
        throw error;
      }
    } catch (error) {
      end(server);
      throw error;
    }
  }

  /** Ends all of it, and waits for the server to be gone. */
  async close(): Promise<void> {
    await this.#browser.close();
    const gone = new Promise<void>((resolve) => {
      if (this.#server.exitCode !== null || this.#server.signalCode !== null) {
        resolve();
      }
      this.#server.once("exit", () => {
        resolve();
      });
    });
    end(this.#server);
    await gone;
  }
}

function write(dir: string, settings: Readonly<Record<string, unknown>>): void {
  fs.mkdirSync(dir, { recursive: true });
  fs.writeFileSync(path.join(dir, "settings.json"), JSON.stringify(settings));
}

function end(server: ChildProcess): void {
  if (server.pid !== undefined && server.exitCode === null) {
    process.kill(-server.pid, "SIGTERM");
  }
}

/** Waits for a server to say where it listens. */
function portOf(server: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const [, port] = /Web UI available at http:\/\/[^:]+:(\d+)/.exec(said) ?? [];
      if (port !== undefined) {
        resolve(Number(port));
      }
    };
    server.stdout?.on("data", hear);
    server.stderr?.on("data", hear);
    server.once("exit", () => {
      reject(new Error(`VS Code has ended: ${said}`));
    });
  });
}
