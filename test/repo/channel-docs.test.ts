import { channelIds, channels } from '../../src/channels';
import { withPart } from '../../scripts/generated-part.mjs';
import { limitsTable, overviewTable } from '../../scripts/limits-table.mjs';
import { read } from './files';

const withGuide = channelIds.filter((id) => channels[id].provider !== undefined);

test.each(withGuide.map((id) => [id]))("the limits in docs/channels/%s.md are the channel's own (npm run docs)", (id) => {
	const page = read(`docs/channels/${id}.md`);
	expect(page).toBe(withPart(page, 'limits', limitsTable(channels[id])));
});

test('docs/channels.md compares all of them (npm run docs)', () => {
	const page = read('docs/channels.md');
	expect(page).toBe(withPart(page, 'limits', overviewTable(Object.values(channels))));
});

test.each(withGuide.map((id) => [id]))('the guide of %s names every field of its credential', async (id) => {
	const type = channels[id].provider?.credentialType ?? '';
	const name = `${type.charAt(0).toUpperCase()}${type.slice(1)}`;
	const module = (await import(`../../credentials/${name}.credentials`)) as Record<string, new () => { properties: { displayName: string }[] }>;
	const Credential = module[name];
	const labels = Credential ? new Credential().properties.map(({ displayName }) => displayName) : [];
	const guide = read(`docs/channels/${id}.md`);
	expect(labels.length).toBeGreaterThan(0);
	expect(labels.filter((label) => !guide.includes(`'${label}'`))).toEqual([]);
});
