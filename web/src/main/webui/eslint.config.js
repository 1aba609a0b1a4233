import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/**
 * Arrows never turn back: app -> features -> ui | api. Features never import each other, ui knows the api's types only,
 * and the mock is never shipped. Inside a zone imports are relative, across zones they start with `@/`.
 */
function zone(files, regex, message) {
  return { files, rules: { 'no-restricted-imports': ['error', { patterns: [{ regex, message }] }] } };
}
const zones = [
  zone(['src/app/**'], '^\\.\\./', 'Write @/ for another zone.'),
  zone(['src/features/*/*'], '^@/(app|features)/|^\\.\\./', 'A feature uses @/ui, @/api and its own folder.'),
  zone(
    ['src/features/*/*/*'],
    '^@/(app|features)/|^\\.\\./\\.\\./',
    'A feature uses @/ui, @/api and its own folder.',
  ),
  zone(['src/ui/**'], '^@/|^\\.\\./(?!api/types\\.ts$)', 'ui uses itself and the types of api.'),
  zone(['src/api/**'], '^@/|^\\.\\./', 'api uses itself.'),
];

const evidenceIsText = [
  {
    selector:
      "JSXAttribute[name.name='dangerouslySetInnerHTML'], Property[key.name='dangerouslySetInnerHTML']",
    message: 'Evidence is text, never HTML.',
  },
  {
    selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]',
    message: 'Evidence is text, never HTML.',
  },
];

export default tseslint.config(
  { ignores: ['dist', 'node_modules'] },
  ...tseslint.configs.recommended,
  reactHooks.configs.flat.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    rules: {
      'no-restricted-syntax': ['error', ...evidenceIsText],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-console': 'error',
      eqeqeq: 'error',
      // The virtualiser's functions must not be memoised; its results are used in place only.
      'react-hooks/incompatible-library': 'off',
    },
  },
  ...zones,
  {
    files: ['src/**/*.tsx'],
    ignores: ['src/**/*.test.tsx'],
    rules: { 'max-lines': ['error', { max: 120 }] },
  },
  { files: ['src/**/*Page.tsx', 'src/**/*.ts'], rules: { 'max-lines': ['error', { max: 200 }] } },
  { files: ['src/api/types.ts', 'src/**/*.test.*'], rules: { 'max-lines': 'off' } },
);
