import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import { defineConfig } from 'eslint/config'
import globals from 'globals'
import ts from 'typescript-eslint'

/** Where time and chance are arguments, so that a simulation can decide them. */
const PURE = ['src/core/**/*.ts', 'src/protocol/**/*.ts', 'src/sync/**/*.ts', 'src/features/**/*.ts']

/** What only the adapters (net, store, crypto, ui), screens (.svelte, .svelte.ts), world.ts and main.ts may touch. */
const WORLDLY = ['Date.now', 'Math.random', 'performance.now', 'crypto.getRandomValues', 'crypto.randomUUID']

const worldly = WORLDLY.map((name) => {
  const [object, property] = name.split('.')
  return { object, property, message: 'Time and chance are arguments here: take them from the world.' }
})

const timers = ['setTimeout', 'setInterval', 'requestAnimationFrame'].map((name) => ({
  name,
  message: 'Time is an argument here: take the timers of the world.',
}))

/** The one place that knows the MLS library; everybody else has `crypto/mls.ts`. */
const MLS_ADAPTER = ['src/crypto/ts-mls.ts', 'src/crypto/ts-mls/**']

export default defineConfig(
  { ignores: ['dist/', 'test-results/', 'bench-results/'] },
  js.configs.recommended,
  {
    rules: {
      eqeqeq: 'error',
      'max-params': ['error', 3],
      'no-else-return': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-eval': 'error',
      'object-shorthand': 'error',
      'prefer-template': 'error',
    },
  },
  {
    files: ['**/*.ts', '**/*.svelte'],
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.config.ts'], defaultProject: 'tests/tsconfig.json' },
        extraFileExtensions: ['.svelte'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      // A number in a text is what it looks like.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => close()` and `() => void close()` say what is meant; braces would not say it better.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // Ports are records of functions that anybody may take apart; `this` lives in classes only.
      '@typescript-eslint/unbound-method': 'off',
      // What changes during an await looks constant to the compiler.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // The key of an index signature has a name, and says what it is; so does reading it in brackets.
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      // A type parameter that is used once is how a brand is made.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // Libraries describe plain options by classes and numbers by enums.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
    },
  },
  svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      'svelte/no-at-html-tags': 'error',
      'svelte/no-inline-styles': 'error',
      'svelte/no-target-blank': 'error',
      // svelte-check decides which warnings there are, and knows the types of snippets and handlers.
      'svelte/no-unused-svelte-ignore': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // Lists are replaced as a whole ($state.raw); a Map inside of a function is no state.
      'svelte/prefer-svelte-reactivity': 'off',
      // TypeScript knows what is defined, and `let { … } = $props()` is how Svelte is written.
      'no-undef': 'off',
      'prefer-const': 'off',
    },
  },
  { files: ['src/**'], rules: { 'no-console': 'error' } },
  {
    files: ['src/**'],
    ignores: MLS_ADAPTER,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['ts-mls', '@hpke/*'],
              message: 'MLS is what crypto/mls.ts says; ask createMls for it.',
            },
          ],
        },
      ],
    },
  },
  {
    files: PURE,
    ignores: ['**/*.svelte.ts'],
    rules: {
      'no-restricted-globals': ['error', ...timers],
      'no-restricted-properties': ['error', ...worldly],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
          message: 'Time is an argument here.',
        },
      ],
    },
  },
  {
    files: ['tests/**'],
    rules: {
      'max-params': 'off',
      'no-restricted-properties': [
        'error',
        { property: 'waitForTimeout', message: 'Wait for a state, not for a time.' },
      ],
      // Playwright's fixtures that need nothing begin with `{}`, and doubles do nothing.
      'no-empty-pattern': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  { files: ['**/*.js', '**/*.mjs'], languageOptions: { globals: globals.node } },
  { files: ['public/**'], languageOptions: { globals: globals.browser } },
)
