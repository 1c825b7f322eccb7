import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["**/dist/", "**/coverage/", "target/"] },
  js.configs.recommended,
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  {
    // The client is to run wherever there is fetch and a WebSocket: it takes nothing from Node.
    files: ["client/src/**"],
    rules: { "no-restricted-imports": ["error", { patterns: ["node:*", "ws"] }], "no-console": "error" },
  },
  {
    files: ["page/src/**"],
    extends: [reactHooks.configs.flat["recommended-latest"]],
    rules: { "no-restricted-imports": ["error", { patterns: ["node:*"] }], "no-console": "error" },
  },
  // Texts with something to put in are functions whose type is plain.
  { files: ["page/src/i18n/en.ts"], rules: { "@typescript-eslint/explicit-module-boundary-types": "off" } },
  { files: ["**/*.js", "**/*.mjs"], languageOptions: { globals: { process: "readonly", console: "readonly" } } },
  prettier,
);
