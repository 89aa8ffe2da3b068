import { FILES, read } from './files';

const CODE = FILES.filter((path) => /\.(ts|tsx|js|mjs|cjs)$/.test(path));
/** This file says what is not allowed. */
const SELF = 'test/repo/sources.test.ts';

/** `file:line text` of each line that matches. */
function linesWith(pattern: RegExp, paths: readonly string[]): string[] {
	return paths
		.filter((path) => path !== SELF)
		.flatMap((path) =>
			read(path)
				.split('\n')
				.map((line, index) => ({ line, at: `${path}:${index + 1} ${line.trim().slice(0, 120)}` })),
		)
		.filter(({ line }) => pattern.test(line))
		.map(({ at }) => at);
}

test('every file name says what is in the file', () => {
	const nameless = /(^|[-_.])(utils?|helpers?|misc|common|GenericFunctions)\.(ts|tsx|js|mjs|cjs)$/i;
	expect(CODE.filter((path) => nameless.test(path.split('/').at(-1) ?? ''))).toEqual([]);
});

test('what a channel can do is data: there is no switch over channels', () => {
	const product = CODE.filter((path) => /^(src|nodes|credentials)\//.test(path) && path !== 'src/channels/index.ts');
	expect(linesWith(/switch \((\w+\.)*(channel|channelId)\)/, product)).toEqual([]);
});

test('no file names a folder of one machine or a package registry', () => {
	const texts = FILES.filter((path) => !/\.(png|jpe?g|gif|webp|ico|woff2?)$/.test(path) && !path.endsWith('package-lock.json'));
	// The home folder of n8n's container image is the same on every machine.
	expect(linesWith(/(^|[^.\w])\/(wor[k]|far[m]|hom[e](?!\/node\/)|User[s])\/\w|registry\.\w+\.(org|com)|deb\.\w+\.org/, texts)).toEqual([]);
});

test('lockfiles name no registry', () => {
	expect(linesWith(/"resolved": "https?:/, FILES.filter((path) => path.endsWith('package-lock.json')))).toEqual([]);
});

test('nothing is left to be done later, and no test is left out', () => {
	expect(linesWith(/\b(TODO|FIXME|XXX)\b|\b(it|test|describe)\.(only|todo)\b|\bx(it|describe)\(|@ts-(ignore|nocheck)/, CODE)).toEqual([]);
});

test('a lint rule is silenced only with a reason beside it', () => {
	const silenced = linesWith(/eslint-disable/, CODE);
	expect(silenced.filter((line) => !/eslint-disable(-next-line|-line)? \S.* -- \S/.test(line))).toEqual([]);
});
