import type { Address, ChannelId } from '../../src/core/channel';
import { ConversationsError, failure, type FailureCode } from '../../src/core/failure';
import { sendInTurn } from '../../src/core/in-turn';
import type { Plan } from '../../src/core/plan';
import { eventTypes, testDesk, write, type TestDesk } from './desk';
import { alsoOn, codeOf, plan as planFor, tried } from './planned';

const HOUR_MS = 3_600_000;
const WHATSAPP: Address = { channel: 'whatsapp', account: 'number-1', user: '447900000001' };
const TELEGRAM: Address = { channel: 'telegram', account: 'bot-1', user: '42' };

let desk: TestDesk;
let contactId: string;
/** What was sent, in order: the channel and the kind of content. */
let calls: string[];
/** What the next calls on a channel are refused with. */
let refusals: Partial<Record<ChannelId, FailureCode>>;

beforeEach(async () => {
	desk = await testDesk();
	({ contactId } = await write(desk, 'Hello', WHATSAPP));
	[calls, refusals] = [[], {}];
	desk.sendWith((content, { channel }) => {
		calls.push(`${channel} ${content.kind}`);
		const code = refusals[channel];
		return code ? Promise.reject(new ConversationsError(failure(code, 'Refused.', { channel, retryable: false }))) : Promise.resolve([`id-${calls.length}`]);
	});
});
afterEach(() => desk.dispose());

const plan = (more: Partial<Plan> = {}) => planFor(contactId, more);

describe('a closed window', () => {
	beforeEach(async () => {
		await alsoOn(desk, contactId, TELEGRAM);
		desk.pass(25 * HOUR_MS);
	});

	test('promise 6, A27: fails without a call', async () => {
		const sent = await sendInTurn(desk, plan());
		expect([codeOf(sent), calls]).toEqual(['window_closed', []]);
		expect(sent.message).toMatchObject({ status: 'failed', channel: 'whatsapp', text: 'Hi on whatsapp' });
		expect(await eventTypes(desk)).toContain('message.failed');
	});

	test('C12: a template goes instead, and the message remembers why', async () => {
		const sent = await sendInTurn(desk, plan({ ifWindowClosed: 'template', templates: ['whatsapp'] }));
		expect([codeOf(sent), calls, tried(sent)]).toEqual(['sent', ['whatsapp template'], ['whatsapp window_closed']]);
		expect(await eventTypes(desk)).not.toContain('message.failed');
	});

	test('without a template on that channel it fails, or goes on to the fallback channels', async () => {
		expect(codeOf(await sendInTurn(desk, plan({ ifWindowClosed: 'template' })))).toBe('window_closed');
		const sent = await sendInTurn(desk, plan({ ifWindowClosed: 'template', fallbackChannels: ['telegram'] }));
		expect([codeOf(sent), calls]).toEqual(['sent', ['telegram text']]);
	});

	test('the next channel is the one the contact wrote on before', async () => {
		const sent = await sendInTurn(desk, plan({ ifWindowClosed: 'nextChannel' }));
		expect([codeOf(sent), calls, tried(sent)]).toEqual(['sent', ['telegram text'], ['whatsapp window_closed']]);
		expect(sent.message).toMatchObject({ channel: 'telegram', text: 'Hi on telegram' });
	});

	test('the next channel is only one that the node may send on', async () => {
		const { telegram: _telegram, ...connections } = plan().connections;
		const sent = await sendInTurn(desk, plan({ ifWindowClosed: 'nextChannel', connections }));
		expect([codeOf(sent), calls]).toEqual(['window_closed', []]);
	});

	test("fallback channels are not for a closed window when that is to fail", async () => {
		expect(codeOf(await sendInTurn(desk, plan({ fallbackChannels: ['telegram'] })))).toBe('window_closed');
	});

	test('a template that is refused leads to the fallback channels', async () => {
		refusals.whatsapp = 'configuration_invalid';
		const sent = await sendInTurn(desk, plan({ ifWindowClosed: 'template', templates: ['whatsapp'], fallbackChannels: ['telegram'] }));
		expect([codeOf(sent), calls]).toEqual(['sent', ['whatsapp template', 'telegram text']]);
		expect(tried(sent)).toEqual(['whatsapp window_closed', 'whatsapp configuration_invalid']);
	});
});

describe('fallback channels', () => {
	beforeEach(async () => void (await alsoOn(desk, contactId, TELEGRAM)));

	test.each(['credential_invalid', 'recipient_unreachable', 'rejected', 'provider_unavailable', 'content_unsupported'] as const)(
		'after %s the next one is tried, as one message',
		async (code) => {
			refusals.whatsapp = code;
			const sent = await sendInTurn(desk, plan({ fallbackChannels: ['telegram'] }));
			expect([codeOf(sent), calls, tried(sent)]).toEqual(['sent', ['whatsapp text', 'telegram text'], [`whatsapp ${code}`]]);
			expect(await desk.store.records.messages.list({ contactId, direction: 'out' }, { limit: 9, offset: 0 })).toHaveLength(1);
			expect(await eventTypes(desk)).not.toContain('message.failed');
		},
	);

	test('promise 4: what may have gone is not sent on another channel', async () => {
		refusals.whatsapp = 'outcome_unknown';
		const sent = await sendInTurn(desk, plan({ fallbackChannels: ['telegram'] }));
		expect([codeOf(sent), calls]).toEqual(['outcome_unknown', ['whatsapp text']]);
	});

	test('when none takes it the last reason counts, and all are told', async () => {
		Object.assign(refusals, { whatsapp: 'credential_invalid', telegram: 'recipient_unreachable' });
		const sent = await sendInTurn(desk, plan({ fallbackChannels: ['telegram'] }));
		expect([codeOf(sent), tried(sent)]).toEqual(['recipient_unreachable', ['whatsapp credential_invalid']]);
		expect(sent.message).toMatchObject({ status: 'failed', channel: 'telegram' });
		expect((await eventTypes(desk)).filter((type) => type === 'message.failed')).toHaveLength(1);
	});

	test('channels that lead nowhere are passed over and told', async () => {
		refusals.whatsapp = 'rejected';
		const sent = await sendInTurn(desk, plan({ fallbackChannels: ['line', 'telegram'] }));
		expect([codeOf(sent), calls, tried(sent)]).toEqual(['sent', ['whatsapp text', 'telegram text'], ['whatsapp rejected', 'line no_channel']]);
	});

	test('when all others lead nowhere, the first channel decides', async () => {
		refusals.whatsapp = 'rejected';
		const sent = await sendInTurn(desk, plan({ fallbackChannels: ['line', 'viber'] }));
		expect([codeOf(sent), sent.message?.channel, sent.message?.status]).toEqual(['rejected', 'whatsapp', 'failed']);
		expect(await eventTypes(desk)).toContain('message.failed');
	});

	test('A25: when nothing leads anywhere the first reason is said', async () => {
		const sent = await sendInTurn(desk, plan({ channel: 'line', fallbackChannels: ['viber'] }));
		expect([codeOf(sent), sent.message, !sent.ok && sent.failure.channel]).toEqual(['no_channel', null, 'line']);
	});

	test('a file that the first channel does not take leads to the next', async () => {
		const write: Plan['write'] = (channel, form) =>
			channel === 'whatsapp'
				? Promise.reject(new ConversationsError(failure('content_unsupported', 'Too large.', { channel })))
				: plan().write(channel, form);
		const sent = await sendInTurn(desk, plan({ fallbackChannels: ['telegram'], write }));
		expect([codeOf(sent), calls, tried(sent)]).toEqual(['sent', ['telegram text'], ['whatsapp content_unsupported']]);
	});

	test('promise 4: a repetition of what went on the second channel sends nothing', async () => {
		refusals.whatsapp = 'credential_invalid';
		const asked = plan({ fallbackChannels: ['telegram'] });
		await sendInTurn(desk, asked);
		const again = await sendInTurn(desk, asked);
		expect([codeOf(again), calls]).toEqual(['sent', ['whatsapp text', 'telegram text']]);
	});
});

describe('a cancelled execution', () => {
	test('stops what has not gone yet', async () => {
		const sent = await sendInTurn(desk, plan({ signal: AbortSignal.abort() }));
		expect([codeOf(sent), calls]).toEqual(['provider_unavailable', []]);
	});

	test('ends the pause before another try', async () => {
		const controller = new AbortController();
		desk.sendWith((_content, { channel }) => {
			calls.push(channel);
			controller.abort();
			return Promise.reject(new ConversationsError(failure('rate_limited', 'Slower.', { channel, retryAfterMs: 50_000 })));
		});
		const sent = await sendInTurn(desk, plan({ retries: 3, signal: controller.signal }));
		expect([codeOf(sent), calls, desk.waits]).toEqual(['rate_limited', ['whatsapp'], []]);
	});
});

