import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["**/node_modules/", "dist/"] },
  {
    files: ["extension/**/*.ts"],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/explicit-function-return-type": ["error", { allowExpressions: true }],
      "@typescript-eslint/prefer-readonly": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  {
    files: ["extension/test/**/*.ts"],
    // node:test gathers what describe and it return by itself.
    rules: { "@typescript-eslint/no-floating-promises": "off" },
  },
  {
    files: ["extension/**/*.mjs"],
    extends: [js.configs.recommended],
    languageOptions: { globals: { console: "readonly", process: "readonly" } },
  },
  {
    // What stands on these has no need of an editor, and is tested without one.
    files: [
      "extension/src/{backoff,doctor,environment,gomod,loginshell,logline,program,recovery,secret,status,supervisor,support}.ts",
    ],
    rules: { "no-restricted-imports": ["error", "vscode", "vscode-languageclient/node"] },
  },
  prettier,
);
