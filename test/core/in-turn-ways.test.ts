import type { Address, ChannelId } from '../../src/core/channel';
import { failure } from '../../src/core/failure';
import { sendInTurn } from '../../src/core/in-turn';
import type { Plan } from '../../src/core/plan';
import { CONNECTED, eventTypes, testDesk, write, type TestDesk } from './desk';
import { alsoOn, codeOf, plan, refused, tried } from './planned';

/** Which way a message goes: to whom, from which account, and after which refusal. */

const WHATSAPP: Address = { channel: 'whatsapp', account: 'number-1', user: '447900000001' };
const TELEGRAM: Address = { channel: 'telegram', account: 'bot-1', user: '42' };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let desk: TestDesk;
/** What was called, in order: channel, account, user. */
let calls: string[];
const only = (...ids: ChannelId[]): Plan['connections'] => Object.fromEntries(ids.map((id) => [id, { ...CONNECTED, accounts: [`${id}-1`] }]));

beforeEach(async () => {
	desk = await testDesk();
	calls = [];
	desk.sendWith((content, { channel, account, user }) => {
		calls.push(`${channel} ${account} ${user}${content.kind === 'text' ? '' : ` ${content.kind}`}`);
		return Promise.resolve([`id-${calls.length}`]);
	});
});
afterEach(() => desk.dispose());


describe('the last interacted channel', () => {
	test('A2: is not one where nothing but a refusal has been', async () => {
		const { contactId } = await write(desk, 'Hello', TELEGRAM);
		await desk.store.records.contacts.update(contactId, { phone: '+447900000001' });
		expect(codeOf(await sendInTurn(desk, plan(contactId, { channel: 'whatsapp', connections: only('whatsapp') })))).toBe('window_closed');
		await sendInTurn(desk, plan(contactId));
		expect(calls).toEqual(['telegram bot-1 42']);
	});

	test("that is not connected fails, also when a closed window leads on: it is not a closed window's matter", async () => {
		const { contactId } = await write(desk, 'Hello', TELEGRAM);
		await alsoOn(desk, contactId, WHATSAPP);
		const { telegram: _telegram, ...connections } = plan(contactId).connections;
		const sent = await sendInTurn(desk, plan(contactId, { connections, ifWindowClosed: 'nextChannel' }));
		expect([codeOf(sent), calls]).toEqual(['channel_not_connected', []]);
	});
});

describe('a closed window', () => {
	async function silent(address: Address, forMs: number): Promise<string> {
		const { contactId } = await write(desk, 'Hello', address);
		await alsoOn(desk, contactId, TELEGRAM, DAY_MS);
		desk.pass(forMs);
		return contactId;
	}

	test.each([
		['whatsapp', DAY_MS, 'window_closed'], ['messenger', DAY_MS, 'window_closed'], ['instagram', DAY_MS, 'window_closed'],
		['wechat', 2 * DAY_MS, 'window_closed'], ['tiktok', 2 * DAY_MS, 'window_closed'], ['viber', DAY_MS, 'quota_used'],
	] as const)('promise 6: %s leads to the next channel after %d ms and one, without a call and without its files', async (channel, ms, code) => {
		const contactId = await silent({ channel, account: 'a-1', user: 'u-1' }, ms + 1);
		const written: ChannelId[] = [];
		const asked = plan(contactId, { ifWindowClosed: 'nextChannel', connections: { ...plan(contactId).connections, viber: { ...CONNECTED, monthlyQuota: 0 } } });
		const sent = await sendInTurn(desk, { ...asked, write: (id, form) => (written.push(id), asked.write(id, form)) });
		expect([codeOf(sent), tried(sent), calls]).toEqual(['sent', [`${channel} ${code}`], ['telegram bot-1 42']]);
		if (code === 'window_closed') expect(written).toEqual(['telegram']);
	});

	test.each([['wechat', 2], ['tiktok', 2]] as const)('C24: so does the count of %s', async (channel, messagesPerWindow) => {
		const contactId = await silent({ channel, account: 'a-1', user: 'u-1' }, 1);
		const send = () => sendInTurn(desk, plan(contactId, { channel, ifWindowClosed: 'nextChannel', connections: { ...plan(contactId).connections, [channel]: { ...CONNECTED, messagesPerWindow } } }));
		for (let count = 0; count < 3; count += 1) await send();
		expect(calls.map((call) => call.split(' ')[0])).toEqual([channel, channel, 'telegram']);
	});

	test('C12: a template goes whatever is the matter with the message itself', async () => {
		const contactId = await silent(WHATSAPP, 25 * HOUR_MS);
		const asked = plan(contactId, { ifWindowClosed: 'template', templates: ['whatsapp'] });
		const broken: Plan['write'] = (channel, form) => (form === 'asked' ? Promise.reject(refused(channel, 'content_unsupported')) : asked.write(channel, form));
		const sent = await sendInTurn(desk, { ...asked, channel: 'whatsapp', write: broken });
		expect([codeOf(sent), tried(sent), calls]).toEqual(['sent', ['whatsapp window_closed'], ['whatsapp number-1 447900000001 template']]);
	});

	test('C12: nor is one missed when what was asked for is a template itself', async () => {
		const contactId = await silent(WHATSAPP, 25 * HOUR_MS);
		const asked = plan(contactId, { channel: 'whatsapp', ifWindowClosed: 'nextChannel', isTemplate: () => true });
		const sent = await sendInTurn(desk, { ...asked, write: (channel) => asked.write(channel, 'template') });
		expect([codeOf(sent), tried(sent), calls]).toEqual(['sent', [], ['whatsapp number-1 447900000001 template']]);
	});

	test.each([[true, ['messenger']], [false, ['telegram']]])('C14: what a person wrote (%j) goes on Messenger for 7 days', async (humanAgent, expected) => {
		const contactId = await silent({ channel: 'messenger', account: 'page-1', user: 'psid' }, 7 * DAY_MS);
		await sendInTurn(desk, plan(contactId, { channel: 'messenger', humanAgent, ifWindowClosed: 'nextChannel' }));
		expect(calls.map((call) => call.split(' ')[0])).toEqual(expected);
	});
});

describe('when no channel takes it', () => {
	let contactId: string;
	beforeEach(async () => {
		({ contactId } = await write(desk, 'Hello', TELEGRAM));
		desk.sendWith((_content, { channel }) => Promise.reject(refused(channel, 'rejected')));
	});
	const failed = async () => (await eventTypes(desk)).filter((type) => type === 'message.failed');

	test('A26: a credential that is of no use is shown in the conversation, and told as failed', async () => {
		const telegram = { failure: failure('credential_invalid', 'The token is not valid any more.', { channel: 'telegram' as const }) };
		const sent = await sendInTurn(desk, plan(contactId, { connections: { telegram } }));
		expect(sent).toMatchObject({ ok: false, failure: telegram.failure, message: { status: 'failed', channel: 'telegram', text: 'Hi on telegram', failure: telegram.failure } });
		expect(await failed()).toHaveLength(1);
	});

	test('those that lead nowhere are told, so that it is known why they were not tried', async () => {
		const sent = await sendInTurn(desk, plan(contactId, { fallbackChannels: ['line', 'viber'] }));
		const row = await desk.store.records.messages.get(sent.message?.id ?? '');
		expect(row).toMatchObject({ status: 'failed', failure: { code: 'rejected' }, details: { attempts: [{ channel: 'line', code: 'no_channel' }, { channel: 'viber', code: 'no_channel' }] } });
		expect(await failed()).toHaveLength(1);
	});

	test('a message that could not be written for the last one stays that of the one before, and is told as failed once', async () => {
		await alsoOn(desk, contactId, WHATSAPP);
		const asked = plan(contactId, { fallbackChannels: ['whatsapp'] });
		const sent = await sendInTurn(desk, { ...asked, write: (channel, form) => (channel === 'whatsapp' ? Promise.reject(refused(channel, 'content_unsupported')) : asked.write(channel, form)) });
		expect([codeOf(sent), sent.message?.channel, sent.message?.status]).toEqual(['rejected', 'telegram', 'failed']);
		expect(tried(sent)).toEqual(['telegram rejected', 'whatsapp content_unsupported']);
		expect(await failed()).toHaveLength(1);
	});

	test('a cancelled execution leaves nothing under way, and what was tried is told as failed once', async () => {
		await alsoOn(desk, contactId, WHATSAPP);
		const controller = new AbortController();
		desk.sendWith((_content, { channel }) => {
			calls.push(channel);
			controller.abort();
			return Promise.reject(refused(channel, 'rejected'));
		});
		const sent = await sendInTurn(desk, plan(contactId, { fallbackChannels: ['whatsapp'], signal: controller.signal }));
		expect([codeOf(sent), calls, sent.message?.status]).toEqual(['rejected', ['telegram'], 'failed']);
		expect(await failed()).toHaveLength(1);
	});
});
