import type { Desk } from '../../src/core/desk';
import { storeFile } from '../../src/n8n/files/stored-files';
import { closeWorkspace, openWorkspace, run } from './workspace';

let desk: Desk;
beforeEach(async () => {
	desk = await openWorkspace();
});
afterEach(closeWorkspace);

const stored = async (name: string) => {
	const { fileId, mime } = await storeFile(desk, { name, bytes: Buffer.from(name), declaredMime: 'text/plain', owner: null });
	return { id: fileId, name, mime, kind: 'file', sizeBytes: name.length };
};
const missing = { id: null, name: 'film.mp4', mime: 'video/mp4', kind: 'video', sizeBytes: 0, missing: 'It is larger than Telegram lets bots download.' };

/** The items that the trigger's first step gives on. */
async function givenOn(json: Record<string, unknown>) {
	const ran = await run('closeConversation', {}, [{ json: json as never }], { triggered: true });
	return ran.outputs('Start')[0] ?? [];
}

test('files come as data, data1 …; one that could not be had stays in the JSON with the reason', async () => {
	const [first, second] = [await stored('a.txt'), await stored('b.txt')];
	const [item] = await givenOn({ message: { id: 'm', attachments: [missing, first, second] } });
	expect(Object.entries(item?.binary ?? {}).map(([field, { fileName }]) => [field, fileName])).toEqual([
		['data', 'a.txt'],
		['data1', 'b.txt'],
	]);
	expect(item?.json['message']).toMatchObject({ attachments: [missing, first, second] });
});

test('of a burst the files of all messages', async () => {
	const [first, second] = [await stored('a.txt'), await stored('b.txt')];
	const messages = [{ id: '1', attachments: [first] }, { id: '2', attachments: [] }, { id: '3', attachments: [second] }];
	const [item] = await givenOn({ message: messages[0], messages });
	expect(Object.keys(item?.binary ?? {})).toEqual(['data', 'data1']);
});

test('without any file that is here there is no binary data', async () => {
	const [item] = await givenOn({ message: { id: 'm', attachments: [missing] } });
	expect(item).not.toHaveProperty('binary');
});
