/**
 * Every lint rule that is off, where, and why. The same list, for reading, is docs/adr/0002-lint-rules-switched-off.md.
 * @type {{ rules: string[], files: string[], why: string }[]}
 */
export const SWITCHED_OFF = [
	{
		rules: ['@n8n/community-nodes/no-runtime-dependencies'],
		files: ['package.json'],
		why: 'The store, the network guard and the file sniffer are well-kept packages; copies of our own would be worse. The rule is for n8n Cloud, where an embedded store cannot run anyway.',
	},
	{
		rules: ['@n8n/community-nodes/no-overrides-field'],
		files: ['package.json'],
		why: 'The overrides keep development tools installable (native modules that no test needs) and name no runtime dependency.',
	},
	{
		rules: [
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node',
			'n8n-nodes-base/node-class-description-inputs-wrong-trigger-node',
			'n8n-nodes-base/node-class-description-outputs-wrong',
		],
		files: ['nodes/**/*.ts'],
		why: "They ask for string literals; n8n's newer node-connection-type-literal asks for NodeConnectionTypes, and our outputs have names.",
	},
	{
		rules: ['n8n-nodes-base/cred-class-field-documentation-url-miscased'],
		files: ['credentials/**/*.ts'],
		why: "It is for n8n's own credentials, whose documentation address is a word in camel case; ours is a URL.",
	},
	{
		rules: ['@typescript-eslint/require-await'],
		files: ['**/*.ts', '**/*.tsx'],
		why: 'Ports and n8n interfaces return promises, also where one implementation has nothing to wait for.',
	},
	{
		rules: ['@typescript-eslint/unbound-method'],
		files: ['**/*.ts', '**/*.tsx'],
		why: "Objects here are made of closures, and Kysely's expression builders are made to be taken apart (`({ eb, ref }) => …`).",
	},
	{
		rules: ['@typescript-eslint/no-unsafe-assignment'],
		files: ['test/**/*.ts'],
		why: "jest's matchers inside expected values (`expect.any(String)`) have the type any.",
	},
	{
		rules: ['no-console'],
		files: ['src/webchat/widget/**/*.ts'],
		why: "The launcher runs in the customer's own site: its console is where the site's owner looks.",
	},
];
