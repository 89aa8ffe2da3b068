import { SWITCHED_OFF } from '../../eslint.switched-off.mjs';
import { FILES, MANIFEST, read } from './files';

const README = FILES.includes('README.md') ? read('README.md') : '';
const DOCUMENTS = FILES.filter((path) => path.endsWith('.md'));

/** Commands that npm runs by itself. */
const AUTOMATIC = ['prepack'];
/** Parts of `npm run check` and `npm test`, for people who work on the code. */
const PARTS = ['types', 'lint', 'test:unit'];

describe('the documentation', () => {
	const commands = Object.keys(MANIFEST.scripts).filter((name) => ![...AUTOMATIC, ...PARTS].includes(name));

	test.each(commands.map((name) => [name === 'test' ? 'npm test' : `npm run ${name}`]))('README.md explains `%s`', (command) => {
		expect(README).toContain(command);
	});

	test('every command that a document names is there', () => {
		const named = DOCUMENTS.flatMap((path) => [...read(path).matchAll(/npm run ([a-z0-9:-]+)/g)].map((match) => match[1]));
		expect(named.filter((name) => name !== undefined && !(name in MANIFEST.scripts))).toEqual([]);
	});

	test.each(['DEMO_PORT', 'DEMO_HOME'])('README.md explains %s', (name) => {
		expect(README).toContain(name);
	});

	test('every lint rule that is off stands in ADR 0002, and no other', () => {
		const adr = read('docs/adr/0002-lint-rules-switched-off.md');
		const listed = [...adr.matchAll(/^- `([^`]+)`/gm)].map((match) => match[1]);
		expect(listed.sort()).toEqual(SWITCHED_OFF.flatMap(({ rules }) => rules).sort());
	});

	test('links between documents lead somewhere', () => {
		const dead = DOCUMENTS.flatMap((path) =>
			[...read(path).matchAll(/\]\((?!https?:|#|mailto:)([^)\s#]+)/g)]
				.map((match) => new URL(match[1] ?? '', `file:///${path}`).pathname.slice(1))
				.filter((target) => !FILES.some((file) => file === target || file.startsWith(`${target.replace(/\/$/, '')}/`)))
				.map((target) => `${path} → ${target}`),
		);
		expect(dead).toEqual([]);
	});
});
