import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';
import { SWITCHED_OFF } from './eslint.switched-off.mjs';

const communityNodes = n8nCommunityNodesPlugin.configs.recommendedWithoutN8nCloudSupport;
/** What n8n warns of is an error here: a warning that nobody must mend is noise. */
const asErrors = (/** @type {Record<string, unknown>} */ rules) => Object.fromEntries(Object.keys(rules).map((rule) => [rule, 'error']));

const TYPESCRIPT = ['**/*.ts', '**/*.tsx'];
/** Where descriptions of nodes are written: their parameters live in `fields`. */
const DESCRIPTIONS = ['nodes/**/*.ts', 'src/n8n/fields/**/*.ts'];

export default tseslint.config(
	{ ignores: ['dist/', '**/node_modules/', '.demo/', '.e2e/', '.test-results/', 'coverage/'] },
	{ linterOptions: { reportUnusedDisableDirectives: 'error' } },

	{
		files: TYPESCRIPT,
		extends: [tseslint.configs.recommendedTypeChecked],
		languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
		rules: {
			'@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
			'@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
			eqeqeq: ['error', 'always', { null: 'ignore' }],
			'no-var': 'error',
			'prefer-const': 'error',
		},
	},
	{
		files: ['nodes/**/*.ts', 'credentials/**/*.ts', 'src/**/*.ts', 'src/**/*.tsx'],
		rules: {
			'no-console': 'error',
			'no-restricted-syntax': [
				'error',
				{ selector: 'ExportDefaultDeclaration', message: 'Named exports only: a name is the same wherever it is used.' },
				{ selector: 'TSEnumDeclaration', message: 'Use a union of literals.' },
			],
		},
	},

	{ plugins: { ...communityNodes.plugins, 'n8n-nodes-base': n8nNodesBase } },
	{ files: [...DESCRIPTIONS, 'credentials/**/*.ts'], rules: asErrors(communityNodes.rules) },
	{ files: DESCRIPTIONS, rules: n8nNodesBase.configs.nodes.rules },
	{ files: ['credentials/**/*.ts'], rules: n8nNodesBase.configs.credentials.rules },
	{
		files: ['package.json'],
		languageOptions: { parser: tseslint.parser, parserOptions: { extraFileExtensions: ['.json'] } },
		rules: { ...asErrors(communityNodes.rules), ...n8nNodesBase.configs.community.rules },
	},

	{
		files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
		extends: [tseslint.configs.base],
		rules: { 'no-var': 'error', 'prefer-const': 'error', eqeqeq: 'error', 'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }] },
	},

	...SWITCHED_OFF.map(({ rules, files }) => ({
		...(files ? { files } : {}),
		rules: Object.fromEntries(rules.map((rule) => [rule, 'off'])),
	})),
);
