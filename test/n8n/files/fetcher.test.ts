import { channels } from '../../../src/channels';
import type { Address, ChannelId, InboundAttachment, Profile } from '../../../src/core/channel';
import { receive } from '../../../src/core/inbox';
import { ConversationsError, failure, type FailureCode } from '../../../src/core/failure';
import type { CallPorts, Provider } from '../../../src/core/provider';
import type { Desk } from '../../../src/core/desk';
import type { Message } from '../../../src/core/records';
import { callPorts } from '../../../src/n8n/calls/accounts';
import { Fetcher } from '../../../src/n8n/files/fetcher';
import { claim, says, subscribe, testDesk, type TestDesk } from '../../core/desk';
import { plainFields, plainProvider, TOKEN, type PlainCredential } from '../../fakes/provider';
import { fakeServer, type Behaviour, type FakeServer } from '../../fakes/server';

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');
const OGG = Buffer.concat([Buffer.from('OggS'), Buffer.from([0, 2]), Buffer.alloc(20), Buffer.from([1, 19]), Buffer.from('OpusHead'), Buffer.alloc(11)]);
const MP4 = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypisom'), Buffer.from([0, 0, 2, 0]), Buffer.from('isommp42')]);
const ANN: Address = { channel: 'telegram', account: 'bot-1', user: 'ann' };
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let server: FakeServer;
let desk: TestDesk;
let fetcher: Fetcher;
let ports: CallPorts;
beforeEach(async () => {
	[server, desk] = [await fakeServer(() => ({ bytes: PNG, headers: { 'content-type': 'image/png' } })), await testDesk()];
	ports = callPorts(plainProvider(), plainFields(server.url));
	fetcher = new Fetcher(withProvider());
});
afterEach(async () => {
	await fetcher.stop();
	await Promise.all([server.close(), desk.dispose()]);
});

const REFUSALS: Record<number, FailureCode> = { 404: 'content_unsupported', 401: 'credential_invalid', 429: 'rate_limited', 500: 'provider_unavailable', 504: 'outcome_unknown' };

/** Files are plain GETs; a status that is no answer is a failure as channels tell it. */
const files: Partial<Provider<PlainCredential>> = {
	async fetchMedia({ path = '' }, maxBytes, { http }) {
		const { status, bytes, headers } = await http({ method: 'GET', url: path, maxBytes });
		if (status !== 200) throw refused(status, headers['retry-after']);
		return { bytes, mime: headers['content-type'] ?? null, name: headers['x-name'] ?? null };
	},
};
const people: Partial<Provider<PlainCredential>> = {
	async profile(user, account, { http }) {
		const { status, bytes } = await http({ method: 'GET', url: `/people/${account}/${user}` });
		if (status !== 200) throw refused(status);
		return bytes.length === 0 ? null : (JSON.parse(Buffer.from(bytes).toString()) as Profile);
	},
};

function refused(status: number, after?: string): ConversationsError {
	const code = REFUSALS[status] ?? 'rejected';
	return new ConversationsError(failure(code, `The provider says ${status}.`, after === undefined ? {} : { retryAfterMs: Number(after) }));
}

function withProvider(more: Partial<Provider<PlainCredential>> = files): Desk {
	const telegram = { ...channels.telegram, provider: plainProvider(more) as Provider };
	return { ...desk, channel: (id: ChannelId) => (id === 'telegram' ? telegram : channels[id]) };
}

const know = () => fetcher.know('telegram', 'bot-1', ports);
const file = (path: string, more: Partial<InboundAttachment> = {}): InboundAttachment => ({
	fileId: null, kind: 'image', name: 'photo.jpg', mime: 'image/jpeg', sizeBytes: 0, source: { path }, ...more,
});

async function sends(attachments: InboundAttachment[], from = ANN, on: Desk = withProvider(files)): Promise<Message> {
	const [received] = await receive(on, [says('', { from, at: desk.now(), name: 'Ann', content: { kind: 'media', attachments, text: null } })]);
	if (received?.kind !== 'message') throw new Error('not received');
	return received.message;
}

const attachmentsOf = async (id: string) => (await desk.store.records.messages.get(id))?.attachments ?? [];
const left = (id: string) => desk.store.records.fetches.leftOf(id);
const settled = (message: Message) => fetcher.settled(message.contactId, 5_000);
const paths = () => server.requests.map(({ path }) => path);

/** Moves the clock on and lets the fetcher look. */
async function after(ms: number, message: Message): Promise<void> {
	desk.pass(ms);
	await fetcher.settled(message.contactId, 0);
	await underWayEnded(message);
}

/** A try that is to be made again leaves its row: then it is due later than now. */
async function underWayEnded(message: Message): Promise<void> {
	const account = { channel: message.channel, account: message.account };
	for (;;) {
		const nextAt = await desk.store.records.fetches.nextAt([account]);
		// While it is under way it is claimed for five minutes.
		const claimed = nextAt === desk.now() + 5 * MINUTE;
		if (nextAt === undefined || (nextAt > desk.now() && !claimed)) return;
		await new Promise((resolve) => setImmediate(resolve));
	}
}

describe('a file', () => {
	test('takes its place in the message, with the type that its bytes show', async () => {
		know();
		const message = await sends([file('/a'), file('/b', { name: 'b.png' })]);
		await settled(message);
		const attachments = await attachmentsOf(message.id);
		expect(attachments).toEqual([
			{ fileId: expect.any(String), kind: 'image', name: 'photo.jpg', mime: 'image/png', sizeBytes: PNG.length },
			{ fileId: expect.any(String), kind: 'image', name: 'b.png', mime: 'image/png', sizeBytes: PNG.length },
		]);
		expect(Buffer.from((await desk.store.records.files.bytes(attachments[0]?.fileId ?? '')) ?? []).equals(PNG)).toBe(true);
		expect(server.requests[0]?.headers['authorization']).toBe(`Bearer ${TOKEN}`);
		expect(await left(message.id)).toBe(0);
	});

	test('belongs to its message: it is not cleared away as unused', async () => {
		know();
		const message = await sends([file('/a')]);
		await settled(message);
		expect(await desk.store.records.files.deleteUnused(desk.now() + DAY, 10)).toBe(0);
	});

	test('that arrived before anybody had the credential is fetched once somebody has', async () => {
		const message = await sends([file('/a')]);
		await fetcher.settled(message.contactId, 0);
		expect(paths()).toEqual([]);
		know();
		await settled(message);
		expect(await attachmentsOf(message.id)).toMatchObject([{ mime: 'image/png' }]);
	});

	test.each([
		['a voice note stays one', OGG, { kind: 'audio', voice: true, name: 'voice.ogg' }, { kind: 'audio', voice: true, mime: 'audio/ogg; codecs=opus' }],
		['sound in a film container stays sound', MP4, { kind: 'audio', voice: true, name: 'clip.mp4' }, { kind: 'audio', voice: true, mime: 'audio/mp4' }],
		['a film stays a film', MP4, { kind: 'video', name: 'clip.mp4' }, { kind: 'video', mime: 'video/mp4' }],
		['a page that says it is an image is a file', Buffer.from('<html>'), { kind: 'image' }, { kind: 'file', mime: 'application/octet-stream' }],
	] as const)('%s', async (_name, bytes, announced, expected) => {
		know();
		server.next('/a', { bytes });
		const message = await sends([file('/a', announced)]);
		await settled(message);
		expect(await attachmentsOf(message.id)).toMatchObject([expected]);
	});

	test.each([
		['photo.jpg', 'download.bin', 'photo.jpg'],
		['file', 'report.pdf', 'report.pdf'],
		['file', '', 'file'],
		['../../e\u202evil.txt', '', 'evil.txt'],
	])('named %j here and %j there is %j', async (here, there, name) => {
		know();
		server.next('/a', { bytes: PNG, headers: there === '' ? {} : { 'x-name': there } });
		const message = await sends([file('/a', { name: here })]);
		await settled(message);
		expect(await attachmentsOf(message.id)).toMatchObject([{ name }]);
	});

	test('is told to those who look at the conversation and to workflows that wait for it', async () => {
		const told: string[] = [];
		for (const topic of ['address:telegram/bot-1/ann', 'deliveries']) desk.store.onChange(topic, () => told.push(topic));
		const message = await sends([file('/a')]);
		told.length = 0;
		know();
		await settled(message);
		expect(told.sort()).toEqual(['address:telegram/bot-1/ann', 'deliveries']);
	});

	test('holds the workflow back until it is here', async () => {
		await subscribe(desk, { channels: ['telegram'], accounts: { telegram: ['bot-1'] } });
		const message = await sends([file('/a')]);
		expect(await claim(desk)).toEqual([]);
		know();
		await settled(message);
		expect(await claim(desk)).toHaveLength(1);
	});

	test('of a message that was taken back is not asked for', async () => {
		const message = await sends([file('/a')]);
		await desk.store.records.messages.update(message.id, { attachments: [] });
		know();
		await settled(message);
		await after(0, message);
		expect([paths(), await left(message.id)]).toEqual([[], 0]);
	});

	test('of a message that is deleted while it is fetched leaves nothing', async () => {
		const slow = await fakeServer(async () => {
			await desk.store.records.contacts.delete(message.contactId);
			return { bytes: PNG };
		});
		const message = await sends([file('/a')]);
		fetcher.know('telegram', 'bot-1', callPorts(plainProvider(), plainFields(slow.url)));
		await settled(message);
		expect(await desk.store.records.fetches.stale(desk.now() + DAY, 10)).toEqual([]);
		await slow.close();
	});
});

describe('a file that cannot be had', () => {
	test.each([404, 401, 403])('is not asked for again: %d', async (status) => {
		know();
		server.next('/a', { status });
		const message = await sends([file('/a')]);
		await settled(message);
		expect(await attachmentsOf(message.id)).toMatchObject([{ fileId: null, kind: 'image', name: 'photo.jpg', missing: `The provider says ${status}.` }]);
		await after(DAY, message);
		expect(paths()).toEqual(['/a']);
	});

	test('is too large', async () => {
		know();
		server.next('/a', { bytes: Buffer.alloc(25 * 1024 * 1024 + 1) }, { bytes: Buffer.alloc(25 * 1024 * 1024) });
		const [over, at] = [await sends([file('/a')]), await sends([file('/a')])];
		await settled(over);
		await settled(at);
		expect((await attachmentsOf(over.id))[0]?.missing).toMatch(/^The file is larger than the 25 MB that are kept\./);
		expect(await attachmentsOf(at.id)).toMatchObject([{ sizeBytes: 25 * 1024 * 1024 }]);
	});

	test('on a channel that gives none', async () => {
		await fetcher.stop();
		fetcher = new Fetcher(withProvider({}));
		know();
		const message = await sends([file('/a')]);
		await settled(message);
		expect((await attachmentsOf(message.id))[0]?.missing).toBe('Telegram does not give this file.');
	});
});

describe('trying again', () => {
	test.each([500, 504, 429, 'hang up'] as const)('after %s, with pauses that double', async (trouble) => {
		server.next('/a', ...Array<Behaviour>(4).fill(trouble === 'hang up' ? trouble : { status: trouble }));
		const message = await sends([file('/a')]);
		know();
		await after(0, message);
		const tries: number[] = [];
		for (let second = 0; second <= 15; second += 1) {
			tries.push(paths().length);
			await after(1_000, message);
		}
		expect(tries).toEqual([1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 5]);
		expect(await attachmentsOf(message.id)).toMatchObject([{ mime: 'image/png' }]);
	});

	test('not before the provider wants it', async () => {
		server.next('/a', { status: 429, headers: { 'retry-after': '30000' } });
		const message = await sends([file('/a')]);
		know();
		await after(0, message);
		await after(29_999, message);
		expect(paths()).toHaveLength(1);
		await after(1, message);
		expect(paths()).toHaveLength(2);
	});

	test('for a day, at least once an hour', async () => {
		server.next('/a', ...Array<Behaviour>(100).fill({ status: 500 }));
		const message = await sends([file('/a')]);
		know();
		await after(0, message);
		for (let minutes = 0; minutes < 25 * 60; minutes += 10) await after(10 * MINUTE, message);
		expect(paths().length).toBeGreaterThan(24);
		const [attachment] = await attachmentsOf(message.id);
		expect(attachment).toMatchObject({ fileId: null, missing: expect.stringMatching(/^Telegram .* for a day\. Ask the contact to send it again\.$/) });
		expect(await left(message.id)).toBe(0);
	});

	test('what nobody has a credential for is given up after a day', async () => {
		const message = await sends([file('/a')]);
		desk.pass(DAY - 1);
		await desk.store.atomically((records) => Promise.resolve(records.touch('fetches')));
		expect(await left(message.id)).toBe(1);
		desk.pass(2);
		await desk.store.atomically((records) => Promise.resolve(records.touch('fetches')));
		while ((await left(message.id)) > 0) await new Promise((resolve) => setImmediate(resolve));
		expect((await attachmentsOf(message.id))[0]?.missing).toMatch(/for a day/);
		expect(paths()).toEqual([]);
	});

	test('promise 9: what was under way when the process ended is fetched by the next one', async () => {
		server.next('/a', 'hang');
		const message = await sends([file('/a')]);
		know();
		while (paths().length === 0) await new Promise((resolve) => setImmediate(resolve));
		await fetcher.stop();
		fetcher = new Fetcher(withProvider());
		know();
		await settled(message);
		expect(await attachmentsOf(message.id)).toMatchObject([{ mime: 'image/png' }]);
	});
});

test('at most four at once', async () => {
	const waiting: (() => void)[] = [];
	const slow = await fakeServer(async () => {
		await new Promise<void>((resolve) => waiting.push(resolve));
		return { bytes: PNG };
	});
	fetcher.know('telegram', 'bot-1', callPorts(plainProvider(), plainFields(slow.url)));
	const message = await sends(Array.from({ length: 10 }, (_, index) => file(`/${index}`)));
	const done = settled(message);
	for (let answered = 0; answered < 10; answered += 1) {
		while (waiting.length < Math.min(4, 10 - answered)) await new Promise((resolve) => setImmediate(resolve));
		expect(waiting.length).toBeLessThanOrEqual(4);
		waiting.shift()?.();
	}
	await done;
	expect((await attachmentsOf(message.id)).every(({ fileId }) => fileId !== null)).toBe(true);
	await slow.close();
});

describe('who a new person is', () => {
	const stranger = async () => {
		const on = withProvider(people);
		await fetcher.stop();
		fetcher = new Fetcher(on);
		const [received] = await receive(on, [says('Hello', { from: ANN, at: desk.now() })]);
		if (received?.kind !== 'message') throw new Error('not received');
		return received.message;
	};
	const contact = async ({ contactId }: Message) => await desk.store.records.contacts.get(contactId);
	const nothingLeft = async () => (await desk.store.records.fetches.stale(desk.now() + DAY, 10)).length === 0;

	test('fills what is not known yet', async () => {
		server.next('/people/bot-1/ann', { json: { name: 'Ann Lee', language: 'en', phone: '+447900000001' } });
		const message = await stranger();
		await desk.store.records.contacts.update(message.contactId, { language: 'de' });
		know();
		await settled(message);
		expect(await contact(message)).toMatchObject({ name: 'Ann Lee', firstName: 'Ann', lastName: 'Lee', language: 'de', phone: '+447900000001' });
		expect(await nothingLeft()).toBe(true);
	});

	test.each([
		['nothing is told', { status: 200 }],
		['it is refused', { status: 404 }],
	])('stays unknown when %s', async (_name, answer) => {
		server.next('/people/bot-1/ann', answer);
		const message = await stranger();
		know();
		await settled(message);
		expect(await contact(message)).toMatchObject({ name: null });
		expect(await nothingLeft()).toBe(true);
	});

	test('holds the workflow back until it is told', async () => {
		await subscribe(desk, { channels: ['telegram'], accounts: { telegram: ['bot-1'] } });
		server.next('/people/bot-1/ann', { json: { name: 'Ann Lee' } });
		const message = await stranger();
		expect(await claim(desk)).toEqual([]);
		know();
		await settled(message);
		expect(await claim(desk)).toHaveLength(1);
	});
});

describe('waiting for what a contact sent', () => {
	test('ends at its limit', async () => {
		server.next('/a', 'hang');
		know();
		const message = await sends([file('/a')]);
		await fetcher.settled(message.contactId, 20);
		expect(await left(message.id)).toBe(1);
	});

	test('does not wait for others', async () => {
		server.next('/a', 'hang');
		know();
		await sends([file('/a')], { ...ANN, user: 'bob' });
		const message = await sends([file('/b')]);
		await fetcher.settled(message.contactId, 60_000);
		expect(await left(message.id)).toBe(0);
	});
});
