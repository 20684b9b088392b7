import * as vscode from "vscode";

import { Commands } from "./commands.ts";
import { offerRestart } from "./gopls.ts";
import { Pages } from "./page.ts";
import { Session } from "./session.ts";
import { showStatus } from "./statusitem.ts";

let session: Session | undefined;

/** Begins, without waiting for the server: the editor has other things to do. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("modreach", { log: true });
  const pages = new Pages();
  session = new Session(context, log);
  context.subscriptions.push(
    log,
    pages,
    session,
    showStatus(session),
    offerRestart(session),
    new Commands(context, session, log, pages).register(),
  );
  void session.restart();
}

/** Ends the server before the editor goes. */
export async function deactivate(): Promise<void> {
  await session?.stop();
}
