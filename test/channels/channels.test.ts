import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { channelIds, channels } from '../../src/channels';

test.each(channelIds.map((id) => [id]))('%s is held to the contract of channels', (id) => {
	expect(channels[id].id).toBe(id);
	expect(existsSync(join(__dirname, id, 'contract.test.ts'))).toBe(true);
});

test.each(channelIds.map((id) => [id]))('%s is called by a name that people know, in title case', (id) => {
	expect(channels[id].name).toMatch(/^[A-Z][A-Za-z]*( [A-Z][a-z]+)*$/);
});
