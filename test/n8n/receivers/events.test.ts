import type { IDataObject } from 'n8n-workflow';
import { testAccount, type ChannelId } from '../../../src/core/channel';
import { close } from '../../../src/core/conversation';
import { send } from '../../../src/core/outbox';
import { draft } from '../../core/desk';
import { fakeMailServers } from '../../fakes/mail';
import { ANN, fakeSms } from '../../fakes/sms';
import { BOT_ID, CHAT, fakeTelegram, PERSON, type FakeTelegram } from '../../fakes/telegram';
import { fakeWhatsApp, inbound, status } from '../../fakes/whatsapp';
import { postfix } from '../../channels/email/fixtures/reports';
import { sendWith } from '../../nodes/channel-contacts';
import { writes } from '../../nodes/workspace';
import { until } from '../../until';
import { testN8n, type TestN8n, type TestTrigger, type TriggerSetup } from './n8n';

/** The Conversation Event Trigger among the others: what it registers, what starts it, what a test of it gets. */

let n8n: TestN8n;
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
	n8n = await testN8n();
});
afterEach(async () => {
	await n8n.close();
	for (const each of closing.splice(0)) await each();
});

const OPTIONS = { groupMessagesSeconds: 0, orderMaxWaitSeconds: 0 };
const trigger = (setup: Partial<TriggerSetup>): TestTrigger => n8n.trigger({ workflowId: 'w1', channels: [], credentials: {}, options: OPTIONS, ...setup });
const typesOf = (items: { json: IDataObject }[]) => items.map(({ json }) => (json['event'] as { type: string }).type);

async function telegramHere(): Promise<FakeTelegram> {
	const telegram = await fakeTelegram({ receiverOrigin: n8n.origin });
	closing.push(() => telegram.server.close());
	return telegram;
}

const onTelegram = (telegram: FakeTelegram) => ({ channels: ['telegram'], credentials: { conversationsTelegramApi: telegram.fields } });
const hears = (telegram: FakeTelegram, text: string) => telegram.happens({ message: telegram.message({ text, from: PERSON, chat: CHAT }) });
const setsWebhook = (telegram: FakeTelegram) => telegram.server.requests.filter(({ path }) => path.endsWith('/setWebhook'));

describe('with channels', () => {
	test.each(['first', 'second'])('two triggers of one account share its address, also when it is published %s', async (place) => {
		const telegram = await telegramHere();
		const opened = trigger({ ...onTelegram(telegram), workflowId: 'opened' });
		const events = trigger({ ...onTelegram(telegram), workflowId: 'events', events: ['message.received'] });
		const [first, second] = place === 'first' ? [events, opened] : [opened, events];
		await first.publish();
		await second.publish();
		expect([setsWebhook(telegram).length, telegram.webhook.url]).toEqual([1, first.address('telegram')]);
		await hears(telegram, 'Hello');
		await until(() => opened.started.length === 1 && events.started.length === 1);
		expect([typesOf(opened.started), typesOf(events.started)]).toEqual([['conversation.opened'], ['message.received']]);
		await first.unpublish();
		expect(telegram.webhook.url).toBe(second.address('telegram'));
		await second.unpublish();
		expect(telegram.webhook.url).toBe('');
	});

	test('only what happens on them counts', async () => {
		const telegram = await telegramHere();
		const events = trigger({ ...onTelegram(telegram), events: ['message.received'] });
		await events.publish();
		await writes(n8n.desk, 'visitor', 'On the website');
		await hears(telegram, 'On Telegram');
		await until(() => events.started.length > 0);
		expect(events.started.map(({ json }) => json['message'])).toMatchObject([{ channel: 'telegram', account: String(BOT_ID), text: 'On Telegram' }]);
	});

	test('the website chat: it has a page, and hears of all pages', async () => {
		const events = trigger({ channels: ['webchat'], events: ['message.received'] });
		await events.publish();
		for (const account of ['hook-w1', 'another-page']) await writes(n8n.desk, 'visitor', `On ${account}`, { account });
		await until(() => events.started.length === 2);
	});
});

describe('without channels', () => {
	test('it registers nothing, asks for no credential, and is started by what others receive', async () => {
		const telegram = await telegramHere();
		const events = trigger({ events: ['message.received', 'conversation.closed'], workflowId: 'events' });
		await events.publish();
		expect([telegram.server.requests.length, (await n8n.desk.store.records.receivers.ofAccount('telegram', String(BOT_ID))).length]).toEqual([0, 0]);
		const opened = trigger(onTelegram(telegram));
		await opened.publish();
		await hears(telegram, 'Hello');
		await until(() => events.started.length === 1);
		const { contactId } = await writes(n8n.desk, 'visitor', 'On the website');
		await close(n8n.desk, { contactId, category: null, summary: 'Done', unassign: true, source: 'workflow' });
		await until(() => events.started.length === 3);
		expect(typesOf(events.started)).toEqual(['message.received', 'message.received', 'conversation.closed']);
		expect(events.started[2]?.json).toMatchObject({
			event: { source: 'workflow' },
			conversation: { status: 'closed', channel: 'webchat', closingNote: { summary: 'Done' } },
			contact: { id: contactId },
			message: null,
		});
	});

	test('taken back it is started by nothing any more', async () => {
		const events = trigger({ events: ['message.received'] });
		await events.publish();
		await events.unpublish();
		await writes(n8n.desk, 'visitor');
		expect(await n8n.desk.store.records.subscriptions.active()).toEqual([]);
	});
});

describe('P6: what was accepted and failed later, with what it was, where and why', () => {
	let failed: TestTrigger;
	beforeEach(async () => {
		failed = trigger({ events: ['message.failed', 'message.delivered'], workflowId: 'failed' });
		await failed.publish();
	});

	/** Somebody writes, and Send Message answers. */
	async function answered(channel: ChannelId, credential: string, fields: IDataObject, hear: () => Promise<unknown>) {
		const opened = trigger({ channels: [channel], credentials: { [credential]: fields } });
		await opened.publish();
		await hear();
		await until(() => opened.started.length === 1);
		const ran = await sendWith({ [channel]: fields }, { text: 'Your parcel is here' }, opened.started);
		expect(ran.out()).toMatchObject([{ message: { status: 'sent' } }]);
		return opened.started[0]?.json as { conversation: { id: string; account: string }; contact: { id: string } };
	}

	const told = async (): Promise<IDataObject> => {
		await until(() => failed.started.length === 1);
		return failed.started[0]?.json ?? {};
	};

	test.each([
		[131047, { code: 'window_closed', providerCode: '131047' }],
		[131026, { code: 'recipient_unreachable', providerCode: '131026' }],
		[4711, { code: 'not_delivered', providerCode: '4711' }],
		[null, { code: 'not_delivered', providerCode: null }],
	])('WhatsApp, status with the error %s', async (code, failure) => {
		const whatsApp = await fakeWhatsApp({ receiverOrigin: n8n.origin });
		closing.push(() => whatsApp.server.close());
		const { conversation, contact } = await answered('whatsapp', 'conversationsWhatsAppApi', whatsApp.fields as IDataObject, () =>
			whatsApp.post(inbound({ id: 'wamid.IN1', type: 'text', text: { body: 'Hello' } })),
		);
		const errors = code === null ? {} : { errors: [{ code, title: 'Re-engagement message' }] };
		const news = status({ id: whatsApp.sent[0]?.id, status: 'failed', ...errors });
		for (let times = 0; times < 3; times += 1) expect(await whatsApp.post(news)).toBe(200);
		expect(await told()).toMatchObject({
			event: { type: 'message.failed', source: 'system' },
			conversation: { id: conversation.id, channel: 'whatsapp', account: conversation.account },
			contact: { id: contact.id, name: 'Sheena N' },
			message: { direction: 'out', text: 'Your parcel is here', status: 'failed', channel: 'whatsapp', failure },
			failure: { ...failure, channel: 'whatsapp', reason: expect.stringMatching(/\w\.$/) as string },
		});
	});

	test.each([
		['30003', 'recipient_unreachable'],
		[undefined, 'not_delivered'],
	])('SMS, undelivered with the error %s', async (ErrorCode, code) => {
		const sms = await fakeSms({ receiverOrigin: n8n.origin });
		closing.push(() => sms.close());
		await answered('sms', 'conversationsTwilioApi', sms.fields as IDataObject, () => sms.receive('Hello'));
		const { sid = '' } = sms.sent[0] ?? {};
		expect((await sms.report(sid, 'undelivered', ErrorCode === undefined ? {} : { ErrorCode })).status).toBe(200);
		expect(await told()).toMatchObject({
			event: { type: 'message.failed' },
			contact: { phone: ANN },
			message: { text: 'Your parcel is here', status: 'failed', providerId: sid },
			failure: { code, channel: 'sms', providerCode: ErrorCode ?? null },
		});
	});

	test('a mail that bounced', async () => {
		const mail = await fakeMailServers();
		closing.push(() => mail.close());
		await answered('email', 'conversationsEmailApi', mail.fields as IDataObject, () => {
			mail.imap.put('Message-ID: <a@example.test>\r\nFrom: Ann Lee <ann@example.test>\r\nTo: support@shop.test\r\nSubject: Order 7\r\n\r\nHello\r\n');
			return Promise.resolve();
		});
		mail.imap.put(postfix({ id: mail.mails[0]?.mail.messageId ?? '' }).replaceAll('\n', '\r\n'));
		expect(await told()).toMatchObject({
			conversation: { channel: 'email' },
			message: { text: 'Your parcel is here', status: 'failed' },
			failure: { code: 'recipient_unreachable', channel: 'email', providerMessage: expect.stringContaining('User unknown') as string },
		});
	});
});

describe('promise 8: a test run', () => {
	const failing = async () => {
		const { contactId } = await writes(n8n.desk, 'visitor');
		return await send(n8n.desk, draft(contactId, 'x'.repeat(2_001), { execution: { id: '7', workflowId: 'shop', node: 'Answer' } }));
	};

	test('of any event and without channels gets a copy of the next that fits; production goes on', async () => {
		const live = trigger({ events: ['message.failed'], workflowId: 'live' });
		await live.publish();
		await failing();
		await until(() => live.started.length === 1);
		const tested = trigger({ events: ['message.failed'], workflowId: 'tested' });
		await tested.listen();
		await writes(n8n.desk, 'somebody', 'No failure');
		await failing();
		await until(() => tested.tests.length === 1 && live.started.length === 2);
		expect(tested.tests[0]?.json).toMatchObject({ test: true, event: { type: 'message.failed' }, failure: { code: 'content_unsupported' } });
		await tested.stopListening();
		await failing();
		await until(() => live.started.length === 3);
		expect(tested.tests).toHaveLength(1);
	});

	test('of the very workflow that is live leaves it live', async () => {
		const events = trigger({ events: ['message.received'] });
		await events.publish();
		await events.listen();
		await writes(n8n.desk, 'visitor');
		await until(() => events.tests.length === 1 && events.started.length === 1);
		await events.stopListening();
		await writes(n8n.desk, 'another');
		await until(() => events.started.length === 2);
	});

	test('with a channel that nobody uses borrows the account, and takes the events it is asked for only', async () => {
		const telegram = await telegramHere();
		const events = trigger({ ...onTelegram(telegram), events: ['message.edited'] });
		await events.listen();
		expect(telegram.webhook.url).toBe(events.address('telegram', 'webhook-test'));
		const message = telegram.message({ text: 'Helo', from: PERSON, chat: CHAT });
		expect(await telegram.happens({ message })).toBe(200);
		expect(await telegram.happens({ edited_message: { ...message, text: 'Hello', edit_date: Number(message['date']) + 5 } })).toBe(200);
		await until(() => events.tests.length === 1);
		expect(events.tests[0]?.json).toMatchObject({ test: true, event: { type: 'message.edited' }, message: { text: 'Hello' } });
		await events.stopListening();
		expect(telegram.webhook.url).toBe('');
	});

	test('with an account that a published workflow uses leaves its address alone', async () => {
		const telegram = await telegramHere();
		const live = trigger(onTelegram(telegram));
		await live.publish();
		const events = trigger({ ...onTelegram(telegram), events: ['message.received'], workflowId: 'events' });
		await events.listen();
		await hears(telegram, 'Hello');
		await until(() => events.tests.length === 1 && live.started.length === 1);
		await events.stopListening();
		expect([telegram.webhook.url, setsWebhook(telegram).length]).toEqual([live.address('telegram'), 1]);
	});

	test('of its own chat page starts by what the page causes, which starts nothing published', async () => {
		const live = trigger({ events: ['message.received'], workflowId: 'live' });
		await live.publish();
		const events = trigger({ channels: ['webchat'], events: ['conversation.opened'], workflowId: 'events' });
		await events.listen();
		await writes(n8n.desk, 'visitor', 'On the test page', { account: testAccount('hook-events') });
		await until(() => events.tests.length === 1);
		await writes(n8n.desk, 'visitor', 'On the real page', { account: 'hook-events' });
		await until(() => live.started.length === 1);
		expect([typesOf(events.tests), live.started[0]?.json['message']]).toMatchObject([['conversation.opened'], { text: 'On the real page' }]);
	});

	test('takes no copy that we did not sign', async () => {
		const events = trigger({ events: ['message.received'] });
		await events.listen();
		const { contactId } = await writes(n8n.desk, 'visitor');
		await until(() => events.tests.length === 1);
		const [event] = await n8n.desk.store.records.events.list({ contactId }, { limit: 1, offset: 0 });
		const address = events.address('webchat', 'webhook-test').replace('https://n8n.example.test', n8n.origin);
		const forged = await fetch(address, { method: 'POST', headers: { 'x-conversations-copy': `${event?.id}.AAAA` } });
		expect([forged.status, events.tests.length]).toEqual([401, 1]);
	});
});
