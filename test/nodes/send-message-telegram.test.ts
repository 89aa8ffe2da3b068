import type { Desk } from '../../src/core/desk';
import { BOT_ID, BOT_TOKEN, fakeTelegram, PERSON, refused, type FakeTelegram } from '../fakes/telegram';
import { BINARY, sendWith, writesOn } from './channel-contacts';
import { closeWorkspace, messagesTo, openWorkspace, run } from './workspace';

let desk: Desk;
const closing: { close(): Promise<void> }[] = [];
beforeEach(async () => {
	desk = await openWorkspace();
});
afterEach(async () => {
	await closeWorkspace();
	for (const server of closing.splice(0)) await server.close();
});

const ANN = { channel: 'telegram', account: String(BOT_ID), user: String(PERSON.id) } as const;

async function telegram(): Promise<FakeTelegram> {
	const fake = await fakeTelegram();
	closing.push(fake.server);
	return fake;
}

describe('Telegram', () => {
	test('a text goes out as Telegram takes it, and the item says so', async () => {
		const fake = await telegram();
		const { item, message } = await writesOn(desk, ANN);
		const ran = await sendWith({ telegram: fake.fields }, { text: '🤖 Good day' }, [item]);
		expect(ran.out(1)).toEqual([]);
		expect(fake.server.requests.map(({ method, path, json }) => ({ method, path, json }))).toEqual([
			{ method: 'POST', path: `/bot${BOT_TOKEN}/sendMessage`, json: expect.objectContaining({ chat_id: ANN.user, text: '🤖 Good day' }) },
		]);
		expect(ran.out()).toMatchObject([
			{
				contact: { id: message.contactId, channels: [{ channel: 'telegram', account: ANN.account, user: ANN.user }] },
				message: { direction: 'out', channel: 'telegram', status: 'sent', text: '🤖 Good day', providerId: `${ANN.user}:101` },
			},
		]);
	});

	test('a location, the response of the channel', async () => {
		const fake = await telegram();
		const { item } = await writesOn(desk, ANN);
		const ran = await sendWith(
			{ telegram: fake.fields },
			{
				text: 'Default',
				channelResponses: ['telegram'],
				telegramMessageType: 'location',
				telegramLatitude: '={{ 52.5163 }}',
				telegramLongitude: ' 13.3777 ',
				telegramLocationName: 'Our shop',
				telegramLocationAddress: 'Pariser Platz 1, Berlin',
			},
			[item],
		);
		expect(fake.sent).toMatchObject([{ method: 'sendVenue', args: { latitude: 52.5163, longitude: 13.3777, title: 'Our shop' } }]);
		expect(ran.out()).toMatchObject([
			{ message: { type: 'location', location: { latitude: 52.5163, longitude: 13.3777, name: 'Our shop', address: 'Pariser Platz 1, Berlin' } } },
		]);
	});

	test.each([
		['telegramLatitude', '={{ "" }}', "'Latitude' is empty"],
		['telegramLongitude', 'east', "'Longitude' is not a number"],
	])('a location whose %s is %j is refused by name', async (name, value, said) => {
		const fake = await telegram();
		const { item } = await writesOn(desk, ANN);
		const parameters = { text: 'Default', channelResponses: ['telegram'], telegramMessageType: 'location', telegramLatitude: '1', telegramLongitude: '1', [name]: value };
		const ran = await sendWith({ telegram: fake.fields }, parameters, [item]);
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'configuration_invalid', reason: expect.stringContaining(said) as string } }]);
		expect(fake.server.requests).toEqual([]);
	});

	test('a voice note, by the type of the response or by the option', async () => {
		const fake = await telegram();
		const { item } = await writesOn(desk, ANN);
		const withFile = { ...item, binary: BINARY };
		const response = { text: 'Default', channelResponses: ['telegram'], telegramMessageType: 'voice', telegramAttachments: 'note' };
		const typed = await sendWith({ telegram: fake.fields }, response, [withFile]);
		const media = { messageType: 'media', attachments: 'note, picture', options: { voiceNote: true } };
		const optional = await sendWith({ telegram: fake.fields }, media, [withFile]);
		const plain = await sendWith({ telegram: fake.fields }, { ...media, attachments: 'note', options: {} }, [withFile]);
		expect(typed.out()).toMatchObject([{ message: { type: 'media', text: null, attachments: [{ kind: 'audio', voice: true }] } }]);
		expect(optional.out()).toMatchObject([{ message: { attachments: [{ kind: 'audio', voice: true }, { kind: 'image' }] } }]);
		expect(plain.out()[0]?.['message']).not.toHaveProperty('attachments.0.voice');
		expect(fake.sent.map(({ method }) => method)).toEqual(['sendVoice', 'sendVoice', 'sendPhoto', expect.stringMatching(/^send(Audio|Document)$/)]);
	});

	test('B11: what is no voice note for the channel goes as a file, and the item says so', async () => {
		const fake = await telegram();
		const { item } = await writesOn(desk, ANN);
		const response = { text: 'Default', channelResponses: ['telegram'], telegramMessageType: 'voice', telegramAttachments: 'picture' };
		const ran = await sendWith({ telegram: fake.fields }, response, [{ ...item, binary: BINARY }]);
		expect(ran.out()).toMatchObject([{ message: { status: 'sent', notes: [expect.stringContaining("'ticket.png' went as an attachment")] } }]);
	});

	test('an answer quotes the message it names', async () => {
		const fake = await telegram();
		const { item, message } = await writesOn(desk, { ...ANN });
		await desk.store.records.messages.update(message.id, { providerId: `${ANN.user}:55` });
		const ran = await sendWith({ telegram: fake.fields }, { text: 'Yes', options: { replyTo: message.id } }, [item]);
		expect(fake.sent).toMatchObject([{ args: { reply_parameters: { message_id: 55 } } }]);
		expect(ran.out()).toMatchObject([{ message: { replyTo: `${ANN.user}:55` } }]);
	});

	test('A26: a token that Telegram does not know', async () => {
		const fake = await telegram();
		const { item, message } = await writesOn(desk, ANN);
		const ran = await sendWith({ telegram: fake.wrongFields }, { text: 'Hi' }, [item]);
		expect(ran.status).toBe('success');
		expect(ran.out()).toEqual([]);
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'credential_invalid', channel: 'telegram', retryable: false } }]);
		expect(JSON.stringify(ran.out(1))).not.toContain(fake.wrongFields.botToken);
		expect(await messagesTo(desk, message.contactId)).toMatchObject([{ status: 'failed' }]);
	});

	test('a credential without its token fails the items that need it, and no other', async () => {
		const fake = await telegram();
		const { item } = await writesOn(desk, ANN);
		const chat = await writesOn(desk, { channel: 'webchat', account: 'page-1', user: 'bob' });
		const fields = { ...fake.fields, botToken: '' };
		const parameters = { text: 'Hi', connectedChannels: ['telegram', 'webchat'] };
		const ran = await sendWith({ telegram: fields }, parameters, [item, chat.item]);
		expect(ran.status).toBe('success');
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'credential_invalid', channel: 'telegram', reason: expect.stringContaining("'Bot Token'") as string } }]);
		expect(ran.out()).toMatchObject([{ message: { channel: 'webchat', status: 'sent' } }]);
		expect(fake.server.requests).toEqual([]);
	});

	test('without a credential it is not connected', async () => {
		const { item } = await writesOn(desk, ANN);
		const ran = await run('sendMessage', { text: 'Hi', connectedChannels: ['telegram'] }, [item]);
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'channel_not_connected', channel: 'telegram', reason: expect.stringContaining('credential') as string } }]);
	});

	test('the credential of another account is named, and nothing is fetched or sent', async () => {
		const fake = await telegram();
		const { item } = await writesOn(desk, { ...ANN, account: '7000000002' });
		const ran = await sendWith({ telegram: fake.fields }, { text: 'Hi' }, [item]);
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'channel_not_connected', reason: expect.stringContaining('7000000002') as string } }]);
		expect(fake.server.requests).toEqual([]);
	});

	test('told to slow down, it is sent again after the time asked for, and once', async () => {
		const fake = await telegram();
		const { item, message } = await writesOn(desk, ANN);
		fake.server.next(/sendMessage$/, refused(429, 'Too Many Requests: retry after 1', { retry_after: 1 }));
		const ran = await sendWith({ telegram: fake.fields }, { text: 'Hi', options: { retries: 1 } }, [item]);
		expect(ran.out()).toMatchObject([{ message: { status: 'sent' } }]);
		expect(fake.server.requests).toHaveLength(2);
		expect(fake.sent).toHaveLength(1);
		expect(await messagesTo(desk, message.contactId)).toHaveLength(1);
	});

	test('the next try of the same message uses its stored files again, as voice notes too', async () => {
		const fake = await telegram();
		const { item, message } = await writesOn(desk, ANN);
		fake.server.next(/sendVoice$/, refused(429, 'Too Many Requests: retry after 1', { retry_after: 1 }));
		const parameters = { text: 'Default', channelResponses: ['telegram'], telegramMessageType: 'voice', telegramAttachments: 'note', options: { retries: 0 } };
		const withFile = { ...item, binary: BINARY };
		const first = await sendWith({ telegram: fake.fields }, parameters, [withFile]);
		expect(first.out(1)).toMatchObject([{ failure: { code: 'rate_limited' } }]);
		const [failed] = await messagesTo(desk, message.contactId);
		const second = await sendWith({ telegram: fake.fields }, parameters, [withFile]);
		expect(second.out()).toMatchObject([{ message: { id: failed?.id, status: 'sent', attachments: [{ id: failed?.attachments[0]?.fileId, voice: true }] } }]);
		expect(fake.sent.map(({ method }) => method)).toEqual(['sendVoice']);
		expect(await messagesTo(desk, message.contactId)).toHaveLength(1);
	});

	test('with no retries it leaves on Failed, and says when to come back', async () => {
		const fake = await telegram();
		const { item } = await writesOn(desk, ANN);
		fake.server.next(/sendMessage$/, refused(429, 'Too Many Requests: retry after 1', { retry_after: 1 }));
		const ran = await sendWith({ telegram: fake.fields }, { text: 'Hi', options: { retries: 0 } }, [item]);
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'rate_limited', retryable: true, retryAfterMs: 1000 } }]);
		expect(fake.sent).toEqual([]);
	});
});
