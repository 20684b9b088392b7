import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { redactText, redactValue } from "../src/secret.ts";

describe("redactText", () => {
  const tests: [text: string, want: string][] = [
    ["https://proxy.example/a,direct", "https://proxy.example/a,direct"],
    [
      "https://ann:pass@proxy.example/a,https://tok@b.example|off",
      "https://xxxxx@proxy.example/a,https://xxxxx@b.example|off",
    ],
    ["git+ssh://git@host.example/x", "git+ssh://xxxxx@host.example/x"],
    ["https://host.example/a@v1.0.0", "https://host.example/a@v1.0.0"],
    ["https://host.example/?access_token=abc&x=1", "https://host.example/?access_token=xxxxx&x=1"],
    ["example.com/a@v1", "example.com/a@v1"],
  ];
  for (const [text, want] of tests) {
    it(text, () => {
      assert.equal(redactText(text), want);
    });
  }
});

describe("redactValue", () => {
  const tests: [name: string, value: string, want: string][] = [
    ["GITHUB_TOKEN", "abc", "xxxxx"],
    ["GOAUTH", "git dir", "xxxxx"],
    ["GOAUTH", "off", "off"],
    ["GIT_AUTHOR_NAME", "Ann", "Ann"],
    ["NPM_PASSWORD", "", ""],
    ["GOPROXY", "https://a:b@c.example", "https://xxxxx@c.example"],
  ];
  for (const [name, value, want] of tests) {
    it(`${name}=${value}`, () => {
      assert.equal(redactValue(name, value), want);
    });
  }
});
