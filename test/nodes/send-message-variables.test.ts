import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { assign } from '../../src/core/assignment';
import { saveContact } from '../../src/core/contact';
import type { Desk } from '../../src/core/desk';
import { saveAgent } from '../../src/core/directory';
import { addToLibrary, removeFromLibrary } from '../../src/core/library';
import { saveSnippet } from '../../src/core/snippets';
import { storeFile } from '../../src/n8n/files/stored-files';
import { fakeMailServers } from '../fakes/mail';
import { FAKE, fakeWhatsApp, SHEENA, type FakeWhatsApp } from '../fakes/whatsapp';
import { BINARY, PNG, sendWith, writesOn } from './channel-contacts';
import { closeWorkspace, messagesTo, openWorkspace, opens, run, writes } from './workspace';

let desk: Desk;
const closing: { close(): Promise<void> }[] = [];
beforeEach(async () => {
	desk = await openWorkspace();
});
afterEach(async () => {
	await closeWorkspace();
	for (const server of closing.splice(0)) await server.close();
});

/** A file in the library. */
async function shelved(name: string, bytes: Buffer = PNG, fileName = name) {
	const { fileId } = await storeFile(desk, { name: fileName, bytes, owner: null });
	return await addToLibrary(desk, fileId, name);
}

async function assignBob(contactId: string) {
	const bob = await saveAgent(desk, { name: 'Bob Smith', email: 'bob@shop.test', status: 'online' });
	await assign(desk, { contactId, to: { kind: 'agent', agent: bob.id }, source: 'workflow' });
}

/** What a contact called Ann Lee gets, and the item that leaves. */
async function annGets(parameters: IDataObject, more: Partial<INodeExecutionData> = {}) {
	const { item, contactId } = await opens(desk, 'ann', 'Hello', 'Ann Lee');
	const ran = await run('sendMessage', parameters, [{ ...item, ...more, json: { ...item.json, ...more.json } }]);
	const [sent] = await messagesTo(desk, contactId);
	return { sent, ran, contactId };
}

describe('A7, A8, R22: variables', () => {
	test('are filled in among text, expressions and emojis', async () => {
		const { sent, ran } = await annGets(
			{ text: '=🤖 Hi $contact.firstname|there, order {{ $json.order }} is for $contact.name — 👩‍👩‍👧‍👦 {{ $json.contact.name }} $conversation.channel' },
			{ json: { order: 7 } },
		);
		expect(sent?.text).toBe('🤖 Hi Ann, order 7 is for Ann Lee — 👩‍👩‍👧‍👦 Ann Lee webchat');
		expect(ran.out()).toMatchObject([{ message: { text: sent?.text, status: 'sent' } }]);
		expect(ran.out()[0]?.['message']).not.toHaveProperty('unfilled');
	});

	test('the assignee, custom fields and the time of the workflow', async () => {
		const { item, contactId } = await opens(desk, 'ann', 'Hi', 'Ann');
		await saveContact(desk, { by: 'id', id: contactId }, { fields: { order_id: 7, Größe: 'M' } }, 'api');
		await assignBob(contactId);
		const before = new Date();
		await run('sendMessage', { text: '$assignee.firstname <$assignee.email> $contact.order_id $contact.größe $system.current_datetime' }, [item], {
			workflow: { settings: { timezone: 'Asia/Tokyo' } },
		});
		const [sent] = await messagesTo(desk, contactId);
		const [, who, at] = /^(.*?) (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)$/.exec(sent?.text ?? '') ?? [];
		expect(who).toBe('Bob <bob@shop.test> 7 M');
		const told = Date.parse(`${at?.replace(' ', 'T')}+09:00`);
		expect(told).toBeGreaterThanOrEqual(before.getTime() - 1000);
		expect(told).toBeLessThanOrEqual(Date.now());
	});

	test('R23: what has no value never reaches the customer, and the item says so', async () => {
		const { sent, ran } = await annGets({ text: 'Hi $contact.nickname, $assignee.nmae|we write to $contact.email. $5, $USD' });
		expect(sent).toMatchObject({ text: 'Hi , we write to . $5, $USD', unfilled: ['$contact.nickname', '$contact.email'] });
		expect(ran.out()).toMatchObject([{ message: { unfilled: ['$contact.nickname', '$contact.email'] } }]);
	});

	test('labels of choices are filled in, their IDs are not', async () => {
		const { sent } = await annGets({
			text: 'Default',
			channelResponses: ['webchat'],
			webchatMessageType: 'choices',
			webchatText: 'Pick, $contact.firstname',
			webchatChoices: {
				values: [
					{ label: 'Call $contact.firstname', id: '$contact.firstname' },
					{ label: '=Not {{ $json.contact.firstName }}, $contact.lastname', id: '' },
					{ label: '={{ "$contact.id" }}', id: '' },
				],
			},
		});
		expect(sent).toMatchObject({
			text: 'Pick, Ann',
			choices: [
				{ label: 'Call Ann', id: '$contact.firstname' },
				{ label: 'Not Ann, Lee', id: 'Not Ann, Lee' },
				{ label: '$contact.id', id: '$contact.id' },
			],
		});
	});
});

describe('what contacts wrote comes back as plain text', () => {
	const evil = '$assignee.email';

	test.each([
		['their message, as an expression', '={{ $json.message.text }}'],
		['their message, within a text', '=You wrote: {{ $json.message.text }}'],
		['their message, behind a space of its own', '=You wrote:{{ " " + $json.message.text }}'],
	])('%s', async (_what, text) => {
		await saveSnippet(desk, { name: 'internal', text: 'SECRET' });
		for (const said of [evil, '/internal', '$contact.id|x']) {
			const { item, contactId } = await opens(desk, `visitor ${said}`, said);
			await assignBob(contactId);
			await run('sendMessage', { text }, [item]);
			const [sent] = await messagesTo(desk, contactId);
			expect(sent?.text).toBe(text.startsWith('={{') ? said : `You wrote: ${said}`);
		}
	});

	test.each([evil, '/internal'])('their name: %s', async (name) => {
		await saveSnippet(desk, { name: 'internal', text: 'SECRET' });
		await saveSnippet(desk, { name: 'greeting', text: 'Hello $contact.name' });
		const { item, contactId } = await opens(desk, 'ann', 'Hi', name);
		await assignBob(contactId);
		await run('sendMessage', { text: '=$contact.name {{ $json.contact.name }} /greeting' }, [item]);
		expect(await messagesTo(desk, contactId)).toMatchObject([{ text: `${name} ${name} Hello ${name}`, unfilled: [] }]);
	});

	test('what an agent of AI says', async () => {
		const { item } = await opens(desk, 'ann', 'Hi', 'Ann');
		const text = "={{ $fromAI('answer', '', 'string') }}";
		const ran = await run('sendMessage', { text }, [{ json: { ...item.json, answer: '$contact.id /internal' } }], { typeName: 'sendMessageTool' });
		expect(ran.out()).toMatchObject([{ message: { text: '$contact.id /internal' } }]);
	});
});

describe('A10: 2,000 characters, counted after filling in', () => {
	test.each([
		['a long name', 'Ann Lee', '$contact.name'],
		['no name, with a fallback', undefined, '$contact.name|friends'],
	])('%s', async (_what, name, variable) => {
		const { item, contactId } = await opens(desk, 'ann', 'Hi', name);
		const most = `${variable} ${'🤖'.repeat(1992)}`;
		expect([...most].length).toBeGreaterThan(2000);
		await run('sendMessage', { text: most }, [item]);
		expect([...((await messagesTo(desk, contactId))[0]?.text ?? '')]).toHaveLength(2000);
		const ran = await run('sendMessage', { text: `${most}x` }, [item], { workflow: { executionId: 'execution-2' } });
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'content_unsupported', reason: expect.stringContaining('2001 characters') as string } }]);
	});

	test('a snippet that makes it too long', async () => {
		await saveSnippet(desk, { name: 'long', text: 'x'.repeat(1990) });
		const { ran, sent } = await annGets({ text: '/long and eleven' });
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'content_unsupported', reason: expect.stringContaining('2001 characters') as string } }]);
		expect(sent?.status).toBe('failed');
	});
});

describe('A9, R23: snippets', () => {
	test('stand in for their names, with their variables and files', async () => {
		await shelved('Price list.png', PNG, 'prices.png');
		await saveSnippet(desk, { name: 'prices', text: 'Our prices, $contact.firstname|friend 🎉', attachments: ['price LIST.png'] });
		const { sent, ran } = await annGets({ text: '/PRICES or /unknown' });
		expect(sent).toMatchObject({
			type: 'media',
			text: 'Our prices, Ann 🎉 or /unknown',
			attachments: [{ name: 'prices.png', kind: 'image', mime: 'image/png', sizeBytes: PNG.length }],
		});
		expect(ran.out()).toMatchObject([{ message: { attachments: [{ name: 'prices.png' }] } }]);
	});

	test('a file alone will do, and goes once, together with those of the message', async () => {
		const { id } = await shelved('map.png');
		await saveSnippet(desk, { name: 'map', attachments: ['map.png'] });
		const { sent } = await annGets({ messageType: 'media', text: '/map', attachments: 'picture, library:MAP.png' }, { binary: BINARY });
		expect(sent).toMatchObject({ text: null, attachments: [{ name: 'ticket.png' }, { fileId: id, name: 'map.png' }] });
		const { item, contactId } = await opens(desk, 'bob');
		await run('sendMessage', { text: '/map\n/map' }, [item]);
		expect(await messagesTo(desk, contactId)).toMatchObject([{ type: 'media', text: null, attachments: [{ fileId: id }] }]);
	});

	test('where a message has no place for their files, they are left out, and the item says so', async () => {
		await shelved('map.png');
		await saveSnippet(desk, { name: 'map', text: 'Find us', attachments: ['map.png'] });
		const { ran } = await annGets({
			...{ text: 'Default', channelResponses: ['webchat'], webchatMessageType: 'choices', webchatText: '/map' },
			webchatChoices: { values: [{ label: 'Yes', id: '' }] },
		});
		expect(ran.out()).toMatchObject([{ message: { text: 'Find us', notes: [expect.stringContaining("'/map'")] } }]);
	});

	test('a file that is gone since is named, and nothing is sent', async () => {
		await shelved('map.png');
		await saveSnippet(desk, { name: 'map', text: 'Find us', attachments: ['map.png'] });
		await desk.store.records.files.unshelve((await desk.store.records.files.byLibraryName('map.png'))?.id ?? '', desk.now());
		const { ran, sent } = await annGets({ text: 'Hi /map' });
		expect(ran.out()).toEqual([]);
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'content_unsupported', reason: expect.stringMatching(/'\/map'.*'map\.png'/) as string } }]);
		expect(sent).toBeUndefined();
	});

	test('a repetition of the step sends nothing again, whatever changed meanwhile', async () => {
		await saveSnippet(desk, { name: 'map', text: 'Find us, $contact.name. $system.current_datetime' });
		const { item, contactId } = await opens(desk, 'ann', 'Hi', 'Ann Lee');
		await run('sendMessage', { text: '/map' }, [item]);
		await saveSnippet(desk, { name: 'map', text: 'Other' });
		await saveContact(desk, { by: 'id', id: contactId }, { name: 'Anna' }, 'api');
		const again = await run('sendMessage', { text: '/map' }, [item]);
		const [first, ...others] = await messagesTo(desk, contactId);
		expect(others).toEqual([]);
		expect(again.out()).toMatchObject([{ message: { id: first?.id, text: expect.stringContaining('Find us, Ann Lee.') as string } }]);
	});
});

describe('A12: files of the library', () => {
	test('are named in both fields, whatever their case, and are not copied', async () => {
		const [list, map] = [await shelved('Price list 2026.png'), await shelved('map.png', Buffer.from('plain'))];
		const { sent } = await annGets({
			messageType: 'media',
			text: 'See',
			attachments: 'library:price LIST  2026.png',
			attachmentUrls: ['Library: map.png', 'library:Price list 2026.png'],
		});
		expect(sent?.attachments.map(({ fileId }) => fileId)).toEqual([list.id, map.id, list.id]);
	});

	test('one text holds several, as an expression gives them', async () => {
		await shelved('a b.png');
		await shelved('c.png');
		const { sent } = await annGets({ messageType: 'media', text: '', attachmentUrls: "={{ 'library:a b.png library:c.png' }}" });
		expect(sent?.attachments).toMatchObject([{ name: 'a b.png' }, { name: 'c.png' }]);
	});

	test.each([
		['unknown', { attachments: 'library:nothing.pdf' }, /'Attachments' names the file 'nothing\.pdf'.*File > Get Many/],
		['unknown among addresses', { attachmentUrls: ['library:nothing at all.pdf'] }, /'nothing at all\.pdf'.*File > Get Many/],
		['no name', { attachments: 'library:' }, /'Attachments'.*'library:'/],
		['too many', { attachments: Array(11).fill('library:map.png').join(',') }, /at most 10/],
	])('%s: content_unsupported, and nothing is sent', async (_what, parameters, said) => {
		await shelved('map.png');
		const { ran, sent } = await annGets({ messageType: 'media', ...parameters });
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'content_unsupported', channel: 'webchat', reason: expect.stringMatching(said) as string } }]);
		expect(sent).toBeUndefined();
	});

	test('one that is larger than the channel takes is refused', async () => {
		await shelved('big.bin', Buffer.alloc(10 * 1024 * 1024 + 1));
		const { ran } = await annGets({ messageType: 'media', attachments: 'library:big.bin' });
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'content_unsupported', reason: expect.stringMatching(/'big\.bin'.*10 MB/) as string } }]);
	});

	test('what was put right since goes with the Retry of a failed message, what is gone since goes as it was', async () => {
		const { item, contactId } = await opens(desk, 'ann');
		await saveSnippet(desk, { name: 'text', text: 'x'.repeat(2000) });
		const [wrong, map] = [await shelved('prices.png'), await shelved('map.png')];
		const parameters = { messageType: 'media', text: 'See /text', attachments: 'library:prices.png, library:map.png' };
		expect((await run('sendMessage', parameters, [item])).out(1)).toMatchObject([{ failure: { code: 'content_unsupported' } }]);
		await saveSnippet(desk, { name: 'text', text: 'this' });
		const right = await shelved('prices.png', Buffer.from('right'));
		await removeFromLibrary(desk, 'map.png');
		const again = await run('sendMessage', parameters, [item], { workflow: { mode: 'retry' } });
		expect(again.out(1)).toEqual([]);
		expect(await messagesTo(desk, contactId)).toMatchObject([{ text: 'See this', attachments: [{ fileId: right.id }, { fileId: map.id }] }]);
		expect(wrong.id).not.toBe(right.id);
	});

	test('a message keeps its file when it is taken out of the library', async () => {
		await shelved('map.png');
		const { sent } = await annGets({ messageType: 'media', attachments: 'library:map.png' });
		await removeFromLibrary(desk, 'map.png');
		expect(await desk.store.records.files.bytes(sent?.attachments[0]?.fileId ?? '')).toHaveLength(PNG.length);
	});
});

test('A17, A18: subject and HTML of a mail are filled in; what is filled into HTML is escaped', async () => {
	const mail = await fakeMailServers();
	closing.push(mail);
	await shelved('map.png');
	await saveSnippet(desk, { name: 'regards', text: 'Regards & thanks\nThe <shop>', attachments: ['map.png'] });
	const { item, message } = await writesOn(desk, { channel: 'email', account: 'support@shop.test', user: 'ann@example.test' });
	await saveContact(desk, { by: 'id', id: message.contactId }, { name: '<b>Ann</b> "A" & Co' }, 'api');
	const ran = await sendWith(
		{ email: mail.fields },
		{
			text: 'Default',
			channelResponses: ['email'],
			emailText: 'Hi $contact.name, $contact.nickname',
			emailSubject: '=For $contact.name {{ "$contact.id" }}',
			emailHtml: '=<p title="$contact.name">$contact.firstname|there {{ "<i>$contact.id</i>" }}</p><p>/regards</p>',
		},
		[item],
	);
	const sent = mail.mails[0]?.mail;
	expect(sent?.subject).toBe('For <b>Ann</b> "A" & Co $contact.id');
	expect(sent?.text?.trim()).toBe('Hi <b>Ann</b> "A" & Co,');
	expect(sent?.html).toContain(
		'<p title="&lt;b&gt;Ann&lt;/b&gt; &quot;A&quot; &amp; Co">&lt;b&gt;Ann&lt;/b&gt; <i>$contact.id</i></p><p>Regards &amp; thanks<br>The &lt;shop&gt;</p>',
	);
	expect(sent?.attachments.map(({ filename }) => filename)).toEqual(['map.png']);
	expect(ran.out()).toMatchObject([{ message: { unfilled: ['$contact.nickname'], type: 'media' } }]);
});

describe('A16: values of a template', () => {
	let fake: FakeWhatsApp;
	let item: INodeExecutionData;
	beforeEach(async () => {
		fake = await fakeWhatsApp();
		closing.push(fake.server);
		fake.templates.push({
			...{ name: 'order_update', language: 'en_US', status: 'APPROVED', category: 'UTILITY', parameter_format: 'POSITIONAL' as const },
			components: [
				{ type: 'HEADER', format: 'IMAGE' },
				{ type: 'BODY', text: 'Hello {{1}}, order {{2}} is on its way.', example: { body_text: [['Ann', '7']] } },
			],
		});
		({ item } = await writesOn(desk, { channel: 'whatsapp', account: FAKE.phoneNumberId, user: SHEENA.phone }));
	});

	const field = (id: string, displayName: string, required = true) => ({ id, displayName, required, defaultMatch: false, display: true, type: 'string' });
	const FIELDS = [field('header.image', 'Header: image'), field('body.1', 'Body: 1'), field('body.2', 'Body: 2'), field('button.0.payload', 'Button', false)];
	const template = (value: IDataObject, schema: IDataObject[] = FIELDS) => ({
		...{ text: 'Default', channelResponses: ['whatsapp'], whatsappMessageType: 'template', whatsappTemplate: 'order_update|en_US' },
		whatsappTemplateParameters: { mappingMode: 'defineBelow', value, matchingColumns: [], schema },
	});
	const sends = (parameters: IDataObject) => sendWith({ whatsapp: fake.fields }, parameters, [item]);

	test('are filled in, and its file may be one of the library', async () => {
		await shelved('shop.png');
		const ran = await sends(
			template({
				'header.image': 'library:Shop.png',
				'body.1': '$contact.nickname|"dear customer"',
				'body.2': '=No. {{ "$contact.id" }} on $conversation.channel',
				'button.0.payload': null,
			}),
		);
		expect(ran.out(1)).toEqual([]);
		const [header, body] = (fake.sent[0] as unknown as { template: { components: { parameters: IDataObject[] }[] } }).template.components;
		expect(header?.parameters).toMatchObject([{ type: 'image', image: { id: expect.any(String) as string } }]);
		expect(body?.parameters).toMatchObject([{ text: 'dear customer' }, { text: 'No. $contact.id on whatsapp' }]);
		expect([...fake.media.values()].map(({ name }) => name)).toEqual(['shop.png']);
	});

	test.each([
		['left empty', ''],
		['blank', '  '],
		['a variable without a value', '$contact.nickname'],
		['an expression that gives nothing', '={{ $json.nothing }}'],
		['null', null],
	])('a required one that is %s is named, before any call', async (_what, given) => {
		const ran = await sends(template({ 'header.image': 'https://example.com/a.png', 'body.1': given, 'body.2': '7', 'button.0.payload': null }));
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'content_unsupported', channel: 'whatsapp', reason: expect.stringContaining("'Body: 1'") as string } }]);
		expect(fake.server.requests).toEqual([]);
	});

	test('set by hand, without a list of fields, nothing is required', async () => {
		const ran = await sends(template({ 'header.image': 'https://example.com/a.png', 'body.1': 'Ann', 'body.2': '$contact.id' }, []));
		expect(ran.out(1)).toEqual([]);
		expect(fake.sent).toHaveLength(1);
	});
});

test('of two items each has its own contact', async () => {
	const [ann, bob] = [await opens(desk, 'ann', 'Hi', 'Ann'), await writes(desk, 'bob', 'Hi', { name: 'Bob' })];
	const input = [ann.item, { json: { contact: { id: bob.contactId } } }];
	const ran = await run('sendMessage', { text: '=Hi $contact.name {{ $itemIndex }}' }, input);
	expect(ran.out()).toMatchObject([{ message: { text: 'Hi Ann 0' } }, { message: { text: 'Hi Bob 1' } }]);
});
