import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, it } from "node:test";

/** Manifest is what these tests look at of package.json. */
interface Manifest {
  readonly engines: { readonly vscode: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, Property>> };
  };
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
}

interface Property {
  readonly default: unknown;
  readonly scope?: string;
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly properties?: Readonly<Record<string, unknown>>;
}

// npm runs scripts at the root of the package.
const read = (name: string): string => fs.readFileSync(name, "utf8");
const manifestText = read("package.json");
const manifest = JSON.parse(manifestText) as Manifest;
const source = fs
  .readdirSync("extension/src")
  .map((name) => read(path.join("extension/src", name)))
  .join("\n");
const properties = Object.entries(manifest.contributes.configuration.properties);

describe("package.json", () => {
  it("names each command once, and the program registers it", () => {
    const names = manifest.contributes.commands.map(({ command }) => command);
    assert.equal(new Set(names).size, names.length);
    const handlers = /handlers: .*?= \{(.*?)\n {4}\};/s.exec(source)?.[1] ?? "";
    const registered = [...handlers.matchAll(/^ {6}(\w+)[:,]/gm)].map(([, name]) => `modreach.${name ?? ""}`);
    // An action of the server calls it with values; there is nothing to choose in the palette.
    const hidden = ["modreach.setWorkspaceEnv", "modreach.copyCommand"];
    assert.deepEqual(registered.filter((name) => !hidden.includes(name)).sort(), [...names].sort());
  });
  it("has menus for commands that are there", () => {
    const names = new Set(manifest.contributes.commands.map(({ command }) => command));
    for (const { command } of Object.values(manifest.contributes.menus).flat()) {
      assert.ok(names.has(command), command);
    }
  });
  it("is typed by the oldest editor that it runs in", () => {
    assert.equal(manifest.engines.vscode, `^${manifest.devDependencies["@types/vscode"] ?? ""}`);
  });
  it("starts nowhere but where a module is", () => {
    assert.deepEqual(manifest.activationEvents, ["workspaceContains:**/go.mod", "workspaceContains:go.work"]);
  });
  it("restricts settings that are there", () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    for (const name of restrictedConfigurations) {
      assert.ok(name in manifest.contributes.configuration.properties, name);
    }
    for (const name of ["modreach.path", "modreach.env"]) {
      assert.ok(restrictedConfigurations.includes(name), name);
    }
  });
  for (const [name, property] of properties) {
    it(`describes ${name}`, () => {
      assert.ok(property.default !== undefined, "a default");
      assert.ok(property.scope !== undefined, "a scope");
      assert.match(property.description ?? property.markdownDescription ?? "", /^%config\.\w+%$/);
      assert.equal(property.enumDescriptions?.length, property.enum?.length);
    });
  }
  it("lists every code (npm run codes)", () => {
    const codes = fs.readdirSync("docs/codes").map((page) => page.replace(/\.md$/, ""));
    const severity = manifest.contributes.configuration.properties["modreach.severity"];
    assert.deepEqual(Object.keys(severity?.properties ?? {}).sort(), codes.sort());
  });
});

describe("localisation", () => {
  const english = Object.keys(JSON.parse(read("package.nls.json")) as object);
  const chinese = Object.keys(JSON.parse(read("package.nls.zh-cn.json")) as object);
  it("has all that the manifest names, in both languages", () => {
    const named = new Set([...manifestText.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key ?? ""));
    assert.deepEqual([...named].sort(), [...english].sort());
    assert.deepEqual(chinese.sort(), english.sort());
  });
  it("has all that the program says, with the same values", () => {
    const said = new Set(
      [...source.matchAll(/\b(?:l10n\.t|translate)\(\s*"((?:[^"\\]|\\.)+)"/g)].map(([, text]) => text ?? ""),
    );
    const bundle = JSON.parse(read("extension/l10n/bundle.l10n.zh-cn.json")) as Record<string, string>;
    assert.deepEqual(Object.keys(bundle).sort(), [...said].sort());
    const values = (text: string): string[] => [...text.matchAll(/\{\d\}/g)].map(([value]) => value).sort();
    for (const [text, translated] of Object.entries(bundle)) {
      assert.deepEqual(values(translated), values(text), text);
    }
  });
});
