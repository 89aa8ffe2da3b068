// Which room may import which; docs/architecture.md has the picture. A breach fails `npm run check`.

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** A package wherever it is installed, or by its bare name when it is not. */
const packages = (...names) => `(^|/)node_modules/(${names.join('|')})(/|$)|^(${names.join('|')})(/|$)`;
const builtin = (...names) => `^(node:)?(${names.join('|')})$`;
const anyPackage = '(^|/)node_modules/';
const ourRooms = '^(nodes|credentials|src)/';

/** Packages that only the bridge to n8n may use. */
const BRIDGE_PACKAGES = [
	'axios',
	'chrono-node',
	'file-type',
	'imapflow',
	'mailparser',
	'music-metadata',
	'nodemailer',
	'rate-limiter-flexible',
	'request-filtering-agent',
	'sanitize-html',
	'uuidv7',
];
/** Pure parsers of what providers write, which channels share. */
const KIT_PACKAGES = ['fast-xml-parser'];

module.exports = {
	forbidden: [
		forbid('no-cycles', 'A cycle means that two rooms are one room, types included.', {}, { circular: true }),
		forbid('nothing-unknown', 'An import that leads nowhere.', {}, { couldNotResolve: true }),
		forbid(
			'only-declared-packages',
			"What package.json does not list under 'dependencies' is not there in an n8n that installs this package.",
			{ path: '^(nodes|credentials|src)/', pathNot: '^src/webchat/' },
			{
				dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'npm-optional'],
				dependencyTypesNot: ['type-only'],
				pathNot: packages('n8n-workflow'),
			},
		),

		forbid(
			'core-is-the-floor',
			'core: rules and types only.',
			{ path: '^src/core/' },
			{ pathNot: ['^src/core/', builtin('crypto')] },
		),
		forbid(
			'channel-sees-core',
			'A channel knows core, the kit and itself.',
			{ path: '^src/channels/(?!kit/)([^/]+)/' },
			{ pathNot: ['^src/core/', '^src/channels/$1/', '^src/channels/kit/', builtin('crypto')] },
		),
		forbid(
			'kit-sees-core',
			'The kit is for every channel, so it knows none.',
			{ path: '^src/channels/kit/' },
			{ pathNot: ['^src/core/', '^src/channels/kit/', builtin('crypto'), packages(...KIT_PACKAGES)] },
		),
		forbid(
			'registry-sees-channels',
			'The list of channels names channels and nothing else.',
			{ path: '^src/channels/[^/]+$' },
			{ pathNot: ['^src/core/', '^src/channels/'] },
		),
		forbid(
			'store-sees-core',
			'The store implements the port that core declares.',
			{ path: '^src/store/' },
			{ path: ourRooms, pathNot: ['^src/core/', '^src/store/'] },
		),
		forbid(
			'store-packages',
			'Of third-party code the store uses Kysely and a database driver.',
			{ path: '^src/store/' },
			{ path: anyPackage, pathNot: packages('kysely', 'pg', '@types/pg', '@types/node') },
		),
		forbid(
			'sql-stays-in-store',
			'One room speaks SQL.',
			{ path: ourRooms, pathNot: '^src/store/' },
			{ path: [packages('kysely', 'pg'), builtin('sqlite')] },
		),
		forbid(
			'n8n-stays-at-the-edge',
			'Everything below src/n8n runs without n8n.',
			{ path: '^src/', pathNot: '^src/n8n/' },
			{ path: packages('n8n-workflow', 'n8n-core', '@n8n/[^/]+') },
		),
		forbid(
			'bridge-packages',
			'Network, file sniffing, limits and ids come in through the bridge.',
			{ path: ourRooms, pathNot: '^src/n8n/' },
			{ path: packages(...BRIDGE_PACKAGES) },
		),
		forbid(
			'bridge-does-not-see-nodes',
			'Nodes are built on the bridge, not the other way round.',
			{ path: '^src/' },
			{ path: '^(nodes|credentials)/' },
		),
		forbid(
			'nodes-are-thin',
			'A node talks to src/n8n and core, not past them.',
			{ path: '^nodes/' },
			{ pathNot: ['^nodes/', '^src/(n8n|core)/', packages('n8n-workflow')] },
		),
		forbid(
			'credentials-are-leaves',
			'A credential file imports n8n-workflow only.',
			{ path: '^credentials/' },
			{ pathNot: packages('n8n-workflow') },
		),
		forbid(
			'page-is-browser-code',
			'The chat page imports itself and preact.',
			{ path: '^src/webchat/' },
			{ pathNot: ['^src/webchat/', '^src/channels/webchat/wire', packages('preact')] },
		),
		forbid(
			'page-shares-types-only',
			'What the page and n8n share are the shapes of their messages; code would bring the server into the browser.',
			{ path: '^src/webchat/' },
			{ path: '^src/channels/', dependencyTypesNot: ['type-only'] },
		),
		forbid(
			'page-is-served-not-imported',
			'The page is built apart and served as a file.',
			{ path: ourRooms, pathNot: '^src/webchat/' },
			{ path: '^src/webchat/' },
		),
	],
	options: {
		tsPreCompilationDeps: true,
		tsConfig: { fileName: 'tsconfig.json' },
		doNotFollow: { path: 'node_modules' },
		enhancedResolveOptions: {
			conditionNames: ['import', 'require', 'node', 'default', 'types'],
			exportsFields: ['exports'],
			mainFields: ['main', 'types'],
		},
	},
};
