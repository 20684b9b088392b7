import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { chooseProgram, findInPath, type Places, type Program } from "../src/program.ts";

const unix: Places = {
  setting: "",
  folder: "/src/shop",
  home: "/home/ann",
  bundled: "/ext/dist/modreach",
  path: "/usr/bin:/opt/bin",
  windows: false,
};
const windows: Places = {
  setting: "",
  folder: "C:\\src\\shop",
  home: "C:\\Users\\ann",
  bundled: "C:\\ext\\dist\\modreach.exe",
  path: "C:\\Windows;C:\\tools",
  windows: true,
};

describe("chooseProgram", () => {
  const tests: { name: string; places: Places; there: string[]; want: Program | undefined }[] = [
    { name: "nothing anywhere", places: unix, there: [], want: undefined },
    {
      name: "the bundled one before that of PATH",
      places: unix,
      there: ["/ext/dist/modreach", "/usr/bin/modreach"],
      want: { command: "/ext/dist/modreach", origin: "bundled" },
    },
    {
      name: "the one in PATH",
      places: unix,
      there: ["/opt/bin/modreach"],
      want: { command: "/opt/bin/modreach", origin: "path" },
    },
    {
      name: "the setting before all",
      places: { ...unix, setting: "/own/modreach" },
      there: ["/own/modreach", "/ext/dist/modreach"],
      want: { command: "/own/modreach", origin: "setting" },
    },
    {
      name: "a setting that names nothing is not passed over",
      places: { ...unix, setting: "/own/modreach" },
      there: ["/ext/dist/modreach"],
      want: undefined,
    },
    {
      name: "a setting from home",
      places: { ...unix, setting: "~/go/bin/modreach" },
      there: ["/home/ann/go/bin/modreach"],
      want: { command: "/home/ann/go/bin/modreach", origin: "setting" },
    },
    {
      name: "a setting from the folder",
      places: { ...unix, setting: "${workspaceFolder}/bin/modreach" },
      there: ["/src/shop/bin/modreach"],
      want: { command: "/src/shop/bin/modreach", origin: "setting" },
    },
    {
      name: "a relative setting without a folder",
      places: { ...unix, setting: "bin/modreach", folder: undefined },
      there: ["/home/ann/bin/modreach"],
      want: { command: "/home/ann/bin/modreach", origin: "setting" },
    },
    {
      name: "a tilde that is part of a name",
      places: { ...unix, setting: "/own/~modreach" },
      there: ["/own/~modreach"],
      want: { command: "/own/~modreach", origin: "setting" },
    },
    {
      name: "Windows, PATH",
      places: windows,
      there: ["C:\\tools\\modreach.exe"],
      want: { command: "C:\\tools\\modreach.exe", origin: "path" },
    },
    {
      name: "Windows, from home",
      places: { ...windows, setting: "~\\modreach.exe" },
      there: ["C:\\Users\\ann\\modreach.exe"],
      want: { command: "C:\\Users\\ann\\modreach.exe", origin: "setting" },
    },
  ];
  for (const { name, places, there, want } of tests) {
    it(name, () => {
      assert.deepEqual(
        chooseProgram(places, (file) => there.includes(file)),
        want,
      );
    });
  }
});

describe("findInPath", () => {
  it("passes relative entries by", () => {
    assert.equal(
      findInPath("go", ".::bin:/usr/bin", false, () => true),
      "/usr/bin/go",
    );
  });
});
