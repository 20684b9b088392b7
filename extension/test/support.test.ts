import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { supportReport } from "../src/support.ts";

const facts = {
  extension: "0.1.0",
  editor: "Editor 1.91.0",
  system: "linux x64 6.1",
  server: "v0.1.0 (bundled: /ext/dist/modreach)",
  trusted: true,
  settings: {
    env: { GOPROXY: "https://ann:word@proxy.example", API_TOKEN: "t0k" },
    mirrors: ["https://k:y@m.example"],
  },
  differences: [{ name: "GOPROXY", editor: "off", shell: undefined }],
  findings: [
    {
      file: "go.mod",
      line: 7,
      code: "auth-needed",
      severity: "error" as const,
      message: "asked https://u:p@host.example",
    },
  ],
};

describe("supportReport", () => {
  it("has all that helps and no secret", () => {
    assert.equal(
      supportReport(facts),
      `## modreach

- extension: 0.1.0
- server: v0.1.0 (bundled: /ext/dist/modreach)
- editor: Editor 1.91.0
- system: linux x64 6.1
- workspace trusted: yes

### Settings
\`\`\`text
env: {"GOPROXY":"https://ann:xxxxx@proxy.example","API_TOKEN":"xxxxx"}
mirrors: ["https://k:xxxxx@m.example"]
\`\`\`

### Differences from a login shell
\`\`\`text
GOPROXY: off | (not set)
\`\`\`

### Findings
\`\`\`text
go.mod:7: error: asked https://xxxxx@host.example [auth-needed]
\`\`\`
`,
    );
  });
  it("says where there is nothing, and leaves out what is not known", () => {
    const report = supportReport({ ...facts, settings: {}, findings: [], differences: undefined, trusted: false });
    assert.match(report, /### Settings\n```text\nnone\n```\n\n### Findings\n```text\nnone\n```\n$/);
    assert.match(report, /trusted: no/);
    assert.doesNotMatch(report, /login shell/);
  });
});
