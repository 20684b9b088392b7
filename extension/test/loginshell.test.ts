import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";

import { bareEnvironment, differences, mark, parseShell, shellArguments } from "../src/loginshell.ts";

describe("differences", () => {
  it("tells what matters, by name, with secrets hidden", () => {
    const editor = {
      GOPROXY: "https://ann:word@proxy.example",
      GOPRIVATE: "corp.example",
      PATH: "/usr/bin",
      EDITOR: "vi",
      GOAUTH: "off",
      HTTPS_PROXY: "http://proxy.example",
    };
    const shell = {
      GOPRIVATE: "corp.example",
      PATH: "/usr/bin:/opt/go/bin",
      EDITOR: "emacs",
      GOAUTH: "netrc",
      HTTPS_PROXY: "http://proxy.example",
      no_proxy: ".example",
    };
    assert.deepEqual(differences(editor, shell), [
      { name: "GOAUTH", editor: "off", shell: "xxxxx" },
      { name: "GOPROXY", editor: "https://ann:xxxxx@proxy.example", shell: undefined },
      { name: "PATH", editor: "/usr/bin", shell: "/usr/bin:/opt/go/bin" },
      { name: "no_proxy", editor: undefined, shell: ".example" },
    ]);
  });
  it("tells nothing of what is the same", () => {
    assert.deepEqual(differences({ GOPROXY: "off" }, { GOPROXY: "off" }), []);
  });
});

describe("parseShell", () => {
  const tests: { name: string; output: string; want: unknown }[] = [
    { name: "greetings around it", output: `hello\n${mark}{"GOPROXY":"off"}${mark}\nbye`, want: { GOPROXY: "off" } },
    { name: "nothing of ours", output: "fortune: no such command", want: undefined },
    { name: "cut off", output: `${mark}{"GOPROXY":`, want: undefined },
    { name: "no object", output: `${mark}7${mark}`, want: undefined },
    { name: "members that are no variables", output: `${mark}{"A":"a","B":1}${mark}`, want: { A: "a" } },
  ];
  for (const { name, output, want } of tests) {
    it(name, () => {
      assert.deepEqual(parseShell(output), want);
    });
  }
});

describe("shellArguments", () => {
  it("has a shell tell its environment", { skip: process.platform === "win32" }, () => {
    const env = { ...bareEnvironment({ HOME: "/nowhere", GOPROXY: "off" }), GOPRIVATE: `a"b'c d` };
    // Without -i, for which a shell wants a terminal, and -l, which reads files of this machine.
    const args = shellArguments(process.execPath).filter((word) => word !== "-i" && word !== "-l");
    const seen = parseShell(execFileSync("/bin/sh", args, { env, encoding: "utf8" }));
    assert.equal(seen?.["GOPRIVATE"], env.GOPRIVATE);
    assert.equal(seen["HOME"], "/nowhere");
    assert.equal(seen["GOPROXY"], undefined);
  });
});
