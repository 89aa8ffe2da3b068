import { createHmac } from 'node:crypto';
import { whatsapp } from '../../../src/channels/whatsapp';
import { MalformedPayload, type ChannelEvent } from '../../../src/core/channel';
import { contact, FAKE, inbound, payload, SHEENA, sign, status, webhook } from '../../fakes/whatsapp';
import { AT, hers, person, STATUS_AT, subject, WRITTEN_AT } from './subject';

const { credential, account } = subject;
const about = { channel: 'whatsapp', account } as const;

function read(body: unknown): ChannelEvent[] {
	return whatsapp.webhook.parse(webhook(body), credential, account);
}

function one(body: unknown): ChannelEvent {
	const events = read(body);
	expect(events).toHaveLength(1);
	const [event] = events;
	if (!event) throw new Error('no event');
	return event;
}

const say = (message: Record<string, unknown>) => one(inbound({ id: 'wamid.IN', ...message }));
const said = { ...hers, key: 'message:wamid.IN', externalId: 'wamid.IN' };
const file = (more: Record<string, unknown>) => ({ fileId: null, sizeBytes: 0, ...more });

describe('what a person says', () => {
	test.each([
		[
			'a video',
			{ type: 'video', video: { caption: 'Look', mime_type: 'video/mp4', sha256: 'b', id: '2' } },
			{ kind: 'media', text: 'Look', attachments: [file({ kind: 'video', name: 'video.mp4', mime: 'video/mp4', source: { id: '2' } })] },
		],
		[
			'a voice note',
			{ type: 'audio', audio: { mime_type: 'audio/ogg; codecs=opus', sha256: 'b', id: '3', voice: true } },
			{ kind: 'media', text: null, attachments: [file({ kind: 'audio', voice: true, name: 'voice-message.ogg', mime: 'audio/ogg; codecs=opus', source: { id: '3' } })] },
		],
		[
			'a song',
			{ type: 'audio', audio: { mime_type: 'audio/mpeg', sha256: 'b', id: '4', voice: false } },
			{ kind: 'media', text: null, attachments: [file({ kind: 'audio', name: 'audio.mp3', mime: 'audio/mpeg', source: { id: '4' } })] },
		],
		[
			'a document',
			{ type: 'document', document: { caption: 'c', filename: 'Rechnung ä.pdf', mime_type: 'application/pdf', sha256: 'b', id: '5' } },
			{ kind: 'media', text: 'c', attachments: [file({ kind: 'file', name: 'Rechnung ä.pdf', mime: 'application/pdf', source: { id: '5' } })] },
		],
		[
			'a document of an unknown type, without a name',
			{ type: 'document', document: { mime_type: 'application/x-own', id: '5' } },
			{ kind: 'media', text: null, attachments: [file({ kind: 'file', name: 'document', mime: 'application/x-own', source: { id: '5' } })] },
		],
		[
			'a sticker',
			{ type: 'sticker', sticker: { mime_type: 'image/webp', sha256: 'b', id: '6', animated: false } },
			{ kind: 'media', text: null, attachments: [file({ kind: 'image', name: 'sticker.webp', mime: 'image/webp', source: { id: '6' } })] },
		],
		[
			'a photo that WhatsApp does not point to',
			{ type: 'image', image: { mime_type: 'image/png' } },
			{ kind: 'media', text: null, attachments: [file({ kind: 'image', name: 'image.png', mime: 'image/png', missing: expect.stringMatching(/send it again/) as string })] },
		],
		[
			'a file that is too large for WhatsApp to hand over',
			{ type: 'unsupported', errors: [{ code: 131052, title: 'Media download error' }] },
			{ kind: 'media', text: null, attachments: [file({ kind: 'file', name: 'document', mime: 'application/octet-stream', missing: expect.stringMatching(/too large/) as string })] },
		],
		[
			'a place',
			{ type: 'location', location: { latitude: 37.44, longitude: -122.16, name: 'HQ', address: '1 Way', url: 'https://example.test' } },
			{ kind: 'location', text: null, latitude: 37.44, longitude: -122.16, name: 'HQ', address: '1 Way' },
		],
		['a pin on the map', { type: 'location', location: { latitude: 0, longitude: 0 } }, { kind: 'location', text: null, latitude: 0, longitude: 0, name: null, address: null }],
		[
			'people',
			{
				type: 'contacts',
				contacts: [
					{ name: { formatted_name: 'Ana P' }, phones: [{ phone: '+1650', wa_id: '1650' }, { wa_id: '1651' }], emails: [{ email: 'ana@example.test' }], vcard: 'BEGIN:VCARD' },
					{ name: { first_name: 'Bo', last_name: 'Q' } },
				],
			},
			{
				kind: 'people',
				text: 'Ana P, +1650, +1651, ana@example.test\nBo Q',
				people: [{ name: 'Ana P', phones: ['+1650', '+1651'], emails: ['ana@example.test'] }, { name: 'Bo Q', phones: [], emails: [] }],
			},
		],
		[
			'a choice from a list',
			{ type: 'interactive', interactive: { type: 'list_reply', list_reply: { id: 'row1', title: 'T', description: 'D' } } },
			{ kind: 'choice', choice: { id: 'row1', label: 'T' }, text: 'T' },
		],
		[
			"a template's button",
			{ type: 'button', button: { payload: 'CANCEL_42', text: 'Cancel' } },
			{ kind: 'choice', choice: { id: 'CANCEL_42', label: 'Cancel' }, text: 'Cancel' },
		],
		['the text of an order', { type: 'order', order: { catalog_id: '1', text: 'Please by Friday', product_items: [] } }, { kind: 'text', text: 'Please by Friday' }],
	])('%s', (_name, message, content) => {
		expect(say(message)).toEqual({ ...said, content });
	});

	test('what it answers, and that it was passed on', () => {
		const text = { type: 'text', text: { body: 'Hi' } };
		const content = { kind: 'text', text: 'Hi' };
		expect(say({ ...text, context: { from: FAKE.displayPhone, id: 'wamid.OUT' } })).toEqual({ ...said, content, replyTo: 'wamid.OUT' });
		expect(say({ ...text, context: { forwarded: true } })).toEqual({ ...said, content, details: { forwarded: true } });
		expect(say({ ...text, context: { frequently_forwarded: true } })).toEqual({ ...said, content, details: { forwarded: true } });
	});

	test('the advertisement it came from', () => {
		const referral = {
			source_url: 'https://fb.me/x', source_id: '120212345678901234', source_type: 'ad', headline: 'Shoes', body: 'Buy', media_type: 'image', ctwa_clid: 'ARAkLkA8rmlFeiCktEJQ',
		};
		expect(say({ type: 'text', text: { body: 'Hi' }, referral })).toMatchObject({
			details: { referral: { ref: 'ARAkLkA8rmlFeiCktEJQ', source: 'ad', adId: '120212345678901234', headline: 'Shoes', url: 'https://fb.me/x' } },
		});
		expect(say({ type: 'text', text: { body: 'Hi' }, referral: { source_type: 'post', source_id: '1' } })).toMatchObject({
			details: { referral: { ref: null, source: 'post', adId: null, headline: null, url: null } },
		});
	});

	test('a person with a number only, and one that no contact describes', () => {
		const text = { id: 'wamid.IN', type: 'text', text: { body: 'Hi' } };
		expect(one(inbound(text, { phone: '447700900123' }))).toEqual({
			...about, at: WRITTEN_AT, kind: 'message', key: 'message:wamid.IN', externalId: 'wamid.IN', from: { ...person, user: '447700900123' },
			profile: { phone: '+447700900123' }, content: { kind: 'text', text: 'Hi' },
		});
		expect(one(payload({ contacts: [contact()], messages: [{ ...text, from: '447700900123' }] }))).toMatchObject({ from: { user: '447700900123' } });
		expect(one(payload({ contacts: [contact()], messages: [{ ...text, from_user_id: SHEENA.scoped }] }))).toMatchObject({ from: person, aliases: [SHEENA.scoped], name: SHEENA.name });
	});

	test('a message that names nobody is of the only contact, and of nobody when there are two', () => {
		const text = { id: 'wamid.IN', type: 'text', text: { body: 'Hi' } };
		expect(one(payload({ contacts: [contact()], messages: [text] }))).toMatchObject({ from: person, aliases: [SHEENA.scoped], name: SHEENA.name });
		expect(one(payload({ contacts: [contact(), contact({ phone: '447700900123' })], messages: [text] }))).toMatchObject({ kind: 'ignored' });
	});

	test('ids of 19 digits stay what they are, also written as numbers', () => {
		const body = JSON.stringify(inbound({ id: 'wamid.IN', type: 'image', image: { mime_type: 'image/png', id: 'MEDIA' } })).replace('"MEDIA"', '1234567890123456789');
		const bytes = Buffer.from(body);
		const request = { ...webhook({}), body: bytes, headers: { 'x-hub-signature-256': sign(bytes) } };
		expect(whatsapp.webhook.parse(request, credential, account)).toMatchObject([{ content: { attachments: [{ source: { id: '1234567890123456789' } }] } }]);
	});

	test('without a time it is the time of arrival', () => {
		expect(say({ type: 'text', text: { body: 'Hi' }, timestamp: 'soon' })).toMatchObject({ at: AT });
	});
});

describe('what changes what was said', () => {
	test('a reaction', () => {
		expect(say({ type: 'reaction', reaction: { message_id: 'wamid.OUT', emoji: '😀' } })).toEqual({
			...about, at: WRITTEN_AT, kind: 'reaction', key: 'reaction:wamid.IN', from: person, externalId: 'wamid.OUT', emoji: '😀',
		});
	});

	test('an edit of a text and of a caption', () => {
		const edit = (message: unknown) => say({ type: 'edit', edit: { original_message_id: 'wamid.OLD', message } });
		const event = { ...about, at: WRITTEN_AT, kind: 'edit', key: 'edit:wamid.IN', from: person, externalId: 'wamid.OLD' };
		expect(edit({ type: 'text', text: { body: 'New' } })).toEqual({ ...event, text: 'New' });
		expect(edit({ type: 'image', image: { caption: 'New', id: '1' } })).toEqual({ ...event, text: 'New' });
		expect(edit({ type: 'image', image: { id: '1' } })).toEqual({ ...event, text: null });
	});

	test('a deletion', () => {
		expect(say({ type: 'revoke', revoke: { original_message_id: 'wamid.OLD' } })).toEqual({
			...about, at: WRITTEN_AT, kind: 'deletion', key: 'deletion:wamid.IN', externalId: 'wamid.OLD',
		});
	});

	test('a new number, with and without a new id', () => {
		const change = (system: unknown) => one(payload({ messages: [{ from: SHEENA.phone, id: 'wamid.SYS', timestamp: '1749416383', type: 'system', system }] }));
		const event = { ...about, at: WRITTEN_AT, kind: 'identity', key: 'identity:wamid.SYS', before: person };
		const body = 'User A changed from 16505551234 to 16505555678';
		expect(change({ body, wa_id: '16505555678', user_id: 'US.999', type: 'user_changed_number' })).toEqual({
			...event, after: { ...person, user: '16505555678' }, aliases: ['US.999'],
		});
		expect(change({ body, new_wa_id: '16505555678', type: 'customer_changed_number' })).toEqual({ ...event, after: { ...person, user: '16505555678' } });
		expect(change({ body, user_id: 'US.999', type: 'user_changed_number' })).toEqual({ ...event, after: { ...person, user: 'US.999' } });
	});

	test('a new business-scoped id', () => {
		const update = (more: Record<string, unknown>) =>
			one(payload({ user_id_update: [{ detail: 'User id has been updated.', user_id: { previous: 'US.1', current: 'US.2' }, timestamp: '1749416383', ...more }] }, 'user_id_update'));
		const event = { ...about, at: WRITTEN_AT, kind: 'identity', key: 'identity:US.1:US.2', before: { ...person, user: 'US.1' } };
		expect(update({ wa_id: SHEENA.phone })).toEqual({ ...event, after: person, aliases: ['US.2'] });
		expect(update({})).toEqual({ ...event, after: { ...person, user: 'US.2' } });
	});
});

describe('what one of us typed in the WhatsApp Business app', () => {
	const echo = (message: Record<string, unknown>) =>
		one(payload({ message_echoes: [{ from: FAKE.displayPhone, to: SHEENA.phone, id: 'wamid.APP', timestamp: '1749416383', ...message }] }, 'smb_message_echoes'));

	test('is an echo, never a message of the contact', () => {
		const event = { ...about, at: WRITTEN_AT, kind: 'echo', key: 'echo:wamid.APP', externalId: 'wamid.APP', to: person, foreign: true };
		expect(echo({ type: 'text', text: { body: 'Hello' } })).toEqual({ ...event, content: { kind: 'text', text: 'Hello' } });
		expect(echo({ type: 'text', text: { body: 'Hello' }, to_user_id: SHEENA.scoped, context: { id: 'wamid.IN' } })).toEqual({
			...event, aliases: [SHEENA.scoped], content: { kind: 'text', text: 'Hello' }, replyTo: 'wamid.IN',
		});
		expect(echo({ type: 'text', text: { body: 'Hello' }, to: undefined, to_user_id: SHEENA.scoped })).toMatchObject({ to: { user: SHEENA.scoped } });
	});

	test('can be changed and taken back there', () => {
		expect(echo({ type: 'edit', edit: { original_message_id: 'wamid.OUT', message: { type: 'text', text: { body: 'New' } } } })).toMatchObject({
			kind: 'edit', from: person, externalId: 'wamid.OUT', text: 'New',
		});
		expect(echo({ type: 'revoke', revoke: { original_message_id: 'wamid.OUT' } })).toMatchObject({ kind: 'deletion', externalId: 'wamid.OUT' });
	});
});

describe('what became of our messages', () => {
	test.each([
		['sent', 'sent'],
		['delivered', 'delivered'],
		['read', 'read'],
		['played', 'read'],
	])('%s', (state, means) => {
		expect(one(status({ id: 'wamid.OUT', status: state, biz_opaque_callback_data: 'ours', pricing: { billable: true } }))).toEqual({
			...about, at: STATUS_AT, kind: 'receipt', key: `status:wamid.OUT:${state}`, externalId: 'wamid.OUT', state: means, messageId: 'ours',
		});
	});

	test.each([
		['the business-scoped id only', { recipient_id: undefined, recipient_user_id: SHEENA.scoped }],
		['the number, of one who was written to by the other id', { recipient_user_id: SHEENA.scoped }],
		["WhatsApp's own spelling of the number", { recipient_id: '5511987654321' }],
	])('are told by the ids of the message, whatever names the person: %s', (_name, who) => {
		expect(one(status({ id: 'wamid.OUT', status: 'sent', ...who, biz_opaque_callback_data: 'ours' }))).toEqual({
			...about, at: STATUS_AT, kind: 'receipt', key: 'status:wamid.OUT:sent', externalId: 'wamid.OUT', state: 'sent', messageId: 'ours',
		});
	});

	test('failed', () => {
		const errors = [
			{
				code: 131047, title: 'Re-engagement message', message: 'Re-engagement message',
				error_data: { details: 'More than 24 hours have passed.' }, href: '/documentation/support/error-codes',
			},
		];
		expect(one(status({ id: 'wamid.OUT', status: 'failed', errors }))).toEqual({
			...about, at: STATUS_AT, kind: 'receipt', key: 'status:wamid.OUT:failed', externalId: 'wamid.OUT', state: 'failed',
			failure: {
				code: 'window_closed', reason: expect.stringContaining('template') as string, channel: 'whatsapp', retryable: false, retryAfterMs: null,
				providerCode: '131047', providerMessage: 'Re-engagement message More than 24 hours have passed.',
			},
		});
	});

	test('failed without a cause', () => {
		expect(one(status({ id: 'wamid.OUT', status: 'failed' }))).toMatchObject({ failure: { code: 'not_delivered', retryable: false, providerCode: null } });
	});
});

describe('what is not used is ignored with a reason', () => {
	test.each([
		['an unsupported message', { type: 'unsupported', errors: [{ code: 131051 }], unsupported: { type: 'poll' } }, /unsupported.*poll.*131051/],
		['an unknown type', { type: 'hologram', hologram: {} }, /hologram/],
		['no type', {}, /message of the type/],
		['a type that every object has', { type: 'constructor' }, /constructor/],
		['a text without words', { type: 'text', text: {} }, /without words/],
		['a place without coordinates', { type: 'location', location: {} }, /coordinates/],
		['no people', { type: 'contacts', contacts: [] }, /card/],
		['the answer to a flow', { type: 'interactive', interactive: { type: 'nfm_reply', nfm_reply: { response_json: '{}' } } }, /nfm_reply/],
		['a button without an id', { type: 'button', button: {} }, /button/],
		['an order without a text', { type: 'order', order: { product_items: [] } }, /order/],
		['a reaction to nothing', { type: 'reaction', reaction: { emoji: '😀' } }, /reaction/],
		['an edit of nothing', { type: 'edit', edit: {} }, /change/],
		['a deletion of nothing', { type: 'revoke' }, /deletion/],
		['another system message', { type: 'system', system: { type: 'customer_identity_changed' } }, /customer_identity_changed/],
		['a message in a group', { type: 'text', text: { body: 'Hi' }, group_id: 'G' }, /group/],
	])('%s', (_name, message, why) => {
		const event = say(message);
		expect(event).toMatchObject({ kind: 'ignored', key: 'ignored:wamid.IN', ...about, at: WRITTEN_AT });
		expect(event).toMatchObject({ why: expect.stringMatching(why) as string });
	});

	test.each([
		['a message without an id', payload({ messages: [{ type: 'text', text: { body: 'Hi' } }] }), /without an id/],
		['a message of nobody', payload({ messages: [{ id: 'wamid.IN', type: 'text', text: { body: 'Hi' } }] }), /who wrote/],
		['an item that is none', payload({ messages: ['text'] }), /messages/],
		['a status without an id', payload({ statuses: [{ status: 'sent' }] }), /without an id/],
		['an unknown status', status({ id: 'wamid.OUT', status: 'warning' }), /warning/],
		['news of the account', payload({ errors: [{ code: 130429, title: 'Rate limit hit' }] }), /130429/],
		['a change with nothing in it', payload({}), /nothing in it/],
		['another field', payload({ event: 'APPROVED', message_template_id: 1 }, 'message_template_status_update'), /message_template_status_update/],
		['a field that every object has', payload({}, 'toString'), /toString/],
		['an echo without an id', payload({ message_echoes: [{ type: 'text' }] }, 'smb_message_echoes'), /echo/],
		['an echo to nobody', payload({ message_echoes: [{ id: 'wamid.APP', type: 'text' }] }, 'smb_message_echoes'), /whom/],
		['an echo of an unknown type', payload({ message_echoes: [{ id: 'wamid.APP', to: '1', type: 'hologram' }] }, 'smb_message_echoes'), /hologram/],
		['a new id without the old one', payload({ user_id_update: [{ user_id: { current: 'US.2' } }] }, 'user_id_update'), /id/],
		['an entry without changes', { object: 'whatsapp_business_account', entry: [{ id: '1' }] }, /without changes/],
		['an entry that is none', { object: 'whatsapp_business_account', entry: [7] }, /without changes/],
		['a change that is none', { object: 'whatsapp_business_account', entry: [{ changes: [null] }] }, /nothing/],
	])('%s', (_name, body, why) => {
		const event = one(body);
		expect(event).toMatchObject({ kind: 'ignored', channel: 'whatsapp', account, key: expect.stringMatching(/./) as string });
		expect(event).toMatchObject({ why: expect.stringMatching(why) as string });
	});

	test('two of them have different keys, one that comes again has the same', () => {
		const news = (title: string) => one(payload({ errors: [{ code: 1, title }] })).key;
		expect(news('A')).toBe(news('A'));
		expect(news('A')).not.toBe(news('B'));
	});
});

test('every item of every change of every entry is read, in order, each for its own account', () => {
	const change = (id: string, phoneNumberId: string) => ({
		field: 'messages',
		value: { metadata: { phone_number_id: phoneNumberId }, messages: [{ from: '1650', id, timestamp: '1749416383', type: 'text', text: { body: id } }] },
	});
	const events = read({
		object: 'whatsapp_business_account',
		entry: [
			{ id: 'A', changes: [change('wamid.1', '111'), { field: 'account_alerts', value: {} }, change('wamid.2', '222')] },
			{ id: 'B', changes: [change('wamid.3', '111')] },
		],
	});
	expect(events.map(({ kind, key, account: at }) => [kind, key.startsWith('ignored') ? '' : key, at])).toEqual([
		['message', 'message:wamid.1', '111'],
		['ignored', '', account],
		['message', 'message:wamid.2', '222'],
		['message', 'message:wamid.3', '111'],
	]);
});

test('a post of a thousand items gives a fact for each, and each message is of the contact it names', () => {
	const people = Array.from({ length: 500 }, (_, index) => ({ phone: String(16505550000 + index), scoped: `US.${index}`, name: `Person ${index}` }));
	const events = read(
		payload({
			contacts: people.map(contact).reverse(),
			messages: people.map(({ phone, scoped }, index) => ({
				...(index % 2 === 0 ? { from: phone } : { from_user_id: scoped }), id: `wamid.IN${index}`, timestamp: '1749416383', type: 'text', text: { body: 'Hi' },
			})),
			statuses: people.map((_, index) => ({ id: `wamid.OUT${index}`, status: 'delivered', timestamp: '1751142900' })),
		}),
	);
	expect(events).toHaveLength(1000);
	expect(new Set(events.map(({ key }) => key)).size).toBe(1000);
	for (const [index, { phone, scoped, name }] of people.entries()) {
		expect(events[index]).toMatchObject({ kind: 'message', externalId: `wamid.IN${index}`, from: { user: phone }, aliases: [scoped], name });
	}
});

test.each([
	['no JSON', 'hello'],
	['no object', '[]'],
	['another object', '{"object":"page","entry":[]}'],
	['no entries', '{"object":"whatsapp_business_account"}'],
])('%s is not the format', (_name, text) => {
	const parse = () => whatsapp.webhook.parse({ ...webhook({}), body: Buffer.from(text) }, credential, account);
	expect(parse).toThrow(MalformedPayload);
});

describe('authenticity', () => {
	// RFC 4231, test case 2.
	test("agrees with the standard's test vector", () => {
		const body = Buffer.from('what do ya want for nothing?');
		const vector = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
		const request = { ...webhook({}), body, headers: { 'x-hub-signature-256': `sha256=${vector}` } };
		expect(whatsapp.webhook.isAuthentic(request, { ...credential, appSecret: 'Jefe' }, account, '')).toBe(true);
	});

	test('without an app secret nothing is', () => {
		const body = Buffer.from('{}');
		const headers = { 'x-hub-signature-256': `sha256=${createHmac('sha256', '').update(body).digest('hex')}` };
		expect(whatsapp.webhook.isAuthentic({ ...webhook({}), body, headers }, { ...credential, appSecret: '' }, account, '')).toBe(false);
	});

	test('the handshake is answered for our word only', () => {
		const ask = (word: string, verifyToken: string = FAKE.verifyToken) =>
			whatsapp.webhook.handshake?.(
				{ method: 'GET', headers: {}, query: { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': word }, body: Buffer.alloc(0), receivedAt: AT },
				{ ...credential, verifyToken },
			);
		expect(ask(FAKE.verifyToken)).toMatchObject({ status: 200, body: '1158201444' });
		expect(ask('guess')).toBeNull();
		expect(ask('', '')).toBeNull();
	});
});
