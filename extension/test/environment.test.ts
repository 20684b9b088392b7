import assert from "node:assert/strict";
import { describe, it } from "node:test";

import {
  goDirectory,
  type GoSettings,
  serverEnvironment,
  type ServerEnvironment,
  type Surroundings,
} from "../src/environment.ts";

const unix: Surroundings = {
  process: { PATH: "/usr/bin", TEAM: "corp.example" },
  folder: "/src/shop",
  home: "/home/ann",
  windows: false,
};
const windows: Surroundings = { process: { Path: "C:\\Windows" }, folder: "C:\\shop", home: "C:\\ann", windows: true };
const none: GoSettings = { toolsEnvVars: undefined, env: undefined, goDirectory: "", goroot: "", httpProxy: "" };

describe("serverEnvironment", () => {
  const tests: { name: string; go: Partial<GoSettings>; around?: Surroundings; want: ServerEnvironment }[] = [
    { name: "nothing is set", go: {}, want: { settings: {}, path: undefined } },
    {
      name: "ours goes before that of the Go extension",
      go: { toolsEnvVars: { GOPROXY: "off", GOFLAGS: "-mod=mod" }, env: { GOPROXY: "direct" } },
      want: { settings: { GOPROXY: "direct", GOFLAGS: "-mod=mod" }, path: undefined },
    },
    {
      name: "what settings refer to",
      go: {
        toolsEnvVars: { GOPRIVATE: "${env:TEAM}", GOCACHE: "${workspaceFolder}/.cache", GOPATH: "~/go" },
        env: { GOENV: "${userHome}/env", GOVCS: "${env:ABSENT}", GONOPROXY: "${other}" },
      },
      want: {
        settings: {
          GOPRIVATE: "corp.example",
          GOCACHE: "/src/shop/.cache",
          GOPATH: "/home/ann/go",
          GOENV: "/home/ann/env",
          GOVCS: "",
          GONOPROXY: "${other}",
        },
        path: undefined,
      },
    },
    {
      name: "values of other types",
      go: { toolsEnvVars: { CGO_ENABLED: 0, GODEBUG: true, GOPROXY: null, GOFLAGS: ["-v"] }, env: ["GOPROXY=off"] },
      want: { settings: { CGO_ENABLED: "0", GODEBUG: "true" }, path: undefined },
    },
    {
      name: "PATH is for the process",
      go: { env: { PATH: "/own/bin" } },
      want: { settings: {}, path: "/own/bin" },
    },
    {
      name: "a go command elsewhere comes first in PATH",
      go: { goDirectory: "/opt/go/bin", goroot: "/opt/go" },
      want: { settings: { GOROOT: "/opt/go" }, path: "/opt/go/bin:/usr/bin" },
    },
    {
      name: "GOROOT of the process goes before the setting",
      go: { goroot: "/opt/go" },
      around: { ...unix, process: { GOROOT: "/other" } },
      want: { settings: {}, path: undefined },
    },
    {
      name: "the proxy of the editor",
      go: { httpProxy: "http://proxy.example:3128" },
      want: {
        settings: { HTTP_PROXY: "http://proxy.example:3128", HTTPS_PROXY: "http://proxy.example:3128" },
        path: undefined,
      },
    },
    {
      name: "the proxy of the environment goes before that of the editor",
      go: { httpProxy: "http://proxy.example:3128" },
      around: { ...unix, process: { https_proxy: "http://other.example:3128" } },
      want: { settings: { HTTP_PROXY: "http://proxy.example:3128" }, path: undefined },
    },
    {
      name: "Windows writes PATH as it likes",
      go: { goDirectory: "C:\\go\\bin" },
      around: windows,
      want: { settings: {}, path: "C:\\go\\bin;C:\\Windows" },
    },
    {
      name: "Windows, a setting named Path",
      go: { toolsEnvVars: { Path: "C:\\own" } },
      around: windows,
      want: { settings: {}, path: "C:\\own" },
    },
  ];
  for (const { name, go, around, want } of tests) {
    it(name, () => {
      assert.deepEqual(serverEnvironment({ ...none, ...go }, around ?? unix), want);
    });
  }
});

describe("goDirectory", () => {
  const tests: {
    name: string;
    alternate?: string;
    goroot?: string;
    around?: Surroundings;
    want: string | undefined;
  }[] = [
    { name: "not set", want: "" },
    { name: "a GOROOT", goroot: "~/sdk/go1.26.0", want: "/home/ann/sdk/go1.26.0/bin" },
    { name: "a program named go", alternate: "/opt/go/bin/go", goroot: "/other", want: "/opt/go/bin" },
    { name: "a program of another name is to be asked", alternate: "/usr/bin/go1.26", want: undefined },
    { name: "a bare name is found in PATH", alternate: "go", want: "" },
    { name: "Windows", alternate: "C:\\go\\bin\\go.exe", around: windows, want: "C:\\go\\bin" },
  ];
  for (const { name, alternate, goroot, around, want } of tests) {
    it(name, () => {
      assert.equal(goDirectory(alternate ?? "", goroot ?? "", around ?? unix), want);
    });
  }
});
