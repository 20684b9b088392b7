import * as vscode from "vscode";

/** scheme is that of the pages, which are in memory alone. */
const scheme = "modreach";

/** How many pages are kept: each is a few kilobytes, and nobody has more open. */
const kept = 50;

/** Pages are texts that are shown and that nobody edits. */
export class Pages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);

  readonly onDidChange = this.#changed.event;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.path) ?? "";
  }

  /** Shows Markdown, drawn where the editor can do that. A page of the same title is replaced. */
  async show(title: string, markdown: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme, path: `/${title.replaceAll("/", "∕")}.md` });
    this.#texts.delete(uri.path);
    this.#texts.set(uri.path, markdown);
    for (const oldest of [...this.#texts.keys()].slice(0, -kept)) {
      this.#texts.delete(oldest);
    }
    this.#changed.fire(uri);
    try {
      await vscode.commands.executeCommand("markdown.showPreview", uri);
    } catch {
      // The extension that draws it comes with the editor, and can be switched off.
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
    }
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
