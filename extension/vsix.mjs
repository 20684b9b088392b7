// Packs the extension once for each platform, with the server for it inside:
//
//   node extension/vsix.mjs OUTDIR [TARGET ...]
//
// The same commit gives the same bytes.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { createVSIX } from "@vscode/vsce";

/** The platforms, as VS Code and as Go names them. */
const targets = {
  "linux-x64": ["linux", "amd64"],
  "linux-arm64": ["linux", "arm64"],
  "darwin-x64": ["darwin", "amd64"],
  "darwin-arm64": ["darwin", "arm64"],
  "win32-x64": ["windows", "amd64"],
  "win32-arm64": ["windows", "arm64"],
};

/** All that goes in besides the program and the manifest. */
const contents = [
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "dist/extension.js",
  "extension/icon.png",
  "extension/l10n/bundle.l10n.zh-cn.json",
  "extension/language-configuration.json",
  "extension/pictures/fixes.png",
  "extension/pictures/hover.png",
  "extension/pictures/problems.png",
  "package.nls.json",
  "package.nls.zh-cn.json",
];

const [out, ...chosen] = process.argv.slice(2);
const manifest = JSON.parse(fs.readFileSync("package.json", "utf8"));
delete manifest.dependencies; // they are in the bundle
delete manifest.devDependencies;
delete manifest.scripts;
delete manifest.prettier;
delete manifest.private;

// What vsce warns of is to be mended. On a runner of GitHub it would print it in another way.
delete process.env.GITHUB_ACTIONS;
console.warn = (...words) => {
  throw new Error(`vsce warns: ${words.join(" ")}`);
};

process.env.TZ = "UTC"; // times in a zip file are local
process.env.SOURCE_DATE_EPOCH ??= execFileSync("git", ["log", "-1", "--format=%ct"], { encoding: "utf8" }).trim();

execFileSync("npm", ["run", "--silent", "bundle"], { stdio: "inherit", shell: process.platform === "win32" });
fs.mkdirSync(out, { recursive: true });
for (const target of chosen.length > 0 ? chosen : Object.keys(targets)) {
  const stage = fs.mkdtempSync(path.join(os.tmpdir(), "modreach-vsix-"));
  try {
    await pack(target, stage);
  } finally {
    fs.rmSync(stage, { recursive: true });
  }
}

async function pack(target, stage) {
  for (const name of contents) {
    put(stage, name, fs.readFileSync(name), 0o644);
  }
  put(stage, ".vscodeignore", "", 0o644); // all that was put there goes in
  put(stage, "package.json", `${JSON.stringify(manifest, null, 2)}\n`, 0o644);

  const [goos, goarch] = targets[target];
  const program = path.join(stage, "dist", goos === "windows" ? "modreach.exe" : "modreach");
  execFileSync(process.env.GO ?? "go", ["build", "-trimpath", "-ldflags=-s -w -buildid=", "-o", program, "."], {
    stdio: "inherit",
    env: { ...process.env, CGO_ENABLED: "0", GOOS: goos, GOARCH: goarch },
  });
  fs.chmodSync(program, 0o755);

  const packagePath = path.resolve(out, `modreach-${target}.vsix`);
  await createVSIX({ cwd: stage, packagePath, target, dependencies: false });
}

/** Writes a file with the same mode whatever the umask is. */
function put(stage, name, text, mode) {
  const file = path.join(stage, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  fs.chmodSync(file, mode);
}
