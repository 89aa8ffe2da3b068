import { custom } from '../../../src/channels/custom';
import { provider } from '../../../src/channels/custom/provider';
import { MalformedPayload, type Channel, type Content, type WebhookReply } from '../../../src/core/channel';
import { receive } from '../../../src/core/inbox';
import { send, type Sent } from '../../../src/core/outbox';
import type { Message } from '../../../src/core/records';
import { storeFile } from '../../../src/n8n/files/stored-files';
import { draft, eventTypes, testDesk, type TestDesk } from '../../core/desk';
import { PUBLIC_FILES, callPorts, sendPorts, type TestFile } from '../../fakes/ports';
import { fakeServer, type FakeServer, type Seen } from '../../fakes/server';
import { startIntegrationServer, type IntegrationServer, type IntegrationServerOptions } from './integration-server';

const CHANNEL_ID = 'gfd8g7fd89dgfd';
const TOKEN = 'aaaxczsadzxcasdacxzcasdaaaxczsadzxcasdacxzcasd';
const ANN = '+60177872890';
const BASE = '/webhook/trigger-1/conversations';

const channel: Channel = custom;

/** The messages of the integration server are taken in and kept as n8n would: real channel, real store. */
let desk: TestDesk;
let platform: FakeServer;
let server: IntegrationServer;
beforeEach(async () => {
	desk = await testDesk();
	desk.sendWith((...args) => channel.send(...args));
	platform = await fakeServer(take);
	server = await start();
});
afterEach(async () => {
	await server.close();
	await platform.close();
	await desk.dispose();
});

const start = (more: Partial<IntegrationServerOptions> = {}) =>
	startIntegrationServer({ platformUrl: `${platform.url}${BASE}`, channelId: CHANNEL_ID, token: TOKEN, ...more });
const fields = (token = TOKEN) => ({ channelId: CHANNEL_ID, token, url: server.url });

/** n8n takes an address with and without a slash at the end. */
async function take({ method, path, headers, query, bytes }: Seen): Promise<WebhookReply & { text?: string }> {
	const below = path.slice(`${BASE}/custom/`.length).replace(/\/$/, '');
	if (!path.startsWith(`${BASE}/custom/`) || !custom.webhook.paths?.includes(below)) return { status: 404 };
	const credential = provider.read(fields());
	const request = { method, headers, query, body: bytes, receivedAt: desk.now() };
	if (!custom.webhook.isAuthentic(request, credential, CHANNEL_ID, '')) return { status: 401 };
	try {
		await receive(desk, custom.webhook.parse(request, credential, CHANNEL_ID));
		return told(null);
	} catch (error) {
		if (error instanceof MalformedPayload) return told(error);
		throw error;
	}
}

function told(refused: MalformedPayload | null) {
	const { status = 500, headers, body } = custom.webhook.answer?.(refused) ?? {};
	return { status, ...(headers && { headers }), text: body ?? '' };
}

const kept = (): Promise<Message[]> => desk.store.records.messages.list({}, { limit: 50, offset: 0 });
const contactOf = async () => (await desk.store.records.contacts.byPhone(ANN))?.id ?? 'nobody';
const answer = async (content: Content | string, { token = TOKEN, files = {} }: { token?: string; files?: Record<string, TestFile> } = {}): Promise<Sent> => {
	const ports = sendPorts(provider, fields(token), { files });
	return await send(desk, draft(await contactOf(), content, { connections: { custom: { accounts: [CHANNEL_ID], monthlyQuota: null, messagesPerWindow: null, ports } } }));
};
const sentTo = async (content: Content | string, files: Record<string, TestFile> = {}): Promise<Message> => {
	const sent = await answer(content, { files });
	if (!sent.ok) throw new Error(sent.failure.reason);
	return sent.message;
};

test('a contact writes, and is answered: the server needs to know nothing but another host', async () => {
	expect(await server.text(ANN, 'Hello World', { firstName: 'John', lastName: 'Doe', email: 'john@example.test', phone: ANN, language: 'en' })).toMatchObject({ status: 200, body: '{}' });
	expect(await desk.store.records.contacts.byPhone(ANN)).toMatchObject({ name: 'John Doe', email: 'john@example.test', language: 'en' });
	expect(await eventTypes(desk)).toEqual(expect.arrayContaining(['contact.created', 'conversation.opened', 'message.received']));

	const message = await sentTo('How can I help?');
	expect(server.messages).toEqual([{ mId: message.providerId, channelId: CHANNEL_ID, contactId: ANN, message: { type: 'text', text: 'How can I help?' } }]);
	expect(server.refused).toEqual([]);
});

test.each(['/custom/channel/webhook/', '/custom/channel/webhook', '/custom/webhook'])('it posts to %s', async (webhookPath) => {
	await server.close();
	server = await start({ webhookPath });
	expect(await server.text(ANN, 'Hi')).toMatchObject({ status: 200 });
	expect(await kept()).toMatchObject([{ direction: 'in', text: 'Hi', account: CHANNEL_ID }]);
});

test('files go both ways', async () => {
	const bytes = Buffer.from('%PDF-1.7');
	const { mId } = await server.attachment(ANN, { type: 'file', fileName: 'inv.pdf', mimeType: 'application/pdf', bytes });
	expect(await kept()).toMatchObject([{ providerId: mId, attachments: [{ kind: 'file', name: 'inv.pdf', mime: 'application/pdf' }] }]);
	const [fetch] = await desk.store.records.fetches.claimDue({ accounts: [{ channel: 'custom', account: CHANNEL_ID }], now: desk.now(), nextAt: desk.now() + 1000, limit: 5 });
	const file = await provider.fetchMedia?.(fetch?.source ?? {}, 1000, callPorts(provider, fields()));
	expect(Buffer.from(file?.bytes ?? [])).toEqual(bytes);

	const ours = { name: 'offer.txt', bytes: Buffer.from('An offer') };
	const stored = await storeFile(desk, { ...ours, owner: null, declaredMime: 'text/plain' });
	await sentTo({ kind: 'media', text: 'Look', attachments: [stored] }, { [stored.fileId]: { ...ours, mime: stored.mime } });
	expect(server.messages.map(({ message }) => message)).toEqual([
		{ type: 'text', text: 'Look' },
		{ type: 'attachment', attachment: { type: 'file', url: `${PUBLIC_FILES}?id=${stored.fileId}&name=offer.txt`, mimeType: 'text/plain', fileName: 'offer.txt' } },
	]);
});

test('what one of the business says in the app stands in the conversation, and starts nothing', async () => {
	await server.text(ANN, 'Hi');
	const before = await eventTypes(desk);
	expect(await server.echo(ANN, 'I am on my way')).toMatchObject({ status: 200 });
	expect((await kept()).find(({ direction }) => direction === 'out')).toMatchObject({ text: 'I am on my way', source: 'agent', status: 'sent' });
	expect((await eventTypes(desk)).slice(before.length)).toEqual(['message.sent']);
});

test('an echo of what we sent ourselves adds nothing', async () => {
	await server.text(ANN, 'Hi');
	const { providerId } = await sentTo('Hello');
	await server.post({ channelId: CHANNEL_ID, contactId: ANN, events: [{ type: 'message_echo', mId: providerId, timestamp: Date.now(), message: { type: 'text', text: 'Hello' } }] });
	expect(await kept()).toHaveLength(2);
});

test('delivered, read and failed reach the message they are about; others are not minded', async () => {
	await server.text(ANN, 'Hi');
	const [first, second] = [await sentTo('One'), await sentTo('Two')];
	const statusOf = async ({ id }: Message) => (await desk.store.records.messages.get(id))?.status;
	await server.status(ANN, first.providerId ?? '', 'delivered');
	expect(await statusOf(first)).toBe('delivered');
	await server.status(ANN, first.providerId ?? '', 'read');
	await server.status(ANN, first.providerId ?? '', 'delivered');
	expect(await statusOf(first)).toBe('read');
	await server.status(ANN, second.providerId ?? '', 'failed', 'Invalid token');
	expect(await desk.store.records.messages.get(second.id)).toMatchObject({ status: 'failed', failure: { code: 'not_delivered', providerMessage: 'Invalid token' } });
	expect(await server.status(ANN, 'msgr-of-nobody', 'delivered')).toMatchObject({ status: 200 });
});

test('some servers tell that a message of the contact was delivered: it stays as it is', async () => {
	const { mId } = await server.text(ANN, 'Hi');
	expect(await server.status(ANN, mId, 'delivered', 'Message delivered successfully')).toMatchObject({ status: 200 });
	expect(await kept()).toMatchObject([{ direction: 'in', status: 'received' }]);
});

test('promise 2: what is posted twice is one message', async () => {
	await server.text(ANN, 'Hi');
	expect(await server.post(server.posted[0])).toMatchObject({ status: 200 });
	expect(await kept()).toHaveLength(1);
});

test('promise 7: a wrong token, another channel and nonsense change nothing, and are told as documented', async () => {
	const hi = { contactId: ANN, events: [{ type: 'message', mId: 'x', timestamp: 1, message: { type: 'text', text: 'Hi' } }] };
	expect(await server.post({ channelId: CHANNEL_ID, ...hi }, 'wrong')).toMatchObject({ status: 401, body: '' });
	const unknown = await server.post({ channelId: 'another', ...hi });
	expect(unknown.status).toBe(404);
	expect(JSON.parse(unknown.body)).toEqual({ error: { message: "There is no channel with this 'channelId' here." } });
	expect((await server.post([])).status).toBe(400);
	expect(await kept()).toEqual([]);
});

test('what the messenger refuses is told with the words of the server', async () => {
	await server.text(ANN, 'Hi');
	server.messengerRefuses(ANN, 422);
	expect(await answer('Hello')).toMatchObject({ ok: false, failure: { code: 'rejected', providerMessage: 'err: status_code #422 ' } });
	server.messengerRefuses(ANN, 401);
	expect(await answer('Hello again')).toMatchObject({ ok: false, failure: { code: 'configuration_invalid', providerMessage: '401: UNAUTHORIZED' } });
	expect(server.messages).toEqual([]);
});

test('a token that the server does not know', async () => {
	await server.text(ANN, 'Hi');
	expect(await answer('Hello', { token: 'another' })).toMatchObject({ ok: false, failure: { code: 'credential_invalid' } });
	expect(server.refused).toEqual([{ status: 401, why: 'wrong token' }]);
	await expect(provider.test(callPorts(provider, fields('another')))).rejects.toThrow(/refused the token/);
	expect(await provider.test(callPorts(provider, fields()))).toMatch(/did not refuse the token/);
});

test('choices and places are in a form that a server can read', async () => {
	await server.text(ANN, 'Hi');
	await sentTo({ kind: 'choices', text: 'Happy?', options: [{ id: 'y', label: 'Yes' }] });
	await sentTo({ kind: 'location', text: null, latitude: 3.14, longitude: 101.69, name: null, address: 'KL' });
	expect(server.messages.map(({ message }) => message)).toEqual([
		{ type: 'quick_reply', title: 'Happy?', replies: ['Yes'] },
		{ type: 'location', latitude: 3.14, longitude: 101.69, address: 'KL' },
	]);
});

test("a server that forgets to answer a wrong token, as respond.io's example does: the test says what that may be", async () => {
	await server.close();
	server = await start({ forgetsToAnswerWrongToken: true });
	const { http, ...ports } = callPorts(provider, fields('another'));
	const impatient: typeof http = (request) => http({ ...request, timeoutMs: 200 });
	await expect(provider.test({ ...ports, http: impatient })).rejects.toThrow(/does not answer.*compare 'Token'/);
	expect(server.refused).toEqual([{ status: 401, why: 'wrong token' }]);
});
