import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { receive } from '../../src/core/inbox';
import type { Desk } from '../../src/core/desk';
import { fakeMailServers, type FakeMail } from '../fakes/mail';
import { ANN as PHONE, fakeSms, NUMBER } from '../fakes/sms';
import { fakeWeChat } from '../fakes/wechat';
import { ANN as OPENID, APP_ID } from '../fakes/wechat-posts';
import { sendWith, writesOn } from './channel-contacts';
import { closeWorkspace, openWorkspace } from './workspace';

/** Email, SMS and WeChat through Send Message: from its fields to what the provider gets, and the item that leaves. */

let desk: Desk;
const closing: { close(): Promise<void> }[] = [];
beforeEach(async () => {
	desk = await openWorkspace();
});
afterEach(async () => {
	await closeWorkspace();
	for (const server of closing.splice(0)) await server.close();
});

describe('email', () => {
	const ADDRESS = { channel: 'email', account: 'support@shop.test', user: 'ann@example.test' } as const;
	let mail: FakeMail;
	let ann: INodeExecutionData;

	beforeEach(async () => {
		mail = await fakeMailServers();
		closing.push(mail);
		const item = await wrote('<in-1@example.test>', 'Order 7');
		ann = item;
	});

	async function wrote(id: string, subject: string): Promise<INodeExecutionData> {
		const common = { channel: 'email', account: ADDRESS.account, at: Date.now() } as const;
		const details = { mail: { subject, references: ['<in-0@example.test>', id] } };
		const [received] = await receive(desk, [
			{ ...common, kind: 'message', key: id, externalId: id, from: ADDRESS, content: { kind: 'text', text: 'Where is it?' }, details },
		]);
		if (received?.kind !== 'message') throw new Error('not received');
		return { json: { contact: { id: received.message.contactId } } };
	}

	const sends = (parameters: IDataObject, items = [ann]) => sendWith({ email: mail.fields }, parameters, items);
	const composer = (parameters: IDataObject) => ({ text: 'Default', channelResponses: ['email'], emailText: 'Hello', ...parameters });
	const newest = () => {
		const last = mail.mails.at(-1);
		if (!last) throw new Error('no mail went');
		return last;
	};

	test('R32: the default message answers in the thread of the contact, under its subject', async () => {
		const ran = await sends({ text: 'It is on its way.\n\nAnn & Bob' });
		expect(newest()).toMatchObject({ from: 'support@shop.test', to: ['ann@example.test'] });
		expect(newest().mail).toMatchObject({
			subject: 'Re: Order 7',
			inReplyTo: '<in-1@example.test>',
			references: ['<in-0@example.test>', '<in-1@example.test>'],
			html: expect.stringContaining('Ann &amp; Bob') as string,
		});
		expect(newest().mail.text?.trim()).toBe('It is on its way.\n\nAnn & Bob');
		expect(ran.out()).toMatchObject([{ message: { channel: 'email', status: 'sent', providerId: newest().mail.messageId } }]);
	});

	test('A19: a response without a subject goes with a blank one', async () => {
		await sends(composer({}));
		expect(newest().mail.subject ?? '').toBe('');
		expect(newest().mail.inReplyTo).toBe('<in-1@example.test>');
	});

	test('A17, A18: subject, HTML, CC, BCC and Reply-To', async () => {
		const ran = await sends(
			composer({
				emailSubject: 'Your order ✅',
				emailHtml: '<h1>Hello</h1><p>It is on its way.</p>',
				emailCc: '"Lee, Bob" <bob@example.test>, carl@example.test',
				emailBcc: 'boss@shop.test',
				emailReplyTo: 'orders@shop.test',
			}),
		);
		const { mail: parsed, to } = newest();
		expect(to.toSorted()).toEqual(['ann@example.test', 'bob@example.test', 'boss@shop.test', 'carl@example.test']);
		expect(parsed).toMatchObject({ subject: 'Your order ✅', html: expect.stringContaining('<h1>Hello</h1>') as string });
		expect(parsed.text?.trim()).toBe('Hello');
		expect([parsed.cc].flat()[0]?.value).toEqual([
			{ address: 'bob@example.test', name: 'Lee, Bob' },
			{ address: 'carl@example.test', name: '' },
		]);
		expect([parsed.replyTo].flat()[0]?.value).toMatchObject([{ address: 'orders@shop.test' }]);
		expect(newest().source).not.toContain('boss@shop.test');
		expect(ran.out()).toMatchObject([{ message: { email: { subject: 'Your order ✅', cc: ['"Lee, Bob" <bob@example.test>', 'carl@example.test'] } } }]);
	});

	test('a copy that is no address is named, and nothing goes', async () => {
		const ran = await sends(composer({ emailCc: 'bob at example' }));
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'content_unsupported', reason: expect.stringContaining("'bob at example' in 'CC'") as string } }]);
		expect(mail.mails).toEqual([]);
	});

	test('A13: five attachments go, six are refused', async () => {
		const file = (index: number) => ({ data: Buffer.from(`File ${index}`).toString('base64'), mimeType: 'text/plain', fileName: `file-${index}.txt` });
		const fields = ['a', 'b', 'c', 'd', 'e', 'f'];
		const item = { ...ann, binary: Object.fromEntries(fields.map((name, index) => [name, file(index)])) };
		await sends({ messageType: 'media', attachments: fields.slice(0, 5).join(','), text: 'See' }, [item]);
		expect(newest().mail.attachments.map(({ filename, content }) => [filename, content.toString()])).toEqual(
			[0, 1, 2, 3, 4].map((index) => [`file-${index}.txt`, `File ${index}`]),
		);
		expect(newest().mail.text?.trim()).toBe('See');
		const ran = await sends({ messageType: 'media', attachments: fields.join(','), text: '' }, [item]);
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'content_unsupported', reason: expect.stringMatching(/6 attachments; Email takes at most 5/) as string } }]);
		expect(mail.mails).toHaveLength(1);
	});

	test('an HTML body alone will do, where an expression makes the text empty', async () => {
		const ran = await sends(composer({ emailText: '={{ "" }}', emailHtml: '<p>Only this</p>' }));
		expect(ran.out()).toHaveLength(1);
		expect(newest().mail.html).toContain('Only this');
	});
});

test('SMS: the segments and the alphabet of a text stand in its item', async () => {
	const fake = await fakeSms();
	closing.push(fake);
	const { item } = await writesOn(desk, { channel: 'sms', account: NUMBER, user: PHONE });
	const ran = await sendWith({ sms: fake.fields }, { text: '={{ $itemIndex ? "a".repeat(161) : "Hi 👋" }}' }, [item, item]);
	expect(ran.out()).toMatchObject([
		{ message: { channel: 'sms', status: 'sent', segments: 1, encoding: 'UCS-2' } },
		{ message: { channel: 'sms', status: 'sent', segments: 2, encoding: 'GSM-7' } },
	]);
});

test('C23: WeChat takes as many messages as the credential says until the contact writes', async () => {
	const fake = await fakeWeChat();
	closing.push(fake);
	const { item } = await writesOn(desk, { channel: 'wechat', account: APP_ID, user: OPENID });
	const ran = await sendWith({ wechat: { ...fake.fields, messagesPerWindow: 2 } }, { text: 'Hi' }, [item, item, item]);
	expect(ran.out()).toHaveLength(2);
	expect(ran.out(1)).toMatchObject([{ failure: { code: 'quota_used', channel: 'wechat' } }]);
	expect(fake.sent).toHaveLength(2);
});
