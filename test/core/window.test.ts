import { channelIds, channels } from '../../src/channels';
import type { ChannelId, Content } from '../../src/core/channel';
import { send, type Draft } from '../../src/core/outbox';
import { CONNECTED, draft, testDesk, write, type TestDesk } from './desk';

/** C8–C21, P1, P2, P4, promise 6: what may be sent when, decided before any call, to the millisecond. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let desk: TestDesk;
let calls: { humanAgent: boolean }[];

beforeEach(async () => {
	desk = await testDesk();
	calls = [];
	desk.sendWith((_content, _to, _ports, { messageId, humanAgent }) => {
		calls.push({ humanAgent });
		return Promise.resolve([messageId]);
	});
});

afterEach(() => desk.dispose());

async function contactOn(channel: ChannelId): Promise<string> {
	return (await write(desk, 'Hello', { channel, account: 'account-1', user: 'user-1' })).contactId;
}

async function outcome(contactId: string, content: Content | string = 'Hi', more: Partial<Draft> = {}): Promise<string> {
	const sent = await send(desk, draft(contactId, content, more));
	return sent.ok ? 'sent' : sent.failure.code;
}

const TEMPLATE: Content = { kind: 'template', text: null, name: 'order_update', language: 'en', parameters: [] };

describe.each<[ChannelId, string]>([
	['whatsapp', 'C11'],
	['messenger', 'C13'],
	['instagram', 'C20'],
])('%s', (channel, line) => {
	test(`${line}: at 24 hours it still goes, a millisecond later it does not, and nobody is called`, async () => {
		const contactId = await contactOn(channel);
		desk.pass(DAY);
		expect(await outcome(contactId)).toBe('sent');
		desk.pass(1);
		expect(await outcome(contactId)).toBe('window_closed');
		expect(calls).toEqual([{ humanAgent: false }]);
	});

	test('C26: the next message of the contact opens it again', async () => {
		const contactId = await contactOn(channel);
		desk.pass(3 * DAY);
		expect(await outcome(contactId)).toBe('window_closed');
		await write(desk, 'Still there?', { channel, account: 'account-1', user: 'user-1' });
		expect(await outcome(contactId)).toBe('sent');
	});
});

describe.each<[ChannelId, string]>([
	['messenger', 'C14'],
	['instagram', 'C20'],
])('a person answers on %s', (channel, line) => {
	test(`${line}, P2: within 24 hours it is an ordinary answer`, async () => {
		const contactId = await contactOn(channel);
		desk.pass(DAY);
		expect(await outcome(contactId, 'Hi', { humanAgent: true })).toBe('sent');
		expect(calls).toEqual([{ humanAgent: false }]);
	});

	test(`${line}: up to 7 days it goes with the tag, then no longer`, async () => {
		const contactId = await contactOn(channel);
		desk.pass(DAY + 1);
		expect(await outcome(contactId, 'Hi', { humanAgent: true })).toBe('sent');
		desk.pass(6 * DAY - 1);
		expect(await outcome(contactId, 'Hi', { humanAgent: true })).toBe('sent');
		desk.pass(1);
		expect(await outcome(contactId, 'Hi', { humanAgent: true })).toBe('window_closed');
		expect(calls).toEqual([{ humanAgent: true }, { humanAgent: true }]);
	});
});

test('WhatsApp has no such extension', async () => {
	const contactId = await contactOn('whatsapp');
	desk.pass(DAY + 1);
	expect(await outcome(contactId, 'Hi', { humanAgent: true })).toBe('window_closed');
});

test.each<[ChannelId, string, string]>([
	['whatsapp', 'C12', 'sent'],
	['messenger', 'C15', 'sent'],
	['instagram', 'C21', 'content_unsupported'],
])('%s, %s: an approved template after the window is %s', async (channel, _line, expected) => {
	const contactId = await contactOn(channel);
	desk.pass(30 * DAY);
	expect(await outcome(contactId, TEMPLATE)).toBe(expected);
});

test.each<[ChannelId]>([['telegram'], ['line'], ['webchat'], ['sms'], ['email']])('C9: %s has no window', async (channel) => {
	const contactId = await contactOn(channel);
	desk.pass(400 * DAY);
	expect(await outcome(contactId)).toBe('sent');
});

describe('C16–C19, P4: Viber', () => {
	const limited = (monthlyQuota: number): Partial<Draft> => ({ connections: { viber: { ...CONNECTED, monthlyQuota } } });
	const used = () => desk.store.records.quotas.used('viber', 'account-1', '2026-11');

	test('within 24 hours nothing is counted, after that every message is', async () => {
		const contactId = await contactOn('viber');
		desk.pass(DAY);
		expect(await outcome(contactId, 'Hi', limited(2))).toBe('sent');
		expect(await used()).toBe(0);
		desk.pass(1);
		expect(await outcome(contactId, 'Hi', limited(2))).toBe('sent');
		expect(await used()).toBe(1);
	});

	test('the last free one goes, the next is quota_used without a call; the new month (UTC) begins anew', async () => {
		const contactId = await contactOn('viber');
		desk.pass(DAY + 1);
		for (const expected of ['sent', 'sent', 'quota_used']) expect(await outcome(contactId, 'Hi', limited(2))).toBe(expected);
		expect(calls).toHaveLength(2);
		desk.pass(Date.parse('2026-11-30T23:59:59.999Z') - desk.now());
		expect(await outcome(contactId, 'Hi', limited(2))).toBe('quota_used');
		desk.pass(1);
		expect(await outcome(contactId, 'Hi', limited(2))).toBe('sent');
	});

	test('a message of several parts counts as many times', async () => {
		const contactId = await contactOn('viber');
		desk.pass(DAY + 1);
		desk.sendWith(() => Promise.resolve(['part-1', 'part-2', 'part-3']));
		expect(await outcome(contactId, 'Hi', limited(2))).toBe('sent');
		expect(await used()).toBe(3);
		expect(await outcome(contactId, 'Hi', limited(2))).toBe('quota_used');
	});

	test('a bot without free messages sends none outside the window', async () => {
		const contactId = await contactOn('viber');
		desk.pass(DAY + 1);
		expect(await outcome(contactId, 'Hi', limited(0))).toBe('quota_used');
		expect(calls).toHaveLength(0);
	});
});

test('the sentence says how long ago it closed and what to do, by hours and by days', async () => {
	const contactId = await contactOn('whatsapp');
	const reason = async () => {
		const sent = await send(desk, draft(contactId, 'Hi'));
		return sent.ok ? '' : sent.failure.reason;
	};
	desk.pass(DAY + 3 * HOUR);
	expect(await reason()).toBe(
		"The WhatsApp window closed 3 hours ago: WhatsApp lets a business write freely for 24 hours after the contact's last message. Send an approved template, or wait until the contact writes.",
	);
	desk.pass(5 * DAY);
	expect(await reason()).toContain('closed 5 days ago');
});

test('every channel says for how long it allows what', () => {
	const windows = channelIds.map((id) => [id, channels[id].can.window]);
	expect(Object.fromEntries(windows)).toEqual({
		webchat: null,
		telegram: null,
		sms: null,
		email: null,
		custom: null,
		wechat: { ms: 2 * DAY, after: 'nothing', count: 20 },
		tiktok: { ms: 2 * DAY, after: 'nothing', count: 10 },
		line: null,
		whatsapp: { ms: DAY, after: 'templates' },
		messenger: { ms: DAY, humanAgentMs: 7 * DAY, after: 'templates' },
		instagram: { ms: DAY, humanAgentMs: 7 * DAY, after: 'nothing' },
		viber: { ms: DAY, after: 'charged' },
	});
});
