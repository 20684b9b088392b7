// Stands in for the Go extension, which is not to be had from npm: a client of gopls, with the setting and the
// command that ours touches.
import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const server = { command: "gopls" }; // with a transport, it would get a flag that it does not know
  client = new LanguageClient("gopls", "gopls", server, {
    documentSelector: [
      { scheme: "file", language: "go" },
      { scheme: "file", pattern: "**/go.mod" },
    ],
    initializationOptions: { vulncheck: "Off" }, // or it asks a question after each change of a version
  });
  context.subscriptions.push(vscode.commands.registerCommand("go.languageserver.restart", () => client?.restart()));
  await client.start();
}

export async function deactivate(): Promise<void> {
  await client?.dispose();
}
