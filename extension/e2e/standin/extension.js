// Stands in for the Go extension, which is not to be had from npm.
const vscode = require("vscode");

exports.activate = (context) => {
  context.subscriptions.push(
    vscode.commands.registerCommand("go.languageserver.restart", () => {
      void vscode.window.showInformationMessage("gopls would restart now");
    }),
  );
};
