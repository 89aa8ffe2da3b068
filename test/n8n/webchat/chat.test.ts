import { close } from '../../../src/core/conversation';
import { issueToken } from '../../../src/channels/webchat/token';
import { send } from '../../../src/core/outbox';
import { webchatKey } from '../../../src/n8n/webchat/key';
import { addressKey, type Address, type Content } from '../../../src/core/channel';
import { closeHost, openHost } from '../../../src/n8n/host';
import { draft } from '../../core/desk';
import type { WireMessage } from '../../../src/channels/webchat/wire';
import { park } from '../../../src/core/parking';
import { chatServer, type ChatServer } from './server';
import { postJson, refusal, Visitor, type Stream } from './visitor';

let server: ChatServer;
beforeEach(async () => {
	server = await chatServer();
});
afterEach(() => server.close());

const contacts = async () => await server.desk.store.records.contacts.list({}, { limit: 100, offset: 0 });
const stored = async () => await server.desk.store.records.messages.list({}, { limit: 100, offset: 0 });
/** Names of the events until the visitor's text is shown. */
async function untilText(stream: Stream, text: string): Promise<string[]> {
	const names: string[] = [];
	for (;;) {
		const { name, data } = await stream.any();
		names.push(name);
		if (name === 'message' && (data as WireMessage).text === text) return names;
	}
}
const answer = async (content: Content | string) => {
	const [contact] = await contacts();
	return await send(server.desk, draft(contact?.id ?? '', content));
};

test('a visitor becomes a contact with the first message only', async () => {
	const visitor = await Visitor.enter(server.base());
	const stream = await visitor.listens();
	expect(await stream.next('snapshot')).toMatchObject({ messages: [], more: false, conversation: 'none' });
	expect(await contacts()).toHaveLength(0);
	expect((await visitor.says('Hello')).status).toBe(200);
	expect(await contacts()).toHaveLength(1);
	expect(await stream.next('message')).toMatchObject({ from: 'visitor', text: 'Hello', status: 'received' });
	await stream.close();
});

test('answers, choices and the end of the conversation reach the open page', async () => {
	const visitor = await Visitor.enter(server.base());
	await visitor.says('Hello');
	const stream = await visitor.listens();
	expect(await stream.next('snapshot')).toMatchObject({ conversation: 'open', messages: [{ text: 'Hello' }] });
	await answer({ kind: 'choices', text: 'How can we help?', options: [{ id: 'hours', label: 'Opening hours' }] });
	const menu = await stream.next('message');
	expect(menu).toMatchObject({ from: 'business', status: 'sent', choices: [{ id: 'hours', label: 'Opening hours' }] });
	await visitor.post({ type: 'message', id: 'press-one-1', choice: { messageId: menu.id, id: 'hours' } });
	expect(await stream.next('message')).toMatchObject({ text: 'Opening hours', choice: { id: 'hours' } });
	const [contact] = await contacts();
	await close(server.desk, { contactId: contact?.id ?? '', category: null, summary: null, unassign: true, source: 'workflow' });
	expect(await stream.next('conversation')).toEqual({ status: 'closed' });
	await stream.close();
});

test('a page that comes back is told everything once, with the newest state', async () => {
	const visitor = await Visitor.enter(server.base());
	await visitor.says('Hello');
	const sent = await answer('Hi there');
	await visitor.post({ type: 'receipt', delivered: [sent.message?.id], read: [sent.message?.id] });
	expect(await visitor.sees()).toMatchObject([
		{ text: 'Hello', from: 'visitor' },
		{ text: 'Hi there', from: 'business', status: 'read' },
	]);
});

test('while a workflow is at work the page shows typing, until the answer comes', async () => {
	const visitor = await Visitor.enter(server.base());
	await visitor.says('Hello');
	const stream = await visitor.listens();
	await stream.next('snapshot');
	const [contact] = await contacts();
	const [address] = await server.desk.store.records.addresses.ofContact(contact?.id ?? '');
	(await openHost()).activity.working(addressKey(address as Address), true);
	expect(await stream.next('typing')).toEqual({ on: true });
	await answer('Here I am');
	expect(await stream.next('typing')).toEqual({ on: false });
	expect(await stream.next('message')).toMatchObject({ text: 'Here I am' });
	await stream.close();
});

test('a token that is more than a day old is renewed by the stream, for the same visitor', async () => {
	const key = await webchatKey(server.desk.store);
	const user = 'AAAAAAAAAAAAAAAAAAAAAA';
	const token = issueToken({ account: 'page-1', user, issuedAt: Date.now() - 2 * 24 * 60 * 60 * 1000 }, key);
	const old = Visitor.known(server.base(), token);
	await old.says('It is me again');
	const stream = await old.listens();
	const snapshot = await stream.next('snapshot');
	await stream.close();
	expect(await Visitor.known(server.base(), snapshot.token ?? '').sees()).toMatchObject([{ text: 'It is me again' }]);
	const fresh = await (await Visitor.enter(server.base())).listens();
	expect(await fresh.next('snapshot')).not.toHaveProperty('token');
	await fresh.close();
});

test('an update of the package ends open streams, so that pages come back to the new build', async () => {
	const visitor = await Visitor.enter(server.base());
	const stream = await visitor.listens();
	await stream.next('snapshot');
	await closeHost();
	await expect(stream.next('message')).rejects.toThrow('the stream ended');
	expect((await visitor.says('Hello again')).status).toBe(200);
});

test('a ninth window of one visitor is told to wait', async () => {
	const visitor = await Visitor.enter(server.base());
	const streams = await Promise.all(Array.from({ length: 8 }, () => visitor.listens()));
	await Promise.all(streams.map((stream) => stream.next('snapshot')));
	const ninth = await visitor.listens();
	expect(await refusal(ninth.response)).toMatchObject({ status: 429, code: 'too_many' });
	await Promise.all(streams.map((stream) => stream.close()));
	let status = 429;
	while (status !== 200) {
		const again = await visitor.listens();
		({ status } = again.response);
		await again.close();
	}
});

test('older messages can be asked for, page by page', async () => {
	const visitor = await Visitor.enter(server.base());
	await visitor.says('Hello');
	for (let count = 0; count < 60; count += 1) await answer(`answer ${count}`);
	const newest = await visitor.sees();
	expect(newest).toHaveLength(50);
	const older = await (await visitor.post({ type: 'history', before: newest[0]?.id })).json();
	expect(older).toMatchObject({ more: false });
	expect((older as { messages: unknown[] }).messages).toHaveLength(11);
});

test('ten identical posts at once are one message', async () => {
	const visitor = await Visitor.enter(server.base());
	const same = { type: 'message', id: 'the-same-one', text: 'Hello' };
	const answers = await Promise.all(Array.from({ length: 10 }, () => visitor.post(same)));
	const ids = await Promise.all(answers.map(async (response) => (await response.json()) as { message: string }));
	expect(new Set(ids.map(({ message }) => message)).size).toBe(1);
	expect(await stored()).toHaveLength(1);
});

test('queued, failed and uncertain answers are not shown to the visitor', async () => {
	const visitor = await Visitor.enter(server.base());
	await visitor.says('Hello');
	const sent = await answer('Never mind');
	for (const status of ['queued', 'sending', 'failed', 'unconfirmed'] as const) {
		await server.desk.store.records.messages.update(sent.message?.id ?? '', { status });
		expect(await visitor.sees()).toMatchObject([{ text: 'Hello' }]);
	}
});

test('many messages that are not shown hide no others', async () => {
	const visitor = await Visitor.enter(server.base());
	await visitor.says('Hello');
	for (let count = 0; count < 55; count += 1) await answer('x'.repeat(2001));
	expect(await visitor.sees()).toMatchObject([{ text: 'Hello' }]);
});

describe('promise 7: who is not the visitor learns and changes nothing', () => {
	test.each([
		['no token', undefined],
		['a made-up token', '1.eyJhIjoicGFnZS0xIn0.c2lnbmF0dXJl'],
		['a token with one letter changed', 'change'],
		['an enormous token', 'x'.repeat(5_000)],
	])('%s', async (_name, token) => {
		const visitor = await Visitor.enter(server.base());
		const forged = token === 'change' ? `${visitor.token.slice(0, -1)}${visitor.token.endsWith('A') ? 'B' : 'A'}` : token;
		const response = await postJson(server.base(), { type: 'message', id: 'forged-message', text: 'Hello' }, forged);
		expect(await refusal(response)).toMatchObject({ status: 401, code: 'unauthorized' });
		const stream = await fetch(`${server.base()}/events`, { headers: { authorization: `Bearer ${forged ?? ''}` } });
		expect(stream.status).toBe(401);
		expect(await stored()).toHaveLength(0);
	});

	test('a token of one trigger opens no chat of another, nor of its test run', async () => {
		const visitor = await Visitor.enter(server.base());
		for (const base of [server.base('production', 'page-2'), server.base('test')]) {
			const response = await postJson(base, { type: 'message', id: 'elsewhere-1', text: 'Hello' }, visitor.token);
			expect(response.status).toBe(401);
		}
		expect(await stored()).toHaveLength(0);
	});

	test('a visitor cannot read or mark the messages of another', async () => {
		const [ann, eve] = [await Visitor.enter(server.base()), await Visitor.enter(server.base())];
		await ann.says('My number is 4711');
		const sent = await answer('Thank you, Ann');
		await eve.says('Hello');
		expect(await eve.sees()).toMatchObject([{ text: 'Hello' }]);
		const history = await (await eve.post({ type: 'history', before: sent.message?.id })).json();
		expect(JSON.stringify(history)).not.toContain('4711');
		await eve.post({ type: 'receipt', read: [sent.message?.id] });
		expect((await server.desk.store.records.messages.get(sent.message?.id ?? ''))?.status).toBe('sent');
	});

	test('a choice or a file of somebody else is refused', async () => {
		const [ann, eve] = [await Visitor.enter(server.base()), await Visitor.enter(server.base())];
		await ann.says('Hello');
		const menu = await answer({ kind: 'choices', text: 'Pick', options: [{ id: 'a', label: 'A' }] });
		const file = await ann.attaches(Buffer.from('hers'), 'hers.txt');
		await eve.says('Hello');
		const pressed = await eve.post({ type: 'message', id: 'press-other', choice: { messageId: menu.message?.id, id: 'a' } });
		const used = await eve.post({ type: 'message', id: 'use-other-file', attachments: [file.fileId] });
		expect([pressed.status, used.status]).toEqual([400, 400]);
	});
});

describe('bad input: a plain sentence, nothing stored', () => {
	test.each([
		['not an object', '[]', 400],
		['an unknown type', { type: 'shout' }, 400],
		['no id', { type: 'message', text: 'Hello' }, 400],
		['an id that is no id', { type: 'message', id: '../../etc', text: 'Hello' }, 400],
		['a text that is no text', { type: 'message', id: 'message-1', text: { a: 1 } }, 400],
		['an empty text', { type: 'message', id: 'message-1', text: '  ' }, 400],
		['A10: 2,001 characters', { type: 'message', id: 'message-1', text: 'é'.repeat(2001) }, 400],
		['files that are no list', { type: 'message', id: 'message-1', attachments: 'x' }, 400],
		['eleven files', { type: 'message', id: 'message-1', attachments: Array.from({ length: 11 }, (_, i) => `file-${i}`) }, 400],
		['a file that is not there', { type: 'message', id: 'message-1', attachments: ['nope'] }, 400],
		['a choice that is not there', { type: 'message', id: 'message-1', choice: { messageId: 'x', id: 'y' } }, 400],
		['a huge post', { type: 'message', id: 'message-1', text: 'Hello', padding: 'x'.repeat(70_000) }, 413],
	])('%s', async (_name, body, status) => {
		const visitor = await Visitor.enter(server.base());
		const refused = await refusal(await visitor.post(body));
		expect(refused.status).toBe(status);
		expect(refused.message).toMatch(/^[A-Z'].*\.$/);
		expect(await contacts()).toHaveLength(0);
	});

	test('2,000 characters are taken', async () => {
		const visitor = await Visitor.enter(server.base());
		expect((await visitor.says('é'.repeat(2000))).status).toBe(200);
	});
});

test('too many messages at once are refused with a time, and the others still write', async () => {
	const [loud, calm] = [await Visitor.enter(server.base()), await Visitor.enter(server.base())];
	const statuses: number[] = [];
	for (let count = 0; count < 45; count += 1) statuses.push((await loud.says(`message ${count}`)).status);
	expect(statuses.filter((status) => status === 200)).toHaveLength(40);
	const refused = await loud.says('one more');
	expect(refused.status).toBe(429);
	expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
	expect(await refused.json()).toMatchObject({ error: { code: 'too_many', retryAfterMs: expect.any(Number) } });
	expect((await calm.says('Hello')).status).toBe(200);
});

describe('promise 8: the test address', () => {
	test('a message starts the run, also one of an open conversation, and is marked', async () => {
		const visitor = await Visitor.enter(server.base('test'));
		await visitor.says('Hello');
		await visitor.says('Hello again');
		expect(server.started).toHaveLength(2);
		expect(server.started[1]?.[0]?.[0]?.json).toMatchObject({
			test: true,
			event: { type: 'message.received', source: 'contact' },
			conversation: { status: 'open', channel: 'webchat', assignee: null },
			contact: { isNew: true, channels: [{ channel: 'webchat' }] },
			message: { text: 'Hello again', direction: 'in', status: 'received' },
		});
	});

	test('while a run waits for the reply, the page is told where to answer; production pages are not', async () => {
		for (const mode of ['test', 'production'] as const) {
			const visitor = await Visitor.enter(server.base(mode));
			await visitor.says('Hello');
			const stream = await visitor.listens();
			await stream.next('snapshot');
			const [contact] = await contacts();
			const contactId = contact?.id ?? '';
			const menu = await send(server.desk, draft(contactId, 'How can we help?'));
			const messageId = menu.message?.id ?? '';
			await park(server.desk, {
				executionId: '17', nodeId: 'node-1', workflowId: 'w', kind: 'reply', until: Date.now() + 60_000,
				resumeUrl: 'https://n8n.example.com/some/webhook-waiting/17/node-1?signature=abc',
				items: [{ contactId, messageId, item: { json: {} }, result: null }],
			});
			if (mode === 'test') expect(await stream.next('reply')).toEqual({ to: '/some/webhook-waiting/17/node-1?signature=abc' });
			await visitor.says('Prices');
			if (mode === 'test') expect(await stream.next('reply')).toEqual({ to: null });
			else expect(await untilText(stream, 'Prices')).not.toContain('reply');
			await stream.close();
		}
	});

	test('production starts nothing here', async () => {
		await (await Visitor.enter(server.base())).says('Hello');
		expect(server.started).toEqual([]);
	});
});
