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
    ["said https://ann:p@ss@proxy.example/a", "said https://xxxxx@proxy.example/a"],
    ["reading http://127.0.0.1:8081/a/@v/v1.0.0.info", "reading http://127.0.0.1:8081/a/@v/v1.0.0.info"],
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
    ["GIT_CONFIG_VALUE_0", "Authorization: Basic YTpi", "xxxxx"],
    ["GIT_CONFIG_PARAMETERS", "'http.extraheader=Authorization: Basic YTpi'", "xxxxx"],
    ["GIT_CONFIG_COUNT", "1", "1"],
    ["GOPROXY", "https://a:b@c.example", "https://a:xxxxx@c.example"],
    [
      "GOPROXY",
      "https://a:b@c.example/p|https://tok@d.example,direct",
      "https://a:xxxxx@c.example/p|https://xxxxx@d.example,direct",
    ],
    ["HTTPS_PROXY", "ann:word@proxy.example:3128", "ann:xxxxx@proxy.example:3128"],
    ["HTTPS_PROXY", "http://ann:p@ss/w:rd@proxy.example:3128", "http://ann:xxxxx@proxy.example:3128"],
    ["HTTPS_PROXY", "http://proxy.example:3128", "http://proxy.example:3128"],
    ["GOPROXY", "https://c.example/?t=s3cret", "https://c.example/?xxxxx"],
    ["GOPRIVATE", "corp.example/a@b,git@host.example", "corp.example/a@b,git@host.example"],
    ["GOFLAGS", "-mod=mod -modfile=/a b/go.mod", "-mod=mod -modfile=/a b/go.mod"],
    ["PATH", "/usr/bin:/bin", "/usr/bin:/bin"],
  ];
  for (const [name, value, want] of tests) {
    it(`${name}=${value}`, () => {
      assert.equal(redactValue(name, value), want);
    });
  }
});
