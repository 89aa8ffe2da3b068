/** Unit, contract and engine tests. The tests of a real n8n are in jest.e2e.config.js. */
module.exports = {
	testEnvironment: 'node',
	// Every core: jest leaves one free, which of two is half.
	maxWorkers: '100%',
	roots: ['<rootDir>/test'],
	testPathIgnorePatterns: ['/node_modules/', '/test/e2e/'],
	globalSetup: '<rootDir>/test/setup/temp-root.js',
	globalTeardown: '<rootDir>/test/setup/remove-temp-root.js',
	setupFiles: ['<rootDir>/test/setup/n8n-user-folder.js'],
	transform: { '^.+\\.(ts|tsx|js|mjs)$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript', tsx: false } }, module: { type: 'commonjs' } }] },
	// These packages are ES modules only; n8n's Node.js requires them as they are, jest needs them translated.
	transformIgnorePatterns: ['/node_modules/(?!(kysely|file-type|strtok3|token-types|uint8array-extras|@tokenizer|@borewit|request-filtering-agent|ipaddr\\.js|music-metadata|media-typer|content-type|win-guid|sanitize-html|htmlparser2|domhandler|domutils|dom-serializer|domelementtype|entities)/)'],
	moduleNameMapper: {
		// It names its entry for Node.js' own require of ES modules only, which jest does not look for.
		'^music-metadata$': '<rootDir>/node_modules/music-metadata/lib/index.js',
		// Loaded when it is first needed, by the name that it has once it is compiled.
		'^\\./mail-servers\\.js$': '<rootDir>/src/n8n/mail/mail-servers.ts',
	},
	moduleFileExtensions: ['ts', 'tsx', 'js', 'mjs', 'json'],
};
