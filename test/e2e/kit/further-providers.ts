import { randomInt, randomUUID } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { startIntegrationServer } from '../../channels/custom/integration-server';
import { CHANNEL_ID, TOKEN } from '../../fakes/custom';
import { ADDRESS, fakeMailServers } from '../../fakes/mail';
import { fakeSms } from '../../fakes/sms';
import { mms, sidOf } from '../../fakes/sms-webhooks';
import { ACCOUNT as TIKTOK_ACCOUNT, ANN as TIKTOK_ANN, CONVERSATION, fakeTikTok, notice } from '../../fakes/tiktok';
import { fakeWeChat } from '../../fakes/wechat';
import { APP_ID, messageXml } from '../../fakes/wechat-posts';
import { bytesOf, fieldsOf, newest, overHttp, shown, textsIn, type Json, type Provider } from './provider';

/** The second set of providers, with whom the first has nothing in common. */
export async function furtherProviders(origin: string): Promise<Provider[]> {
	return await Promise.all([sms(origin), email(), weChat(origin), tikTok(origin), custom(origin)]);
}

async function sms(origin: string): Promise<Provider> {
	const fake = await fakeSms({ receiverOrigin: origin });
	const status = async (told: Promise<Response>) => (await told).status;
	return {
		channel: 'sms',
		credentialType: 'conversationsTwilioApi',
		...fieldsOf(fake),
		account: fake.account,
		close: () => fake.close(),
		saw: (text) => fake.sent.some(({ body }) => body?.includes(text)),
		registered: () => fake.number.sms_url,
		writes: (text) => status(fake.receive(text)),
		sendsPhoto: (bytes) => {
			fake.files.set('photo', { bytes, mime: 'image/png' });
			return status(fake.deliver(fake.number.sms_url, mms(sidOf('MM', randomInt(1e9)), '', [{ url: fake.mediaUrl('photo'), mime: 'image/png' }])));
		},
		presses: () => status(fake.receive('Yes, please')),
		texts: () => fake.sent.flatMap(({ body }) => (body === null ? [] : [body])),
		photos: () => Promise.all(fake.sent.flatMap(({ mediaUrls }) => mediaUrls.map((url) => shown(fake.download(url))))),
		arrives: () => status(fake.report(newest(fake.sent).sid, 'delivered')),
	};
}

async function weChat(origin: string): Promise<Provider> {
	const fake = await fakeWeChat({ receiverOrigin: origin });
	let url = '';
	const says = async (type: string, rest: Record<string, string>, mode: 'plain' | 'aes' = 'aes') => {
		const answer = await fake.deliver(url, messageXml(String(randomInt(1e12)), type, rest, { seconds: Math.floor(Date.now() / 1000) }), mode);
		if ((await answer.text()) !== 'success') throw new Error('WeChat tells the person that the service is unavailable');
		return answer.status;
	};
	return {
		channel: 'wechat',
		credentialType: 'conversationsWeChatApi',
		...fieldsOf(fake),
		account: APP_ID,
		...overHttp(fake.server),
		registered: () => url,
		enter: async (entered) => {
			url = entered;
			return await fake.submit(entered);
		},
		writes: (text) => says('text', { Content: text }),
		sendsPhoto: (bytes) => {
			fake.files.set('photo-1', { bytes, mime: 'image/png' });
			return says('image', { PicUrl: 'https://mmbiz.qpic.cn/x', MediaId: 'photo-1' }, 'plain');
		},
		presses: () => {
			const { msgmenu } = newest(fake.sent.filter((each) => each.msgtype === 'msgmenu')) as unknown as { msgmenu: { list: { id: string; content: string }[] } };
			const [first] = msgmenu.list;
			return says('text', { Content: first?.content ?? '', bizmsgmenuid: first?.id ?? '' });
		},
		texts: () => textsIn((fake.sent as unknown as Json[]).map(({ text }) => ({ text: (text as Json | undefined)?.['content'] }))),
		photos: () =>
			Promise.all(
				fake.server.requests.flatMap(({ path, form: { media } }) => (path === '/cgi-bin/media/upload' && media instanceof File ? [bytesOf(media)] : [])),
			),
	};
}

async function tikTok(origin: string): Promise<Provider> {
	const fake = await fakeTikTok({ receiverOrigin: origin });
	const tells = async (event: string, more: Json) => {
		const talk = { unique_identifier: TIKTOK_ANN, conversation_id: CONVERSATION, timestamp: Date.now(), from: 'ann_lee', to: 'shop' };
		const person = { id: TIKTOK_ANN, role: 'personal_account' };
		const business = { id: TIKTOK_ACCOUNT, role: 'business_account' };
		fake.unanswered.delete(CONVERSATION);
		return (await fake.deliver(notice(event, { ...talk, from_user: person, to_user: business, ...more }))).status;
	};
	const says = (said: Json) => tells('im_receive_msg', { message_id: `m${randomInt(1e12)}`, message_tag: { source: 'APP' }, ...said });
	return {
		channel: 'tiktok',
		credentialType: 'conversationsTikTokApi',
		...fieldsOf(fake),
		account: TIKTOK_ACCOUNT,
		...overHttp(fake.server),
		registered: () => fake.callbackUrl,
		writes: (text) => says({ type: 'text', text: { body: text } }),
		sendsPhoto: (bytes) => {
			fake.files.set('photo-1', { bytes, mime: 'image/png' });
			return says({ type: 'image', image: { media_id: 'photo-1' } });
		},
		presses: () => {
			const { template } = newest(fake.sent.filter((each) => each.message_type === 'TEMPLATE')) as unknown as { template: { buttons: { id: string; title: string }[] } };
			const [button] = template.buttons;
			return says({ type: 'text', text: { body: button?.title }, reply_source_payload: { reply_source_unique_id: button?.id } });
		},
		texts: () => textsIn((fake.sent as unknown as Json[]).map(({ text }) => ({ text: (text as Json | undefined)?.['body'] }))),
		photos: () => Promise.all([...fake.images.values()].map(bytesOf)),
		arrives: () => tells('im_mark_read_msg', { read: { last_read_timestamp: Date.now() } }),
	};
}

/** The integration server that knows nothing of us. */
async function custom(origin: string): Promise<Provider> {
	const server = await startIntegrationServer({ platformUrl: '', channelId: CHANNEL_ID, token: TOKEN });
	const person = '+60123456789';
	const contact = { firstName: 'Ann', lastName: 'Lee', language: 'en' };
	const fields = { channelId: CHANNEL_ID, token: TOKEN, url: server.url };
	const fetched = (url: string) => shown(fetch(url.replace(/^https?:\/\/[^/]+/, url.startsWith(server.url) ? server.url : origin)));
	return {
		channel: 'custom',
		credentialType: 'conversationsCustomApi',
		fields,
		wrongFields: { ...fields, token: 'cst_wrong' },
		account: CHANNEL_ID,
		registered: () => server.platformUrl,
		// In the place of 'https://app.respond.io': the rest of the address is the protocol's own.
		enter: (url) => {
			server.platformUrl = url.replace(/^https?:\/\/[^/]+/, origin).replace(/\/custom$/, '');
			return Promise.resolve(true);
		},
		saw: (text) => JSON.stringify(server.messages).includes(text),
		close: () => server.close(),
		writes: async (text) => (await server.text(person, text, contact)).status,
		sendsPhoto: async (bytes) => (await server.attachment(person, { type: 'image', fileName: 'photo.png', mimeType: 'image/png', bytes }, contact)).status,
		presses: async () => (await server.text(person, 'Yes, please')).status,
		texts: () => textsIn(server.messages.map(({ message }) => ({ text: message.text }))),
		photos: () => Promise.all(server.messages.flatMap(({ message: { attachment } }) => (attachment ? [fetched(attachment.url)] : []))),
		arrives: async () => (await server.status(person, newest(server.messages).mId, 'delivered')).status,
	};
}

/** A mailbox, and Ann's own server, which delivers there. */
async function email(): Promise<Provider> {
	const fake = await fakeMailServers();
	const compose = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
	const writes = async (mail: { text: string; attachments?: { filename: string; content: Buffer; contentType: string }[] }) => {
		const from = { name: 'Ann Lee', address: 'ann@example.test' };
		const { message } = await compose.sendMail({ from, to: ADDRESS, subject: 'Order 7', messageId: `<${randomUUID()}@example.test>`, ...mail });
		fake.imap.put(message as Buffer);
		return 200;
	};
	return {
		channel: 'email',
		credentialType: 'conversationsEmailApi',
		...fieldsOf(fake),
		account: ADDRESS,
		saw: (text) => fake.mails.some(({ mail }) => mail.text?.includes(text)),
		close: () => fake.close(),
		registered: () => null,
		isAsked: () => fake.imap.commands.some((command) => command.includes('IDLE')),
		writes: (text) => writes({ text }),
		sendsPhoto: (content) => writes({ text: 'See the picture', attachments: [{ filename: 'photo.png', content, contentType: 'image/png' }] }),
		presses: () => writes({ text: 'Yes, please' }),
		texts: () => fake.mails.flatMap(({ mail }) => (mail.text ? [mail.text.trim()] : [])),
		photos: () => Promise.resolve(fake.mails.flatMap(({ mail }) => mail.attachments.map(({ content }) => content))),
	};
}
