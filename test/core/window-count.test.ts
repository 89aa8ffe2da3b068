import type { Attachment, ChannelId, Content } from '../../src/core/channel';
import { ConversationsError, failure } from '../../src/core/failure';
import { settleLeftBehind } from '../../src/core/left-behind';
import { receive } from '../../src/core/inbox';
import { send, type Draft } from '../../src/core/outbox';
import { until } from '../until';
import { CONNECTED, draft, testDesk, write, type TestDesk } from './desk';

/** C22–C27, R30, P7: windows that also count the messages in them. */

const HOUR = 3_600_000;

let desk: TestDesk;
let calls: number;

beforeEach(async () => {
	desk = await testDesk();
	calls = 0;
	desk.sendWith((_content, _to, _ports, { messageId }) => {
		calls += 1;
		return Promise.resolve([`${messageId}:0`]);
	});
});
afterEach(() => desk.dispose());

const on = (channel: ChannelId) => ({ channel, account: 'account-1', user: 'user-1' });
const limited = (channel: ChannelId, messagesPerWindow: number): Partial<Draft> => ({ connections: { [channel]: { ...CONNECTED, messagesPerWindow } } });
const writes = async (channel: ChannelId, text = 'Hello') => (await write(desk, text, on(channel))).contactId;

async function outcome(contactId: string, more: Partial<Draft>, content: Content | string = 'Hi'): Promise<string> {
	const sent = await send(desk, draft(contactId, content, more));
	return sent.ok ? 'sent' : sent.failure.code;
}

const image = (name: string): Attachment => ({ fileId: null, kind: 'image', name, mime: 'image/png', sizeBytes: 10 });

describe.each<[ChannelId, number]>([
	['wechat', 20],
	['tiktok', 10],
])('%s', (channel, count) => {
	test(`C23, C24, promise 6: ${count} messages go, the next is quota_used, and nobody is called for it`, async () => {
		const contactId = await writes(channel);
		for (let sent = 0; sent < count; sent += 1) expect(await outcome(contactId, limited(channel, count))).toBe('sent');
		const refused = await send(desk, draft(contactId, 'One more', limited(channel, count)));
		expect(refused).toMatchObject({ ok: false, failure: { code: 'quota_used', channel, retryable: false, reason: expect.stringMatching(`${count} messages`) as string } });
		expect(calls).toBe(count);
	});

	test('C22, C24: at 48 hours it still goes, a millisecond later it does not', async () => {
		const contactId = await writes(channel);
		desk.pass(48 * HOUR);
		expect(await outcome(contactId, limited(channel, count))).toBe('sent');
		desk.pass(1);
		expect(await outcome(contactId, limited(channel, count))).toBe('window_closed');
		expect(calls).toBe(1);
	});

	test('C26: a reply of the contact resets both', async () => {
		const contactId = await writes(channel);
		for (let sent = 0; sent < 2; sent += 1) await outcome(contactId, limited(channel, 2));
		desk.pass(48 * HOUR + 1);
		expect(await outcome(contactId, limited(channel, 2))).toBe('window_closed');
		await writes(channel, 'Still there?');
		for (const expected of ['sent', 'sent', 'quota_used']) expect(await outcome(contactId, limited(channel, 2))).toBe(expected);
	});
});

test('promise 6: of 40 sends at once exactly as many go as are allowed', async () => {
	const contactId = await writes('wechat');
	const outcomes = await Promise.all(Array.from({ length: 40 }, () => outcome(contactId, limited('wechat', 20))));
	expect(outcomes.filter((each) => each === 'sent')).toHaveLength(20);
	expect(outcomes.filter((each) => each === 'quota_used')).toHaveLength(20);
	expect(calls).toBe(20);
});

test('a message that needs more than are ever allowed says so', async () => {
	const contactId = await writes('wechat');
	const four: Content = { kind: 'media', text: 'See', attachments: [image('a.png'), image('b.png'), image('c.png')] };
	const refused = await send(desk, draft(contactId, four, limited('wechat', 3)));
	expect(refused).toMatchObject({ ok: false, failure: { code: 'quota_used', reason: expect.stringMatching(/needs 4.*fewer files/) as string } });
});

test('P7: a text beside an image is a message of its own, and both count', async () => {
	const contactId = await writes('tiktok');
	const both: Content = { kind: 'media', text: 'See', attachments: [image('a.png')] };
	desk.sendWith((_content, _to, _ports, { messageId }) => Promise.resolve([`${messageId}:0`, `${messageId}:1`]));
	expect(await outcome(contactId, limited('tiktok', 3), both)).toBe('sent');
	const refused = await send(desk, draft(contactId, both, limited('tiktok', 3)));
	expect(refused).toMatchObject({ ok: false, failure: { code: 'quota_used', reason: expect.stringMatching(/1 is left.*needs 2/) as string } });
	expect(await outcome(contactId, limited('tiktok', 3))).toBe('sent');
});

describe('what did not go does not count', () => {
	const refuse = (code: 'provider_unavailable' | 'outcome_unknown' | 'rejected', accepted: string[] = []) =>
		desk.sendWith(() => Promise.reject(new ConversationsError(failure(code, 'No.'), accepted)));
	const left = async (contactId: string) => {
		const address = (await desk.store.records.addresses.ofContact(contactId))[0];
		return address?.sentSinceInbound;
	};

	test('a refusal gives its place back', async () => {
		const contactId = await writes('wechat');
		refuse('rejected');
		expect(await outcome(contactId, limited('wechat', 1))).toBe('rejected');
		expect(await left(contactId)).toBe(0);
	});

	test('what may have gone keeps it', async () => {
		const contactId = await writes('wechat');
		refuse('outcome_unknown');
		expect(await outcome(contactId, limited('wechat', 1))).toBe('outcome_unknown');
		expect(await outcome(contactId, limited('wechat', 1))).toBe('quota_used');
	});

	test('of several parts those that went count', async () => {
		const contactId = await writes('wechat');
		refuse('rejected', ['part-1']);
		const three: Content = { kind: 'media', text: 'See', attachments: [image('a.png'), image('b.png')] };
		expect(await outcome(contactId, limited('wechat', 5), three)).toBe('rejected');
		expect(await left(contactId)).toBe(1);
	});

	test('a message that the contact answers while it is under way takes no place of the new count', async () => {
		const contactId = await writes('wechat');
		desk.sendWith(async () => {
			desk.pass(1000);
			await writes('wechat', 'Hello?');
			throw new ConversationsError(failure('rejected', 'No.'));
		});
		expect(await outcome(contactId, limited('wechat', 2))).toBe('rejected');
		expect(await left(contactId)).toBe(0);
	});

	test('a message that the contact wrote before, while it waited to go, takes a place of the new count', async () => {
		const contactId = await writes('wechat');
		desk.pass(1000);
		desk.pace = async () => {
			desk.pace = () => Promise.resolve();
			await writes('wechat', 'Hello?');
			desk.pass(1000);
		};
		expect(await outcome(contactId, limited('wechat', 2))).toBe('sent');
		expect(await left(contactId)).toBe(1);
	});

	test('tries of one message take one place', async () => {
		const contactId = await writes('wechat');
		let tries = 0;
		desk.sendWith((_content, _to, _ports, { messageId }) => {
			tries += 1;
			return tries < 3 ? Promise.reject(new ConversationsError(failure('provider_unavailable', 'Later.'))) : Promise.resolve([messageId]);
		});
		expect(await outcome(contactId, { ...limited('wechat', 1), retries: 3 })).toBe('sent');
		expect([tries, await left(contactId)]).toEqual([3, 1]);
	});

	test('a message that a dead process left queued gives its places back', async () => {
		const contactId = await writes('wechat');
		desk.pass(1000);
		desk.sendWith(() => new Promise(() => undefined));
		desk.pace = () => new Promise(() => undefined);
		void send(desk, draft(contactId, 'Hi', limited('wechat', 1)));
		await until(async () => (await left(contactId)) === 1);
		desk.pass(1000);
		expect(await settleLeftBehind(desk, desk.now(), 10)).toBe(1);
		expect(await left(contactId)).toBe(0);
	});
});

test('what a person said in the app counts, unless it was before the contact wrote last', async () => {
	const contactId = await writes('tiktok');
	const echo = (key: string, at: number) =>
		receive(desk, [{ kind: 'echo', channel: 'tiktok', account: 'account-1', key, externalId: key, at, to: on('tiktok'), content: { kind: 'text', text: key } }]);
	await echo('e1', desk.now() - 1000);
	await echo('e2', desk.now());
	expect((await desk.store.records.addresses.ofContact(contactId))[0]?.sentSinceInbound).toBe(1);
});
