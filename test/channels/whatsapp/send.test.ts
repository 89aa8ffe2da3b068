import { whatsapp } from '../../../src/channels/whatsapp';
import { provider as api } from '../../../src/channels/whatsapp/provider';
import type { Content, SendOptions } from '../../../src/core/channel';
import { ConversationsError } from '../../../src/core/failure';
import { sendPorts } from '../../fakes/ports';
import { FAKE, graphError, SHEENA, type FakeWhatsApp } from '../../fakes/whatsapp';
import { clip, FILES, note, paper, photo, provider, song } from './subject';

let fake: FakeWhatsApp;
beforeEach(async () => {
	fake = await provider();
});
afterEach(() => fake.server.close());

const MESSAGES = `/v26.0/${FAKE.phoneNumberId}/messages`;
const MEDIA = `/v26.0/${FAKE.phoneNumberId}/media`;

function send(content: Content, options: Partial<SendOptions> = {}, user: string = SHEENA.phone): Promise<string[]> {
	const ports = sendPorts(api, fake.fields, { files: FILES });
	return whatsapp.send(content, { channel: 'whatsapp', account: FAKE.phoneNumberId, user }, ports, {
		messageId: 'our-message', quote: null, reply: null, humanAgent: false, ...options,
	});
}

async function failureOf(work: Promise<unknown>): Promise<ConversationsError> {
	const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
	if (!(error instanceof ConversationsError)) throw new Error(`expected a ConversationsError, got ${String(error)}`);
	return error;
}

/** The bodies of the messages as the provider got them. */
const bodies = () => fake.server.requests.filter(({ path }) => path === MESSAGES).map(({ json }) => json);
const envelope = { messaging_product: 'whatsapp', recipient_type: 'individual', to: `+${SHEENA.phone}`, biz_opaque_callback_data: 'our-message' };
/** Of a part before the last: news of it alone must not count for the whole message. */
const { biz_opaque_callback_data: _word, ...earlier } = envelope;
const uploaded = (index: number) => [...fake.media.keys()][index];

test('a text, with the token and the number in E.164', async () => {
	const ids = await send({ kind: 'text', text: 'Grüße 👋' });
	expect(ids).toEqual([fake.sent[0]?.id]);
	expect(fake.server.requests).toMatchObject([{ method: 'POST', path: MESSAGES, headers: { authorization: `Bearer ${FAKE.accessToken}` } }]);
	expect(bodies()).toEqual([{ ...envelope, type: 'text', text: { body: 'Grüße 👋' } }]);
});

test('a text with a link asks for its preview', async () => {
	await send({ kind: 'text', text: 'See https://example.test/x' });
	expect(bodies()).toEqual([{ ...envelope, type: 'text', text: { body: 'See https://example.test/x', preview_url: true } }]);
});

test('a person without a number is written to by the business-scoped id', async () => {
	await send({ kind: 'text', text: 'Hi' }, {}, SHEENA.scoped);
	await send({ kind: 'text', text: 'Hi' }, {}, 'US.ENT.11815799212886844830');
	const { to: _to, ...rest } = envelope;
	expect(bodies()).toEqual([
		{ ...rest, recipient: SHEENA.scoped, type: 'text', text: { body: 'Hi' } },
		{ ...rest, recipient: 'US.ENT.11815799212886844830', type: 'text', text: { body: 'Hi' } },
	]);
});

test('D8: by what other id the person is known is told: WhatsApp spells some numbers in its own way', async () => {
	const known: string[] = [];
	const alsoKnownAs = (user: string) => void known.push(user);
	fake.spellings.set('525512345678', '5215512345678');
	await send({ kind: 'text', text: 'Hola' }, { alsoKnownAs }, '525512345678');
	expect(known).toEqual(['5215512345678']);
	await send({ kind: 'text', text: 'Hi' }, { alsoKnownAs });
	await send({ kind: 'text', text: 'Hi' }, { alsoKnownAs }, SHEENA.scoped);
	expect(known).toHaveLength(1);
	// A contact that was made with '+' is not who writes in.
	await send({ kind: 'text', text: 'Hi' }, { alsoKnownAs }, `+${SHEENA.phone}`);
	expect(known).toEqual(['5215512345678', SHEENA.phone]);
});

test('what is no id of a person is not taken for one', async () => {
	const known: string[] = [];
	fake.server.next(/messages$/, { json: { contacts: [{ input: '+1', wa_id: 'none', user_id: SHEENA.scoped }], messages: [{ id: 'wamid.1' }] } });
	await send({ kind: 'text', text: 'Hi' }, { alsoKnownAs: (user) => void known.push(user) });
	expect(known).toEqual([SHEENA.scoped]);
});

test.each([
	['+16505551234', '16505551234'],
	['16505551234', null],
	['+1 650 555 1234', null],
	['+0650555123', null],
	[null, null],
])('D8: %j is written to as %j', (phone, user) => {
	expect(whatsapp.reach?.({ phone, email: 'ann@example.test' })).toBe(user);
});

test('a quote', async () => {
	await send({ kind: 'text', text: 'Yes' }, { quote: 'wamid.IN' });
	expect(bodies()).toEqual([{ ...envelope, context: { message_id: 'wamid.IN' }, type: 'text', text: { body: 'Yes' } }]);
});

test('up to three choices are buttons, more are a list', async () => {
	const options = ['One', 'Two', 'Three', 'Four'].map((label, index) => ({ id: `c${index}`, label }));
	await send({ kind: 'choices', text: 'Pick', options: options.slice(0, 3) });
	await send({ kind: 'choices', text: 'Pick', options });
	expect(bodies()).toEqual([
		{
			...envelope,
			type: 'interactive',
			interactive: {
				type: 'button',
				body: { text: 'Pick' },
				action: {
					buttons: [
						{ type: 'reply', reply: { id: 'c0', title: 'One' } },
						{ type: 'reply', reply: { id: 'c1', title: 'Two' } },
						{ type: 'reply', reply: { id: 'c2', title: 'Three' } },
					],
				},
			},
		},
		{
			...envelope,
			type: 'interactive',
			interactive: {
				type: 'list',
				body: { text: 'Pick' },
				action: {
					button: 'Options',
					sections: [{ rows: [{ id: 'c0', title: 'One' }, { id: 'c1', title: 'Two' }, { id: 'c2', title: 'Three' }, { id: 'c3', title: 'Four' }] }],
				},
			},
		},
	]);
});

test('a place, its coordinates as texts', async () => {
	await send({ kind: 'location', text: null, latitude: 37.44, longitude: -122.16, name: 'HQ', address: '1 Way' });
	await send({ kind: 'location', text: null, latitude: 0, longitude: 0.5, name: null, address: null });
	expect(bodies()).toEqual([
		{ ...envelope, type: 'location', location: { latitude: '37.44', longitude: '-122.16', name: 'HQ', address: '1 Way' } },
		{ ...envelope, type: 'location', location: { latitude: '0', longitude: '0.5' } },
	]);
});

describe('files', () => {
	test('are uploaded, then sent by id', async () => {
		await send({ kind: 'media', text: 'See this', attachments: [photo] });
		const [upload] = fake.server.requests;
		expect(upload).toMatchObject({ method: 'POST', path: MEDIA, headers: { authorization: `Bearer ${FAKE.accessToken}` } });
		expect(upload?.form).toMatchObject({ messaging_product: 'whatsapp', type: 'image/jpeg' });
		expect([...fake.media.values()]).toEqual([{ bytes: new Uint8Array(FILES.photo.bytes), mime: 'image/jpeg', name: 'a.jpg' }]);
		expect(bodies()).toEqual([{ ...envelope, type: 'image', image: { id: uploaded(0), caption: 'See this' } }]);
	});

	test('each is a message, the text is with the first that can carry it, the quote with the first', async () => {
		const ids = await send({ kind: 'media', text: 'See this', attachments: [song, clip, paper] }, { quote: 'wamid.IN' });
		expect(ids).toEqual(fake.sent.map(({ id }) => id));
		expect(bodies()).toEqual([
			{ ...earlier, context: { message_id: 'wamid.IN' }, type: 'audio', audio: { id: uploaded(0) } },
			{ ...earlier, type: 'video', video: { id: uploaded(1), caption: 'See this' } },
			{ ...envelope, type: 'document', document: { id: uploaded(2), filename: 'e.pdf' } },
		]);
	});

	test('audio carries no text: it goes before, as a message of its own', async () => {
		await send({ kind: 'media', text: 'Listen', attachments: [song] }, { quote: 'wamid.IN' });
		expect(bodies()).toEqual([
			{ ...earlier, context: { message_id: 'wamid.IN' }, type: 'text', text: { body: 'Listen' } },
			{ ...envelope, type: 'audio', audio: { id: uploaded(0) } },
		]);
	});

	test('so does a text that is too long for a caption', async () => {
		const text = 'a'.repeat(1025);
		await send({ kind: 'media', text, attachments: [photo] });
		expect(bodies()).toMatchObject([{ text: { body: text } }, { image: { id: uploaded(0) } }]);
	});

	test('without a text there is no caption', async () => {
		await send({ kind: 'media', text: ' ', attachments: [paper] });
		expect(bodies()).toEqual([{ ...envelope, type: 'document', document: { id: uploaded(0), filename: 'e.pdf' } }]);
	});

	test('a voice note is one', async () => {
		await send({ kind: 'media', text: null, attachments: [note] });
		expect(fake.server.requests[0]?.form).toMatchObject({ type: 'audio/ogg; codecs=opus' });
		expect(bodies()).toEqual([{ ...envelope, type: 'audio', audio: { id: uploaded(0), voice: true } }]);
	});

	test("another name of a type becomes WhatsApp's own", async () => {
		await send({ kind: 'media', text: null, attachments: [{ ...song, name: 'c.m4a', mime: 'audio/x-m4a' }] });
		expect(fake.server.requests[0]?.form).toMatchObject({ type: 'audio/mp4' });
	});

	test('what went before a refusal is named', async () => {
		fake.server.next(MESSAGES, { json: { messages: [{ id: 'wamid.FIRST' }] } }, graphError(131053));
		const { accepted, failure } = await failureOf(send({ kind: 'media', text: 'See this', attachments: [photo, clip, paper] }));
		expect(accepted).toEqual(['wamid.FIRST']);
		expect(failure).toMatchObject({ code: 'content_unsupported', providerCode: '131053' });
		expect(bodies()).toHaveLength(2);
	});

	test('one that WhatsApp does not take is refused at the upload', async () => {
		const { accepted, failure } = await failureOf(send({ kind: 'media', text: null, attachments: [photo, { ...paper, name: 'x.gif', mime: 'image/gif' }] }));
		expect(accepted).toEqual([fake.sent[0]?.id]);
		expect(failure).toMatchObject({ code: 'content_unsupported', retryable: false });
	});

	test('an upload without an answer has sent nothing: it may be tried again', async () => {
		fake.server.next(MEDIA, 'hang up');
		expect((await failureOf(send({ kind: 'media', text: null, attachments: [photo] }))).failure).toMatchObject({ code: 'provider_unavailable', retryable: true });
		fake.server.next(MEDIA, { status: 504, text: 'gateway' });
		expect((await failureOf(send({ kind: 'media', text: null, attachments: [photo] }))).failure).toMatchObject({ code: 'provider_unavailable', retryable: true });
		fake.server.next(MEDIA, { text: 'n8n is starting up' });
		expect((await failureOf(send({ kind: 'media', text: null, attachments: [photo] }))).failure).toMatchObject({ code: 'provider_unavailable', retryable: true });
		expect(fake.sent).toEqual([]);
	});

	test('one whose bytes are not here is not sent', async () => {
		const gone = { ...photo, fileId: null, missing: 'It was deleted.' };
		expect((await failureOf(send({ kind: 'media', text: null, attachments: [gone] }))).failure).toMatchObject({ code: 'content_unsupported', reason: expect.stringContaining('It was deleted.') as string });
		expect((await failureOf(send({ kind: 'media', text: null, attachments: [photo, { ...clip, fileId: 'lost' }] }))).accepted).toHaveLength(1);
	});
});

describe('templates', () => {
	const template = (name: string, parameters: Extract<Content, { kind: 'template' }>['parameters']): Content => ({ kind: 'template', text: null, name, language: 'en_US', parameters });
	const named = (components: Record<string, unknown>[], name = 'booking', format: 'NAMED' | 'POSITIONAL' = 'NAMED') =>
		void fake.templates.push({ name, language: 'en_US', status: 'APPROVED', category: 'UTILITY', parameter_format: format, components });

	test('without values', async () => {
		named([{ type: 'BODY', text: 'Hello' }]);
		await send(template('booking', []));
		expect(bodies()).toEqual([{ ...envelope, type: 'template', template: { name: 'booking', language: { code: 'en_US' } } }]);
	});

	test('named values, a header with a file, every kind of button', async () => {
		named([
			{ type: 'HEADER', format: 'IMAGE' },
			{ type: 'BODY', text: 'Table for {{guests}} on {{day}}.' },
			{ type: 'BUTTONS', buttons: [{ type: 'URL', text: 'Change', url: 'https://x.test/{{1}}' }, { type: 'PHONE_NUMBER', text: 'Call' }, { type: 'QUICK_REPLY', text: 'Cancel' }, { type: 'COPY_CODE' }] },
		]);
		await send(
			template('booking', [
				{ id: 'body.day', text: 'Saturday' },
				{ id: 'button.0.url', text: 'blue-elf' },
				{ id: 'button.2.payload', text: 'CANCEL_42' },
				{ id: 'button.3.code', text: '25OFF' },
				{ id: 'body.guests', text: '4' },
				{ id: 'header.image', attachment: photo },
			]),
		);
		expect(bodies()).toEqual([
			{
				...envelope,
				type: 'template',
				template: {
					name: 'booking',
					language: { code: 'en_US' },
					components: [
						{ type: 'header', parameters: [{ type: 'image', image: { id: uploaded(0) } }] },
						{ type: 'body', parameters: [{ type: 'text', parameter_name: 'day', text: 'Saturday' }, { type: 'text', parameter_name: 'guests', text: '4' }] },
						{ type: 'button', sub_type: 'url', index: '0', parameters: [{ type: 'text', text: 'blue-elf' }] },
						{ type: 'button', sub_type: 'quick_reply', index: '2', parameters: [{ type: 'payload', payload: 'CANCEL_42' }] },
						{ type: 'button', sub_type: 'copy_code', index: '3', parameters: [{ type: 'coupon_code', coupon_code: '25OFF' }] },
					],
				},
			},
		]);
	});

	test('numbered values go in the order of their numbers', async () => {
		const numbers = Array.from({ length: 11 }, (_, index) => index + 1);
		named([{ type: 'HEADER', format: 'TEXT', text: 'Hi {{1}}' }, { type: 'BODY', text: numbers.map((n) => `{{${n}}}`).join(' ') }], 'long', 'POSITIONAL');
		await send(template('long', [{ id: 'header.text.1', text: 'Ann' }, ...[...numbers].reverse().map((n) => ({ id: `body.${n}`, text: `v${n}` }))]));
		expect(bodies()).toMatchObject([
			{ template: { components: [{ type: 'header', parameters: [{ type: 'text', text: 'Ann' }] }, { type: 'body', parameters: numbers.map((n) => ({ type: 'text', text: `v${n}` })) }] } },
		]);
		expect(JSON.stringify(bodies())).not.toContain('parameter_name');
	});

	test.each([
		['video', { video: { link: 'https://example.test/files/a.mp4' } }],
		['document', { document: { link: 'https://example.test/files/a.mp4', filename: 'a.mp4' } }],
	])('a header with the address of a %s', async (format, parameter) => {
		named([{ type: 'HEADER', format: format.toUpperCase() }, { type: 'BODY', text: 'Hello' }]);
		await send(template('booking', [{ id: `header.${format}`, text: ' https://example.test/files/a.mp4 ' }]));
		expect(bodies()).toMatchObject([{ template: { components: [{ type: 'header', parameters: [{ type: format, ...parameter }] }] } }]);
	});

	test('a document keeps its name', async () => {
		named([{ type: 'HEADER', format: 'DOCUMENT' }, { type: 'BODY', text: 'Hello' }]);
		await send(template('booking', [{ id: 'header.document', attachment: paper }]));
		expect(bodies()).toMatchObject([{ template: { components: [{ parameters: [{ document: { id: uploaded(0), filename: 'e.pdf' } }] }] } }]);
	});

	test('a quick reply without a payload of ours is left out', async () => {
		named([{ type: 'BODY', text: 'Hello' }, { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Yes' }] }]);
		await send(template('booking', [{ id: 'button.0.payload', text: '' }]));
		expect(bodies()).toEqual([{ ...envelope, type: 'template', template: { name: 'booking', language: { code: 'en_US' } } }]);
	});

	test.each([
		['a field that no template has', { id: 'footer.1', text: 'x' }, /footer\.1/],
		['an address that is none', { id: 'header.image', text: 'http://example.test/a.png' }, /https/],
		['a file where a text belongs', { id: 'body.1', attachment: photo }, /takes a text/],
	])('%s costs no call', async (_name, parameter, reason) => {
		const { failure } = await failureOf(send(template('booking', [parameter])));
		expect(failure).toMatchObject({ code: 'content_unsupported', channel: 'whatsapp', reason: expect.stringMatching(reason) as string });
		expect(fake.server.requests).toEqual([]);
	});
});
