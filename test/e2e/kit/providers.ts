import { randomInt } from 'node:crypto';
import { fakeInstagram, IGSID } from '../../fakes/instagram';
import { ANN as LINE_ANN, event, fakeLine, messageEvent } from '../../fakes/line';
import { fakeMessenger, PSID } from '../../fakes/messenger';
import type { MetaFake } from '../../fakes/meta-messaging';
import { BOT_ID, fakeTelegram, PERSON } from '../../fakes/telegram';
import { callbacks, fakeViber } from '../../fakes/viber';
import { FAKE, fakeWhatsApp, inbound, SHEENA, status } from '../../fakes/whatsapp';
import { furtherProviders } from './further-providers';
import { bytesOf, fieldsOf, newest, overHttp, shown, textsIn, type Json, type Provider } from './provider';

/** Providers know n8n by its public address; what they post goes to `origin`, where it really listens. */
export async function startProviders(origin: string): Promise<Provider[]> {
	const first = [telegram(origin), whatsApp(origin), messenger(origin), instagram(origin), line(origin), viber(origin)];
	return [...(await Promise.all(first)), ...(await furtherProviders(origin))];
}

async function telegram(origin: string): Promise<Provider> {
	const fake = await fakeTelegram({ receiverOrigin: origin });
	return {
		channel: 'telegram',
		credentialType: 'conversationsTelegramApi',
		...fieldsOf(fake),
		account: String(BOT_ID),
		...overHttp(fake.server),
		registered: () => fake.webhook.url,
		isAsked: () => fake.server.requests.some(({ path }) => path.endsWith('/getUpdates')),
		writes: async (text) => (await fake.happens({ message: fake.message({ text }) })) ?? 0,
		sendsPhoto: async (bytes) => {
			fake.files.set('photo-1', { path: 'photos/file_1.png', bytes });
			const photo = [{ file_id: 'photo-1', file_unique_id: 'u1', width: 90, height: 67, file_size: bytes.length }];
			return (await fake.happens({ message: fake.message({ photo }) })) ?? 0;
		},
		presses: async () => {
			const { result, args } = newest(fake.sent.filter((sent) => sent.args['reply_markup'] !== undefined));
			const [[button]] = (args['reply_markup'] as { inline_keyboard: [[{ callback_data: string }]] }).inline_keyboard;
			const press = { id: `cbq_${randomInt(1e12)}`, from: PERSON, message: result, chat_instance: '-331', data: button.callback_data };
			return (await fake.happens({ callback_query: press })) ?? 0;
		},
		photos: () => Promise.all(fake.sent.flatMap(({ args: { photo } }) => (photo instanceof File ? [bytesOf(photo)] : []))),
		texts: () => textsIn(fake.sent.map(({ args }) => args)),
	};
}

async function whatsApp(origin: string): Promise<Provider> {
	const fake = await fakeWhatsApp({ receiverOrigin: origin });
	const textOf = ({ text }: Json) => (text as Json | undefined)?.['body'];
	return {
		channel: 'whatsapp',
		credentialType: 'conversationsWhatsAppApi',
		...fieldsOf(fake),
		account: FAKE.phoneNumberId,
		...overHttp(fake.server),
		registered: () => fake.override,
		writes: (text) => fake.post(inbound({ id: `wamid.${randomInt(1e12)}`, type: 'text', text: { body: text } }, SHEENA)),
		sendsPhoto: (bytes) => {
			const id = fake.addMedia({ bytes, mime: 'image/png' });
			return fake.post(inbound({ id: `wamid.${randomInt(1e12)}`, type: 'image', image: { id, mime_type: 'image/png', sha256: 'unused' } }, SHEENA));
		},
		presses: () => {
			const offered = newest(fake.sent.filter(({ type }) => type === 'interactive'));
			const { buttons } = (offered['interactive'] as { action: { buttons: { reply: Json }[] } }).action;
			const message = { id: `wamid.${randomInt(1e12)}`, type: 'interactive', context: { from: FAKE.displayPhone, id: offered.id } };
			return fake.post(inbound({ ...message, interactive: { type: 'button_reply', button_reply: buttons[0]?.reply } }, SHEENA));
		},
		texts: () => fake.sent.flatMap((sent) => textsIn([{ text: textOf(sent) }])),
		photos: async () =>
			fake.sent.flatMap(({ image }) => {
				const file = fake.media.get(String((image as Json | undefined)?.['id']));
				return file ? [Buffer.from(file.bytes)] : [];
			}),
		arrives: () => fake.post(status({ id: fake.sent.at(-1)?.id, status: 'delivered' })),
	};
}

async function messenger(origin: string): Promise<Provider> {
	const fake = await fakeMessenger({ receiverOrigin: origin, echoes: true });
	fake.person(PSID, { profile: { name: 'Mia Ek', first_name: 'Mia', last_name: 'Ek' } });
	return {
		channel: 'messenger',
		credentialType: 'conversationsMessengerApi',
		...fieldsOf(fake),
		account: fake.account,
		...overHttp(fake.server),
		registered: () => fake.subscriptions.get('page')?.callback_url ?? null,
		...metaPerson(fake, PSID),
		arrives: () => fake.tell(fake.deliveryOf(newest(fake.sent))),
	};
}

async function instagram(origin: string): Promise<Provider> {
	const fake = await fakeInstagram({ receiverOrigin: origin, filesOrigin: origin, loginType: 'facebook', echoes: true });
	fake.person(IGSID, { profile: { name: 'Ida Berg', username: 'ida.berg' } });
	return {
		channel: 'instagram',
		credentialType: 'conversationsInstagramApi',
		...fieldsOf(fake),
		account: fake.account,
		...overHttp(fake.server),
		registered: () => fake.subscriptions.get('instagram')?.callback_url ?? null,
		...metaPerson(fake, IGSID),
		arrives: () => fake.tell(fake.readOf(newest(fake.sent))),
	};
}

async function line(origin: string): Promise<Provider> {
	const fake = await fakeLine({ receiverOrigin: origin });
	const person = () => ({ source: { type: 'user', userId: LINE_ANN }, timestamp: Date.now() });
	return {
		channel: 'line',
		credentialType: 'conversationsLineApi',
		...fieldsOf(fake),
		account: 'U00000000000000000000000000000001',
		...overHttp(fake.server),
		registered: () => fake.webhook.endpoint,
		writes: (text) => fake.deliver([messageEvent({ type: 'text', text }, person())]),
		sendsPhoto: (bytes) => {
			const id = `5000000${randomInt(1e11)}`;
			fake.files.set(id, { bytes, mime: 'image/png', preparing: 1 });
			return fake.deliver([messageEvent({ id, type: 'image', contentProvider: { type: 'line' } }, person())]);
		},
		presses: () => {
			const offered = newest(fake.sent.flatMap(({ messages }) => messages).filter(({ quickReply }) => quickReply !== undefined));
			const [item] = (offered['quickReply'] as { items: { action: { data: string } }[] }).items;
			return fake.deliver([event('postback', { replyToken: `rt-${randomInt(1e12)}`, postback: { data: item?.action.data }, ...person() })]);
		},
		texts: () => fake.sent.flatMap(({ messages }) => textsIn(messages)),
		photos: async () => {
			const images = fake.sent.flatMap(({ messages }) => messages.filter(({ type }) => type === 'image'));
			return await Promise.all(images.map(async ({ originalContentUrl }) => await shown(fake.download(String(originalContentUrl)))));
		},
	};
}

async function viber(origin: string): Promise<Provider> {
	const fake = await fakeViber({ receiverOrigin: origin });
	const token = () => `51000000${randomInt(1e11, 9e11)}`;
	return {
		channel: 'viber',
		credentialType: 'conversationsViberApi',
		...fieldsOf(fake),
		account: fake.account,
		...overHttp(fake.server),
		registered: () => fake.webhook.url,
		writes: async (text) => (await fake.callBack(callbacks.message(token(), { type: 'text', text }))).status,
		sendsPhoto: async (bytes) => {
			fake.files.set('photo.png', { bytes, mime: 'image/png' });
			const picture = { type: 'picture', media: fake.mediaUrl('photo.png'), text: '', file_name: 'photo.png', size: bytes.length };
			return (await fake.callBack(callbacks.message(token(), picture))).status;
		},
		presses: async () => {
			const [button] = newest(fake.sent.filter(({ keyboard }) => keyboard)).keyboard?.Buttons ?? [];
			return (await fake.callBack(callbacks.message(token(), { type: 'text', text: button?.['ActionBody'] }))).status;
		},
		texts: () => textsIn(fake.sent as unknown as Json[]),
		photos: async () => {
			const pictures = fake.sent.filter(({ type }) => type === 'picture');
			return await Promise.all(pictures.map(async ({ media }) => await shown(fake.download(String(media)))));
		},
		arrives: async () => (await fake.callBack(callbacks.delivered(fake.sent.at(-1)?.token ?? ''))).status,
	};
}

/** Messenger and Instagram say the same in the same way. */
function metaPerson(fake: MetaFake, id: string): Pick<Provider, 'writes' | 'sendsPhoto' | 'presses' | 'texts' | 'photos'> {
	const says = (message: Json) => fake.tell(fake.item(id, { message: { mid: `m_${randomInt(1e12)}`, ...message } }, Date.now()));
	const sent = () => fake.sent.map(({ body }) => body['message'] as Json);
	return {
		writes: (text) => says({ text }),
		sendsPhoto: (bytes) => says({ attachments: [{ type: 'image', payload: { url: fake.serve('/photo.png', { mime: 'image/png', bytes }) } }] }),
		presses: () => {
			const [reply] = newest(sent().filter((message) => message['quick_replies'] !== undefined))['quick_replies'] as { title: string; payload: string }[];
			return says({ text: reply?.title, quick_reply: { payload: reply?.payload } });
		},
		texts: () => textsIn(sent()),
		photos: async () => fake.sent.flatMap(({ file }) => (file ? [file.bytes] : [])),
	};
}
