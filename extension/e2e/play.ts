// Plays in a real VS Code what its user does, on the stage that e2e/vscode_test.go has set up.
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { Editor, type Options } from "./editor.ts";
import { holdServer, killServer, networkSockets, releaseServer, serverPids } from "./process.ts";

/** Gives a variable that the stage has set. */
function told(name: string): string {
  const value = process.env[name];
  assert.ok(value, `${name} is set`);
  return value;
}

const base: Options = {
  packages: told("E2E_PACKAGES").split(path.delimiter),
  folder: told("E2E_FOLDER"),
  home: path.join(told("HOME"), "vscode"),
  pictures: told("E2E_PICTURES"),
};
const { pictures } = base;
const before = told("E2E_AT_FIRST");

/** A picture of nothing is smaller, in bytes. */
const emptyPicture = 20_000;

const began = Date.now();

/** Says what has been seen, and when, for whoever looks for a fault. */
function seen(what: string): void {
  process.stdout.write(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${what}\n`);
}

async function picture({ page }: Editor, name: string): Promise<void> {
  const bytes = await page.screenshot({ path: path.join(pictures, `${name}.png`) });
  assert.ok(bytes.length > emptyPicture, `the picture ${name} is empty`);
}

const plays: Record<string, { options?: Partial<Options>; play: (editor: Editor) => Promise<void> }> = {
  /** What is found is shown, explained and mended; a server that dies comes back. */
  alone: {
    play: async (editor) => {
      const { workbench, page } = editor;
      await workbench.openFile("go.mod");
      await workbench.command("Problems: Focus on Problems View");
      await workbench.problems(before);
      await workbench.squiggled("error", 5);
      await picture(editor, "problems");
      await workbench.status("modreach: 5 unreachable");
      seen("problems");

      const [old = 0] = await serverPids(1);
      killServer(old);
      const [next] = await serverPids(1, old);
      await workbench.problems(before);
      seen(`the server came back, ${String(next)} after ${String(old)}`);

      await workbench.goTo(6, 5);
      const hover = await workbench.hover();
      assert.match(hover, /corp\.example\/billing/);
      assert.match(hover, /404/);
      await page.keyboard.press("Escape");
      await workbench.goTo(9, 5);
      assert.match(await workbench.hover(), /example\.com\/ok v1\.0\.0: reachable[^]*Hop\s+Answer/);
      await picture(editor, "hover");
      await page.keyboard.press("Escape");
      seen("hover");

      await workbench.goTo(6, 5);
      // As soon as it was tried.
      const fix = await workbench.lightBulb(
        /Add corp\.example to GOPRIVATE in this workspace .*; corp\.example answered in/,
      );
      await picture(editor, "fixes");
      await fix.click();
      await workbench.problems(told("E2E_PRIVATE"));
      seen("GOPRIVATE");

      await workbench.goTo(11, 5);
      await (await workbench.quickFix("Replace example.com/tools with the checkout in ../tools")).click();
      await workbench.problems(told("E2E_REPLACED"));
      seen("replaced");

      await workbench.goTo(7, 5);
      await (await workbench.quickFix(/Let GOPROXY go on after any error of .* in this workspace/)).click();
      await workbench.problems(told("E2E_PASSED"));
      seen("another GOPROXY");

      await workbench.goTo(10, 5);
      await (await workbench.quickFix("Ignore forbidden on this line")).click();
      await workbench.problems(told("E2E_IGNORED"));
      seen("ignored");

      await workbench.command("modreach: Fix All of One Cause");
      await workbench.choose("version-not-found");
      await workbench.problems(told("E2E_MENDED"));
      seen("all mended");
      await workbench.save();

      await workbench.goTo(6, 5);
      await workbench.command("modreach: Show Route");
      const drawn = page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
      assert.match(await drawn.locator("table").innerText(), /Hop\s+Answer[^]*direct/);
      await picture(editor, "route");
      seen("route");

      await workbench.command("modreach: Doctor");
      const examined = page.frameLocator("iframe.webview.ready >> visible=true").frameLocator("#active-frame");
      await examined.getByText("example.com/guarded").first().waitFor();
      assert.equal(await examined.locator("script").count(), 0);
      await picture(editor, "doctor");
      seen("doctor");

      await workbench.command("modreach: Copy Support Report");
      await page.locator(".statusbar-item", { hasText: "The support report is in the clipboard" }).waitFor();
      const report = await page.evaluate(() => navigator.clipboard.readText());
      assert.match(report, /server: .*\(bundled: /);
      assert.match(report, /GOPRIVATE/);
      seen("support report");
    },
  },

  /**
   * Beside the Go extension its settings are written too, each with what it had, and gopls is to look again at what can
   * be fetched now.
   */
  beside: {
    options: {
      packages: [...base.packages, path.resolve("dist/e2e/standin.vsix")],
      settings: { "modreach.env": { GOPRIVATE: "mine.example" } },
      workspace: { "go.toolsEnvVars": { GOPRIVATE: "team.example" } },
    },
    play: async ({ workbench, page }) => {
      await workbench.openFile("go.mod");
      await workbench.command("Problems: Focus on Problems View");
      await workbench.problems(before);
      await workbench.goTo(6, 5);
      const [old = 0] = await serverPids(1, undefined, "gopls");
      await (await workbench.quickFix("Add corp.example to GOPRIVATE in this workspace")).click();
      await workbench.problems(told("E2E_PRIVATE"));
      const toasts = page.locator(".notifications-toasts .notification-list-item");
      const offer = toasts.filter({ hasText: "corp.example/billing can be fetched now" });
      await offer.locator(".monaco-button", { hasText: "Restart gopls" }).click();
      await serverPids(1, old, "gopls");

      await workbench.command("modreach: Compare Environment with Login Shell");
      const drawn = page.frameLocator("iframe.webview.ready >> visible=true").frameLocator("#active-frame");
      await drawn.locator("td", { hasText: "GOPROXY" }).waitFor();
    },
  },

  /** What is chosen is done at once, even if the server is slow: VS Code drops a choice for which it has to wait. */
  slow: {
    play: async ({ workbench, page }) => {
      await workbench.openFile("go.mod");
      await workbench.command("Problems: Focus on Problems View");
      await workbench.problems(before);
      const [server = 0] = await serverPids(1);

      await workbench.goTo(6, 5);
      const pattern = await workbench.quickFix("Add corp.example to GOPRIVATE in this workspace");
      holdServer(server);
      await pattern.click();
      await page.locator('.explorer-folders-view .monaco-list-row[aria-label^=".vscode"]').waitFor();
      releaseServer(server);
      await workbench.problems(told("E2E_PRIVATE"));

      await workbench.goTo(11, 5);
      const replace = await workbench.quickFix("Replace example.com/tools with the checkout in ../tools");
      holdServer(server);
      await replace.click();
      await page.locator(".view-line", { hasText: "../tools" }).waitFor();
      releaseServer(server);
      await workbench.problems(told("E2E_REPLACED"));
    },
  },

  /** A proxy that is called public is not to be told of a private module. The stage looks whether it was. */
  leak: {
    options: { settings: { "modreach.mirrors": (process.env["GOPROXY"] ?? "").split(",") } },
    play: async ({ workbench }) => {
      await workbench.openFile("go.mod");
      await workbench.command("Problems: Focus on Problems View");
      await workbench.problems(told("E2E_LEAK"));
      await workbench.squiggled("warning", 1);
      await workbench.goTo(6, 5);
      await (await workbench.quickFix("Add corp.example to GOPRIVATE in this workspace")).click();
      await workbench.problems(told("E2E_PRIVATE"));
    },
  },

  /**
   * Without trust only the text counts, and no setting of the workspace: the pattern would be told of. The stage looks
   * whether anybody was asked.
   */
  restricted: {
    options: { trust: true, workspace: { "go.toolsEnvVars": { GOPRIVATE: "https://team.example" } } },
    play: async (editor) => {
      const { workbench, page } = editor;
      await workbench.openFile("go.mod");
      await page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
      const [server = 0] = await serverPids(1);
      await workbench.status("modreach: restricted");
      assert.deepEqual(networkSockets(server), []);
      await workbench.command("Problems: Focus on Problems View");
      await workbench.goTo(6, 5);
      assert.match(await workbench.hover(), /corp\.example\/billing v1\.2\.0: unknown, nobody is asked/);
      await workbench.problems("");
      await picture(editor, "restricted");
    },
  },

  /** With trust the rest follows at once. */
  trusted: {
    options: { trust: true },
    play: async ({ workbench, page }) => {
      await workbench.openFile("go.mod");
      await workbench.status("modreach: restricted");
      await workbench.command("Workspaces: Manage Workspace Trust");
      const trust = page.locator(".workspace-trust-editor .monaco-button", { hasText: /^Trust$/ }).first();
      await trust.click();
      await trust.waitFor({ state: "hidden" });
      await workbench.command("Problems: Focus on Problems View");
      await workbench.problems(before);
    },
  },

  /** A server that is not there is told of once, and found when it is. */
  missing: {
    options: { settings: { "modreach.path": "/nowhere/modreach" } },
    play: async ({ workbench, page }) => {
      await workbench.openFile("go.mod");
      const toasts = page.locator(".notifications-toasts .notification-list-item");
      await toasts.filter({ hasText: "there is no server program" }).waitFor();
      assert.equal(await toasts.filter({ hasText: "modreach" }).count(), 1);
      await workbench.status("modreach: not running");
      const ours = path.join(base.folder, ".vscode");
      fs.mkdirSync(ours);
      fs.writeFileSync(path.join(ours, "settings.json"), JSON.stringify({ "modreach.path": "" }));
      await serverPids(1);
      await workbench.command("Problems: Focus on Problems View");
      await workbench.problems(before);
    },
  },

  /** Who reads Chinese is told in Chinese, by the server and by the extension. */
  chinese: {
    options: { language: "zh-cn" },
    play: async (editor) => {
      const { workbench, page } = editor;
      await workbench.openFile("go.mod");
      await workbench.command("Problems: Focus on Problems View");
      await workbench.problems(before);
      await workbench.status("modreach: 5 个不可达");
      await page.locator(".markers-panel .monaco-list-row", { hasText: "版本" }).first().waitFor();
      await workbench.goTo(6, 5);
      await workbench.quickFix("将 corp.example 加入 GOPRIVATE");
      await picture(editor, "chinese");
      await page.keyboard.press("Escape");
      await workbench.command("modreach: 显示路由");
      const drawn = page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
      await drawn.locator("table").waitFor();
      await picture(editor, "chinese-route");
    },
  },

  /** Where no module is, nothing is started. */
  bare: {
    options: { folder: told("E2E_BARE") },
    play: async ({ workbench }) => {
      await workbench.openFile("notes.txt");
      assert.equal(await workbench.running("modreach"), false);
      await serverPids(0);
    },
  },

  /** How long the extension holds up the others while it comes up. BenchmarkVSCode reads the last line. */
  activation: {
    play: async ({ workbench }) => {
      await workbench.openFile("go.mod");
      await serverPids(1);
      process.stdout.write(`activation ${String(await workbench.activation("modreach"))} ms\n`);
    },
  },
};

const name = process.argv[2] ?? "";
const play = plays[name];
assert.ok(play, `there is a play ${name}`);
fs.mkdirSync(pictures, { recursive: true });
const editor = await Editor.open({ ...base, ...play.options });
seen("opened");
try {
  await play.play(editor);
  assert.deepEqual([...editor.foreign], [], "nobody outside is asked");
} catch (error) {
  await editor.page.screenshot({ path: path.join(pictures, `failed-${name}.png`) });
  // A palette that does not open must not hide what went wrong before.
  for (const words of await editor.workbench.notifications().catch(() => ["nothing that can be shown"])) {
    process.stdout.write(`VS Code says: ${words}\n`);
  }
  throw error;
} finally {
  await editor.close();
}
await serverPids(0);
seen("closed");
