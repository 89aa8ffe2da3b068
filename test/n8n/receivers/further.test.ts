import { CHANNEL_ID, body, events, fakeCustom, TOKEN as CUSTOM_TOKEN } from '../../fakes/custom';
import { fakeMailServers, type FakeMail } from '../../fakes/mail';
import { fakeSms, type FakeSms } from '../../fakes/sms';
import { message as smsMessage } from '../../fakes/sms-webhooks';
import { ACCOUNT as TIKTOK_ACCOUNT, fakeTikTok, notices } from '../../fakes/tiktok';
import { fakeWeChat } from '../../fakes/wechat';
import { messageXml } from '../../fakes/wechat-posts';
import { until } from '../../until';
import { PUBLIC, testN8n, type TestN8n, type TestTrigger } from './n8n';

/** What each provider expects of the address it posts to, and mailboxes, where nobody posts. */

let n8n: TestN8n;
const closing: { close(): Promise<void> }[] = [];

beforeEach(async () => {
	n8n = await testN8n();
});
afterEach(async () => {
	await n8n.close();
	for (const each of closing.splice(0)) await each.close();
});

const closed = <T extends { close(): Promise<void> }>(fake: T): T => {
	closing.push(fake);
	return fake;
};

function trigger(channel: string, type: string, fields: Record<string, unknown>, workflowId = 'w1'): TestTrigger {
	return n8n.trigger({ workflowId, channels: [channel], credentials: { [type]: fields as never }, options: { groupMessagesSeconds: 0, orderMaxWaitSeconds: 0 } });
}

const texts = (items: { json: object }[]) => items.map(({ json }) => (json as { message: { text: string } }).message.text);
const reach = (url: string) => url.replace(PUBLIC, n8n.origin);

describe('SMS', () => {
	let sms: FakeSms;
	let opened: TestTrigger;

	beforeEach(async () => {
		sms = closed(await fakeSms({ receiverOrigin: n8n.origin }));
		opened = trigger('sms', 'conversationsTwilioApi', sms.fields);
	});

	test('what is signed over the public address is taken, and answered with TwiML', async () => {
		await opened.publish();
		expect(sms.number.sms_url).toBe(opened.address('sms'));
		const answer = await sms.receive('Hello');
		expect([answer.status, answer.headers.get('content-type')?.split(';')[0]]).toEqual([200, 'text/xml']);
		expect(await answer.text()).toMatch(/<Response\s*\/>|<Response><\/Response>/);
		await until(() => opened.started.length === 1);
		expect(texts(opened.started)).toEqual(['Hello']);
	});

	test('its news are taken at the further path, signed over that one', async () => {
		await opened.publish();
		await sms.receive('Hello');
		const url = `${opened.address('sms')}/status`;
		const news = { ...smsMessage('SM00000000000000000000000000000077', ''), MessageStatus: 'delivered' };
		expect((await sms.deliver(url, news)).status).toBe(200);
		expect((await sms.deliver(`${url}?x=1`, news)).status).toBe(200);
		const forged = await fetch(reach(url), { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'MessageStatus=delivered' });
		expect([forged.status, await forged.text()]).toEqual([401, '']);
	});

	test('promise 8: in a test run the signature is over the test address', async () => {
		await opened.listen();
		expect(sms.number.sms_url).toBe(opened.address('sms', 'webhook-test'));
		expect((await sms.receive('For the test')).status).toBe(200);
		await until(() => opened.tests.length === 1);
		expect(texts(opened.tests)).toEqual(['For the test']);
		await opened.stopListening();
		expect(sms.number.sms_url).toBe('');
	});
});

test('WeChat: the check of the address is answered with its own words, a message with success', async () => {
	const weChat = closed(await fakeWeChat({ receiverOrigin: n8n.origin }));
	const opened = trigger('wechat', 'conversationsWeChatApi', weChat.fields);
	await opened.publish();
	const url = opened.address('wechat');
	await until(() => opened.reports.length > 0);
	expect(opened.reports[0]).toContain(url);
	expect(await weChat.submit(url)).toBe(true);
	for (const [index, mode] of (['plain', 'compatible', 'aes'] as const).entries()) {
		const answer = await weChat.deliver(url, messageXml(`2345678901234567${index}`, 'text', { Content: mode }), mode);
		expect([answer.status, await answer.text()]).toEqual([200, 'success']);
	}
	await until(() => opened.started.length === 1);
	expect(texts(opened.started)).toEqual(['plain']);
});

describe('a custom channel', () => {
	test('every path that integration servers post to is taken; what is wrong is answered in its words', async () => {
		const custom = closed(await fakeCustom());
		const opened = trigger('custom', 'conversationsCustomApi', custom.fields);
		await opened.publish();
		const post = async (path: string, text: string, token = CUSTOM_TOKEN) => {
			const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
			const answer = await fetch(reach(opened.address('custom')) + path, { method: 'POST', headers, body: text });
			return [answer.status, await answer.text()];
		};
		const paths = ['', '/channel/webhook', '/channel/webhook/', '/webhook'];
		for (const [index, path] of paths.entries()) expect(await post(path, body([events.text(`m-${index}`, `By ${path}`)]))).toEqual([200, '{}']);
		expect(await post('', body([events.text('m-9', 'Forged')]), 'wrong')).toEqual([401, '']);
		const [status, said] = await post('', JSON.stringify({ channelId: 'another', contactId: 'x', events: [] }));
		expect([status, JSON.parse(String(said))]).toEqual([404, { error: { message: expect.any(String) as string } }]);
		expect((await post('', '[]'))[0]).toBe(400);
		const messages = await n8n.desk.store.records.messages.list({}, { limit: 10, offset: 0 });
		expect(messages.map(({ text, account }) => [text, account]).reverse()).toEqual(paths.map((path) => [`By ${path}`, CHANNEL_ID]));
	});
});

test('TikTok: an app has one address for all its accounts, which stays as long as one of them is used', async () => {
	const tikTok = closed(await fakeTikTok({ receiverOrigin: n8n.origin }));
	const first = trigger('tiktok', 'conversationsTikTokApi', tikTok.fields, 'w1');
	const other = trigger('tiktok', 'conversationsTikTokApi', { ...tikTok.fields, businessId: '_000otherOPENid' }, 'w2');
	await first.publish();
	await other.publish();
	await other.unpublish();
	expect(tikTok.callbackUrl).toBe(first.address('tiktok'));
	expect((await tikTok.deliver(notices.received('m1', { type: 'text', text: { body: 'Hello' } }))).status).toBe(200);
	await until(() => first.started.length === 1);
	expect(first.started[0]?.json).toMatchObject({ conversation: { account: TIKTOK_ACCOUNT } });
	await first.unpublish();
	expect(tikTok.callbackUrl).toBe('');
});

describe('a mailbox', () => {
	let mail: FakeMail;
	let opened: TestTrigger;
	const writes = (text: string) => mail.imap.put(`Message-ID: <${Math.random()}@example.test>\r\nFrom: Ann Lee <ann@example.test>\r\nTo: support@shop.test\r\nSubject: Order 7\r\n\r\n${text}\r\n`);
	let heard = 0;
	/** Somebody reads the mailbox now, and has read all there was. */
	const waiting = async () => {
		await until(() => mail.imap.open() === 1 && mail.imap.commands.slice(heard).at(-1)?.includes('IDLE') === true);
		heard = mail.imap.commands.length;
	};
	const started = (trigger = opened) => texts(trigger.started);

	beforeEach(async () => {
		heard = 0;
		mail = closed(await fakeMailServers());
		opened = trigger('email', 'conversationsEmailApi', mail.fields);
	});

	test('old mails are left alone; a new one starts the workflow with name, address and subject', async () => {
		writes('Long ago');
		await opened.publish();
		await waiting();
		writes('Hello');
		await until(() => opened.started.length === 1);
		expect(opened.started[0]?.json).toMatchObject({
			conversation: { channel: 'email', account: 'support@shop.test' },
			contact: { name: 'Ann Lee', email: 'ann@example.test', channels: [{ channel: 'email', user: 'ann@example.test' }] },
			message: { text: 'Hello', email: { subject: 'Order 7', from: expect.stringContaining('ann@example.test') as string } },
		});
		expect(mail.imap.commands.filter((command) => /STORE|EXPUNGE|DELETE/i.test(command))).toEqual([]);
	});

	test('promise 3: what comes as soon as the workflow is published is read', async () => {
		await opened.publish();
		writes('At once');
		await until(() => opened.started.length === 1);
		expect(started()).toEqual(['At once']);
	});

	test('a password that was put right counts without publishing again, also when only that of IMAP was wrong', async () => {
		const fields = { ...mail.fields, imapPassword: 'Tr0ub4dor&3' };
		const live = trigger('email', 'conversationsEmailApi', fields, 'w2');
		await live.publish('init');
		const key = 'email/support@shop.test@127.0.0.1/inbox';
		await until(async () => (await n8n.desk.store.records.receiverStates.get(key))?.problem != null);
		fields.imapPassword = String(mail.fields['imapPassword']);
		// Whatever is published looks after all.
		await trigger('custom', 'conversationsCustomApi', { channelId: CHANNEL_ID, token: CUSTOM_TOKEN, url: 'http://127.0.0.1:1' }, 'w3').publish();
		await waiting();
		writes('Hello');
		await until(() => live.started.length === 1);
		expect(started(live)).toEqual(['Hello']);
	});

	test('promise 3: what comes while n8n is down is read when it is back, once', async () => {
		await opened.publish();
		await waiting();
		await n8n.restart();
		writes('While you were away');
		await opened.publish('init');
		await until(() => opened.started.length === 1);
		expect(started()).toEqual(['While you were away']);
		mail.imap.renumber();
		await waiting();
		expect(await n8n.desk.store.records.messages.list({}, { limit: 10, offset: 0 })).toHaveLength(1);
	});

	test('two workflows: one reads, both are started, and the second goes on reading when the first is taken back', async () => {
		const second = trigger('email', 'conversationsEmailApi', mail.fields, 'w2');
		await opened.publish();
		await second.publish();
		await waiting();
		writes('For both');
		await until(() => opened.started.length === 1 && second.started.length === 1);
		await opened.unpublish();
		await waiting();
		const from = 'Bob <bob@example.test>';
		mail.imap.put(`Message-ID: <b@example.test>\r\nFrom: ${from}\r\nTo: support@shop.test\r\n\r\nFor the second\r\n`);
		await until(() => second.started.length === 2);
		expect(started(second)).toEqual(['For both', 'For the second']);
		await second.unpublish();
		await until(() => mail.imap.open() === 0);
	});

	test('promise 8: a test run gets a copy while production runs; with none it reads the mailbox itself', async () => {
		await opened.listen();
		await waiting();
		writes('Only a test');
		await until(() => opened.tests.length === 1);
		await opened.stopListening();
		await until(() => mail.imap.open() === 0);
		heard = mail.imap.commands.length;

		const live = trigger('email', 'conversationsEmailApi', mail.fields, 'w2');
		await live.publish();
		await waiting();
		await opened.listen();
		expect(mail.imap.open()).toBe(1);
		mail.imap.put('Message-ID: <c@example.test>\r\nFrom: carl@example.test\r\nTo: support@shop.test\r\n\r\nFor production, too\r\n');
		await until(() => live.started.length === 1 && opened.tests.length === 2);
		expect(texts(opened.tests)).toEqual(['Only a test', 'For production, too']);
	});

	test('a wrong password stops publishing with a sentence that names the field', async () => {
		const wrong = trigger('email', 'conversationsEmailApi', mail.wrongFields);
		await expect(wrong.publish()).rejects.toThrow(/IMAP Password/);
		await expect(wrong.listen()).rejects.toThrow(/IMAP Password/);
	});

	test('a credential without IMAP can send, but starts nothing: publishing says so', async () => {
		await expect(trigger('email', 'conversationsEmailApi', mail.sendOnlyFields).publish()).rejects.toThrow(/IMAP Host/);
	});

	test('nobody posts to a mailbox: what is posted is answered 401', async () => {
		await opened.publish();
		const forged = await fetch(reach(opened.address('email')), { method: 'POST', body: '{}' });
		expect([forged.status, await forged.text()]).toEqual([401, '']);
	});
});
