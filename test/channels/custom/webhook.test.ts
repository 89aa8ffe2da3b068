import { custom } from '../../../src/channels/custom';
import { MalformedPayload, type ChannelEvent } from '../../../src/core/channel';
import { ANN, AT, CHANNEL_ID, TOKEN, body, events, posted } from '../../fakes/custom';
import { about, ann, credential } from './subject';

const URL = 'https://files.example.test/f';
const RECEIVED_AT = AT + 5_000;

const read = (text: string, receivedAt = RECEIVED_AT): ChannelEvent[] => custom.webhook.parse(posted(text, { receivedAt }), credential, CHANNEL_ID);
const readOne = (event: unknown, more: Record<string, unknown> = {}): ChannelEvent => {
	const [first, ...others] = read(body([event], more));
	if (!first || others.length > 0) throw new Error('expected one event');
	return first;
};
const contentOf = (message: unknown) => {
	const event = readOne(events.message('m-1', message));
	return event.kind === 'message' ? event.content : event.kind === 'ignored' ? event.why : event;
};
const isAuthentic = (authorization: string | undefined) =>
	custom.webhook.isAuthentic({ ...posted('{}'), headers: { authorization } }, credential, CHANNEL_ID, '');
const refusal = (text: string): MalformedPayload => {
	try {
		read(text);
	} catch (error) {
		if (error instanceof MalformedPayload) return error;
		throw error;
	}
	throw new Error('it was read');
};

describe('the token', () => {
	test.each([`Bearer ${TOKEN}`, `bearer ${TOKEN}`, `BEARER   ${TOKEN} `])('%s is genuine', (authorization) => {
		expect(isAuthentic(authorization)).toBe(true);
	});

	test.each([undefined, '', 'Bearer', 'Bearer ', TOKEN, `Basic ${TOKEN}`, `Bearer${TOKEN}`, `Bearer Bearer ${TOKEN}`, `Bearer ${TOKEN}, x`])('%s is not', (authorization) => {
		expect(isAuthentic(authorization)).toBe(false);
	});

	test('a header of many spaces costs no time', () => {
		const start = performance.now();
		for (let count = 0; count < 100; count += 1) isAuthentic(`Bearer a${' '.repeat(16_000)}b`);
		expect(performance.now() - start).toBeLessThan(500);
	});

	test('without a token nothing is genuine', () => {
		expect(custom.webhook.isAuthentic(posted('{}', { authorization: 'Bearer ' }), { ...credential, token: '' }, CHANNEL_ID, '')).toBe(false);
	});
});

test('it is taken at every address that integration servers know', () => {
	expect(custom.webhook.paths).toEqual(['channel/webhook', 'webhook']);
});

describe('what is answered', () => {
	const json = { 'content-type': 'application/json; charset=utf-8' };

	test('to what was taken in', () => {
		expect(custom.webhook.answer?.(null)).toEqual({ status: 200, headers: json, body: '{}' });
	});

	test.each([
		['no JSON', '{', 400, 'The body is not valid JSON.'],
		['a list', '[]', 400, 'The body must be a JSON object.'],
		['no channel', '{"contactId":"a","events":[]}', 400, "'channelId' is missing."],
		['another channel', body([events.text('m-1', 'Hi')], { channelId: 'ch_other' }), 404, "There is no channel with this 'channelId' here."],
		['no contact', body([], { contactId: undefined }), 400, "'contactId' is missing."],
		['an empty contact', body([], { contactId: ' ' }), 400, "'contactId' is missing."],
		['a contact with 51 characters', body([], { contactId: 'a'.repeat(51) }), 400, "'contactId' has more than 50 characters."],
		['no events', body([], { events: undefined }), 400, "'events' must be a list."],
		['events that are no list', body([], { events: events.text('m-1', 'Hi') }), 400, "'events' must be a list."],
	])('to a body with %s', (_name, text, status, message) => {
		const refused = refusal(text);
		expect(refused).toMatchObject({ status, message });
		expect(custom.webhook.answer?.(refused)).toEqual({ status, headers: json, body: JSON.stringify({ error: { message } }) });
	});
});

describe('what a contact says', () => {
	const media = (attachment: Record<string, unknown>, text: string | null = null) => ({
		kind: 'media',
		text,
		attachments: [{ fileId: null, sizeBytes: 0, source: { url: URL }, ...attachment }],
	});

	test.each([
		['a text', { type: 'text', text: ' Hi\nthere ' }, { kind: 'text', text: ' Hi\nthere ' }],
		['a text without a type', { text: 'Hi' }, { kind: 'text', text: 'Hi' }],
		[
			'a file as documented',
			{ type: 'attachment', attachment: { type: 'image', url: URL, mimeType: 'image/png', fileName: 'p.png' } },
			media({ kind: 'image', name: 'p.png', mime: 'image/png' }),
		],
		['a file of which only the type is told', { type: 'attachment', attachment: { type: 'video', url: URL } }, media({ kind: 'video', name: 'video.mp4', mime: 'video/mp4' })],
		['a file of which only its MIME type is told', { type: 'attachment', attachment: { url: URL, mimeType: 'audio/ogg' } }, media({ kind: 'audio', name: 'audio.mp3', mime: 'audio/ogg' })],
		['a file with its fields beside the type', { type: 'attachment', url: URL, fileName: 'a.zip' }, media({ kind: 'file', name: 'a.zip', mime: 'application/octet-stream' })],
		['an image with its fields at the top', { type: 'image', url: URL, caption: 'Look' }, media({ kind: 'image', name: 'image.jpg', mime: 'image/jpeg' }, 'Look')],
		['a video with an empty caption', { type: 'video', url: URL, caption: '' }, media({ kind: 'video', name: 'video.mp4', mime: 'video/mp4' })],
		['sound', { type: 'audio', url: URL }, media({ kind: 'audio', name: 'audio.mp3', mime: 'audio/mpeg' })],
		['a voice note', { type: 'voice', url: URL, mimetype: 'audio/ogg' }, media({ kind: 'audio', name: 'audio.mp3', mime: 'audio/ogg', voice: true })],
		['a file with its fields at the top', { type: 'file', url: URL, filename: 'inv.pdf', text: 'Here' }, media({ kind: 'file', name: 'inv.pdf', mime: 'application/octet-stream' }, 'Here')],
		[
			'a file whose address tells its name',
			{ type: 'document', url: 'https://files.example.test/a/My%20inv.pdf?s=1' },
			media({ kind: 'file', name: 'My inv.pdf', mime: 'application/octet-stream', source: { url: 'https://files.example.test/a/My%20inv.pdf?s=1' } }),
		],
		[
			'a file whose address is not quite right',
			{ type: 'file', url: 'https://files.example.test/%E0.pdf' },
			media({ kind: 'file', name: '%E0.pdf', mime: 'application/octet-stream', source: { url: 'https://files.example.test/%E0.pdf' } }),
		],
		[
			'a file without an address',
			{ type: 'attachment', attachment: { type: 'image', url: '', fileName: 'p.png' } },
			{
				kind: 'media',
				text: null,
				attachments: [
					{
						fileId: null, kind: 'image', name: 'p.png', mime: 'image/jpeg', sizeBytes: 0,
						missing: 'The integration server did not tell where the file is. Ask the contact to send it again.',
					},
				],
			},
		],
		[
			'a file whose address is none of the web',
			{ type: 'file', url: 'file:///etc/passwd' },
			{ kind: 'media', text: null, attachments: [expect.objectContaining({ name: 'file', missing: expect.stringContaining('did not tell') })] },
		],
		[
			'a place',
			{ type: 'location', latitude: 3.14, longitude: '101.69', address: 'KL', name: 'Shop' },
			{ kind: 'location', text: null, latitude: 3.14, longitude: 101.69, name: 'Shop', address: 'KL' },
		],
		[
			'choices',
			{ type: 'quick_reply', title: 'Happy?', replies: ['Yes', 'No', 'Yes', '', 7] },
			{ kind: 'choices', text: 'Happy?', options: [{ id: 'Yes', label: 'Yes' }, { id: 'No', label: 'No' }] },
		],
		[
			'a place in a field of its own',
			{ type: 'location', location: { latitude: 3.14, longitude: 101.69, address: 'KL' } },
			{ kind: 'location', text: null, latitude: 3.14, longitude: 101.69, name: null, address: 'KL' },
		],
		['an unknown type with words', { type: 'button_reply', text: 'Yes' }, { kind: 'text', text: 'Yes' }],
		['an answer to choices', { type: 'quick_reply', text: 'Yes' }, { kind: 'text', text: 'Yes' }],
	])('%s', (_name, message, content) => {
		expect(contentOf(message)).toEqual(content);
	});

	test.each([
		['an unknown type', { type: 'poll' }, "a message of the type 'poll'"],
		['an empty text', { type: 'text', text: '  ' }, 'a text message without a text'],
		['no message', undefined, "an event without a 'message'"],
		['a bare word', 'Hi', "an event without a 'message'"],
		['a place without coordinates', { type: 'location', latitude: 'north' }, 'a location without coordinates'],
		['a place off the map', { type: 'location', latitude: 91, longitude: 0 }, 'a location that is nowhere on earth'],
	])('%s is ignored with a reason', (_name, message, why) => {
		expect(contentOf(message)).toBe(why);
	});
});

describe('who it is', () => {
	const introduced = (contact: unknown, contactId: unknown = 'user-1') => {
		const event = readOne(events.text('m-1', 'Hi'), { contact, contactId });
		if (event.kind !== 'message') throw new Error('not a message');
		return { ...(event.name !== undefined && { name: event.name }), ...event.profile };
	};

	test.each([
		['nothing is told', undefined, {}],
		['all is empty', { firstName: '', lastName: null, email: '', phone: '', language: null }, {}],
		['a first name', { firstName: ' Ann ' }, { name: 'Ann' }],
		['a locale instead of a language', { locale: 'pt_BR' }, { language: 'pt-BR' }],
		['a language that is none', { language: 'the usual' }, {}],
		['an email', { email: ' Ann@Example.test ' }, { email: 'ann@example.test' }],
		['no email', { email: 'ann' }, {}],
		['a phone number with punctuation', { phone: '+60 12-345 6789' }, { phone: ANN }],
		['a phone number within some country', { phone: '0123456789' }, {}],
	])('%s', (_name, contact, told) => {
		expect(introduced(contact)).toEqual(told);
	});

	test('a contact id that is a phone number is the phone, unless another one is told', () => {
		expect(introduced(undefined, ANN)).toEqual({ phone: ANN });
		expect(introduced({ phone: '0123456789' }, ANN)).toEqual({ phone: ANN });
		expect(introduced({ phone: '+4479000000' }, ANN)).toEqual({ phone: '+4479000000' });
		expect(introduced(undefined, '60123456789')).toEqual({});
	});

	test.each([
		[12345, '12345'],
		[60_123_456_789, '60123456789'],
		['a'.repeat(50), 'a'.repeat(50)],
		['Ab_=+/@9', 'Ab_=+/@9'],
	])('the id %s is kept as %s', (contactId, user) => {
		expect(readOne(events.text('m-1', 'Hi'), { contactId })).toMatchObject({ from: { channel: 'custom', account: CHANNEL_ID, user } });
	});

	test('a number of 19 digits is not rounded', () => {
		const text = body([events.text('ID', 'Hi')]).replace('"ID"', '5100000000000000009').replace(`"${ANN}"`, '1234567890123456789');
		expect(read(text)).toMatchObject([{ externalId: '5100000000000000009', from: { user: '1234567890123456789' } }]);
	});
});

describe('when it happened', () => {
	test.each([
		['milliseconds', AT, AT],
		['milliseconds as text', String(AT), AT],
		['seconds', 1_763_750_000, AT],
		['seconds as text', '1763750000', AT],
		['seconds with a fraction', 1_763_750_000.5, AT + 500],
		['a date', '2025-11-21T18:33:20.000Z', AT],
		["the one of respond.io's sample, in 2037", 2_132_131_321_000, RECEIVED_AT],
		['microseconds', 1_763_750_000_000_000, RECEIVED_AT],
		['nothing', null, RECEIVED_AT],
		['nonsense', 'yesterday', RECEIVED_AT],
		['a number that no clock shows', 1e300, RECEIVED_AT],
		['a time before all time', -5, RECEIVED_AT],
	])('%s', (_name, timestamp, at) => {
		expect(readOne(events.message('m-1', { type: 'text', text: 'Hi' }, timestamp)).at).toBe(at);
	});
});

describe('echoes and statuses', () => {
	test('what one of ours said elsewhere, also with a file', () => {
		expect(readOne(events.echo('e-1', { type: 'image', url: URL }))).toEqual({
			...about,
			kind: 'echo',
			key: `${ANN}:message_echo:e-1`,
			externalId: 'e-1',
			to: ann,
			content: { kind: 'media', text: null, attachments: [{ fileId: null, kind: 'image', name: 'image.jpg', mime: 'image/jpeg', sizeBytes: 0, source: { url: URL } }] },
		});
	});

	test.each([
		['sent', 'sent'],
		['delivered', 'delivered'],
		['read', 'read'],
		['Delivered', 'delivered'],
	])('the status %s', (value, state) => {
		expect(readOne(events.status('o-1', value))).toEqual({ ...about, kind: 'receipt', key: `${ANN}:message_status:o-1:${state}`, externalId: 'o-1', to: ann, state });
	});

	test('a bare word as the status', () => {
		expect(readOne({ type: 'message_status', mId: 'o-1', timestamp: AT, status: 'read' })).toMatchObject({ kind: 'receipt', state: 'read' });
	});

	test('the status failed brings the words of the server', () => {
		expect(readOne(events.status('o-1', 'failed', 'Invalid token'))).toEqual({
			...about,
			kind: 'receipt',
			key: `${ANN}:message_status:o-1:failed`,
			externalId: 'o-1',
			to: ann,
			state: 'failed',
			failure: {
				code: 'not_delivered',
				reason: expect.stringContaining('told later that it could not be delivered'),
				channel: 'custom',
				retryable: false,
				retryAfterMs: null,
				providerCode: 'failed',
				providerMessage: 'Invalid token',
			},
		});
		expect(readOne(events.status('o-1', 'failed'))).toMatchObject({ failure: { providerMessage: null } });
	});

	test.each([
		['a status that is not known', events.status('o-1', 'seen twice'), "a status 'seen twice'"],
		['no status', { type: 'message_status', mId: 'o-1', timestamp: AT }, "a status ''"],
		['a status of no message', { type: 'message_status', timestamp: AT, status: { value: 'read' } }, "a status without an 'mId'"],
	])('%s is ignored with a reason', (_name, event, why) => {
		expect(readOne(event)).toMatchObject({ kind: 'ignored', why });
	});
});

describe('several events', () => {
	test('keep their order, and a bad one does not cost the others', () => {
		const list = [null, events.text('m-1', 'One'), 'Hi', { type: 'message', mId: 'm-2' }, { mId: 'm-3' }, events.text('m-4', 'Two')];
		expect(read(body(list))).toMatchObject([
			{ kind: 'ignored', why: 'an event without a type' },
			{ kind: 'message', externalId: 'm-1' },
			{ kind: 'ignored', why: 'an event without a type' },
			{ kind: 'ignored', why: "an event without a 'message'" },
			{ kind: 'ignored', why: 'an event without a type' },
			{ kind: 'message', externalId: 'm-4' },
		]);
	});

	test('an empty list is no mistake', () => {
		expect(read(body([]))).toEqual([]);
	});
});

describe('keys: what comes twice is known, what is new is not lost', () => {
	const keysOf = (list: readonly unknown[], receivedAt = RECEIVED_AT, more = {}) => read(body(list, more), receivedAt).map(({ key }) => key);
	const text = { type: 'text', text: 'Yes' };

	test('an mId counts for one contact and one type', () => {
		const keys = [
			...keysOf([events.text('1', 'Yes'), events.echo('1', text), events.status('1', 'sent'), events.status('1', 'read')]),
			...keysOf([events.text('1', 'Yes')], RECEIVED_AT, { contactId: 'other' }),
		];
		expect(new Set(keys).size).toBe(5);
	});

	test('messageId stands for a missing mId', () => {
		expect(readOne({ type: 'message', messageId: 77, timestamp: AT, message: text })).toMatchObject({ externalId: '77', key: `${ANN}:message:77` });
	});

	test('without an id: the same message later is the same one, and another time makes another one', () => {
		const unnamed = (timestamp?: number) => ({ type: 'message', timestamp, message: text });
		expect(keysOf([unnamed(AT)])).toEqual(keysOf([unnamed(AT)], RECEIVED_AT + 60_000));
		expect(keysOf([unnamed(AT)])).not.toEqual(keysOf([unnamed(AT + 1)]));
		expect(keysOf([unnamed(AT)])).not.toEqual(keysOf([unnamed(AT)], RECEIVED_AT, { contactId: 'other' }));
		expect(new Set(keysOf([unnamed(AT), unnamed(AT)])).size).toBe(2);
		// Nothing tells whether it came twice or was said twice.
		expect(keysOf([unnamed()])).not.toEqual(keysOf([unnamed()], RECEIVED_AT + 1));
		const [first] = read(body([unnamed(AT)]));
		expect(first).toMatchObject({ kind: 'message', externalId: expect.stringMatching(/^unnamed-[0-9a-f]{32}$/) });
	});
});
