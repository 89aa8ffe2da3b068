import { validateSignature } from '@line/bot-sdk';
import { line } from '../../../src/channels/line';
import { MalformedPayload, type ChannelEvent } from '../../../src/core/channel';
import { ANN, AT, BOT, event, messageEvent, SECRET, sign, update, type LineEvent } from '../../fakes/line';
import { credential, from, subject } from './subject';

const read = (list: unknown[]) => line.webhook.parse(update(list), credential, BOT);

function only(sent: LineEvent): ChannelEvent {
	const [first, ...rest] = read([sent]);
	if (!first || rest.length > 0) throw new Error(`expected one event, got ${rest.length + 1}`);
	return first;
}

const contentOf = (message: LineEvent) => {
	const fact = only(messageEvent(message));
	return fact.kind === 'message' ? fact.content : fact;
};

describe('signatures', () => {
	const body = '{"destination":"U00000000000000000000000000000001","events":[]}';

	test("LINE's own code agrees with ours and with the fake's", () => {
		expect(sign(body)).toBe('YQU0voYIh8lUA1XaYoIEZg9trJlhjyu9qVt6HqVvWf4=');
		for (const { request } of subject.received) {
			const signature = request.headers['x-line-signature'] ?? '';
			expect(validateSignature(Buffer.from(request.body), SECRET, signature)).toBe(true);
			expect(line.webhook.isAuthentic(request, credential, BOT, '')).toBe(true);
		}
	});

	test('text outside ASCII is signed as its bytes', () => {
		const request = update([messageEvent({ type: 'text', text: 'こんにちは 👋' })]);
		expect(validateSignature(Buffer.from(request.body), SECRET, request.headers['x-line-signature'] ?? '')).toBe(true);
		expect(line.webhook.isAuthentic(request, credential, BOT, '')).toBe(true);
	});
});

describe('what people write', () => {
	test('a text keeps the placeholders of LINE emoji', () => {
		expect(contentOf({ type: 'text', text: 'Morning (love)', emojis: [{ index: 8, length: 6, productId: '5ac1', emojiId: '001' }] })).toEqual({
			kind: 'text', text: 'Morning (love)',
		});
	});

	test.each([
		['image', 'image-500000000000000777.jpg', 'image/jpeg', {}],
		['video', 'video-500000000000000777.mp4', 'video/mp4', {}],
		['audio', 'audio-500000000000000777.m4a', 'audio/mp4', { voice: true }],
	])('%s: the id to fetch it with, as text', (type, name, mime, more) => {
		expect(contentOf({ id: '500000000000000777', type, duration: 5000, contentProvider: { type: 'line' } })).toEqual({
			kind: 'media', text: null,
			attachments: [{ fileId: null, kind: type, name, mime, sizeBytes: 0, source: { messageId: '500000000000000777' }, ...more }],
		});
	});

	test('a file that a LINE app has elsewhere is fetched there', () => {
		const contentProvider = { type: 'external', originalContentUrl: 'https://files.example.test/a.mp4', previewImageUrl: 'https://files.example.test/a.jpg' };
		expect(contentOf({ id: '1', type: 'video', contentProvider })).toMatchObject({ attachments: [{ source: { url: 'https://files.example.test/a.mp4' } }] });
		const [lost] = read([messageEvent({ id: '1', type: 'video', contentProvider: { type: 'external' } })]);
		expect(lost).toMatchObject({ content: { attachments: [{ missing: 'LINE does not say where the file is.' }] } });
		expect(JSON.stringify(lost)).not.toContain('source');
	});

	test('a file with its name and size', () => {
		expect(contentOf({ id: '500000000000000005', type: 'file', fileName: '請求書.pdf', fileSize: 52_000 })).toEqual({
			kind: 'media', text: null,
			attachments: [
				{ fileId: null, kind: 'file', name: '請求書.pdf', mime: 'application/octet-stream', sizeBytes: 52_000, source: { messageId: '500000000000000005' } },
			],
		});
		expect(contentOf({ id: '6', type: 'file' })).toMatchObject({ attachments: [{ name: 'file-6', sizeBytes: 0 }] });
	});

	test('places, with and without a name', () => {
		expect(contentOf({ type: 'location', title: 'Cafe', address: 'Main St 1', latitude: 35.67, longitude: 139.73 })).toEqual({
			kind: 'location', text: null, latitude: 35.67, longitude: 139.73, name: 'Cafe', address: 'Main St 1',
		});
		expect(contentOf({ type: 'location', latitude: -0.5, longitude: 0 })).toEqual({
			kind: 'location', text: null, latitude: -0.5, longitude: 0, name: null, address: null,
		});
	});

	test('a sticker is kept by its numbers, with the words on it', () => {
		const sticker = { type: 'sticker', packageId: '446', stickerId: '1988', stickerResourceType: 'STATIC', keywords: ['hi'] };
		expect(contentOf(sticker)).toEqual({
			kind: 'media', text: null,
			attachments: [
				{
					fileId: null, kind: 'image', name: 'sticker-446-1988.png', mime: 'image/png', sizeBytes: 0,
					missing: 'LINE gives stickers by number only (package 446, sticker 1988).',
				},
			],
		});
		expect(contentOf({ ...sticker, stickerResourceType: 'MESSAGE', text: 'On my way' })).toMatchObject({ text: 'On my way' });
	});

	test('each image of a set is a message of its own', () => {
		const imageOf = (index: number) =>
			messageEvent({ id: `70${index}`, type: 'image', contentProvider: { type: 'line' }, imageSet: { id: 'IS1', index, total: 2 } });
		const facts = read([imageOf(2), imageOf(1)]);
		expect(facts.map((fact) => fact.kind === 'message' && fact.externalId)).toEqual(['702', '701']);
		expect(new Set(facts.map(({ key }) => key)).size).toBe(2);
	});

	test('presses: what the button carries, the date that was picked, and no page of the rich menu', () => {
		const press = (postback: LineEvent) => only(event('postback', { webhookEventId: 'E1', replyToken: 'b6', postback }));
		expect(press({ data: 'buy=17' })).toMatchObject({ externalId: 'postback:E1', content: { kind: 'choice', choice: { id: 'buy=17', label: null }, text: null } });
		expect(press({ data: 'slot', params: { datetime: '2026-11-21T10:00' } })).toMatchObject({ content: { choice: { id: 'slot' }, text: '2026-11-21T10:00' } });
		expect(press({ data: 'day', params: { date: '2026-11-21' } })).toMatchObject({ content: { text: '2026-11-21' } });
		expect(press({ data: 'b', params: { newRichMenuAliasId: 'menu-b', status: 'SUCCESS' } })).toMatchObject({
			kind: 'ignored', why: 'the contact turned to another page of the rich menu',
		});
	});

	test('an edit changes the text of the message', () => {
		expect(only(event('messageEdited', { message: { id: '500000000000000001', type: 'text', text: 'Better' } }))).toMatchObject({
			kind: 'edit', from, externalId: '500000000000000001', text: 'Better',
		});
	});

	test('the reply token lasts from when it came, by our clock; delivered again, from when it was written', () => {
		const late = messageEvent({ id: '9', type: 'text', text: 'Hi' }, { timestamp: AT - 3_600_000 });
		expect(only(late)).toMatchObject({ kind: 'message', at: AT - 3_600_000, reply: { token: 'rt-9', until: AT + 500 + 50_000 } });
		const again = messageEvent({ id: '9', type: 'text', text: 'Hi' }, { deliveryContext: { isRedelivery: true } });
		expect(only(again)).toMatchObject({ kind: 'message', reply: { token: 'rt-9', until: AT + 50_000 } });
		expect(only(messageEvent({ id: '9', type: 'text', text: 'Hi' }, { replyToken: undefined }))).not.toHaveProperty('reply');
	});
});

describe('one item, one key', () => {
	test('delivered again it has the same key, also when LINE does not name it', () => {
		const named = messageEvent({ type: 'text', text: 'Hi' });
		const unnamed = { ...named, webhookEventId: undefined };
		for (const sent of [named, unnamed]) {
			const again = { ...sent, deliveryContext: { isRedelivery: true } };
			expect(only(again).key).toBe(only(sent).key);
		}
		expect(only(unnamed).key).not.toBe(only({ ...unnamed, timestamp: AT + 1 }).key);
	});

	test('an odd item neither hides its neighbours nor throws', () => {
		const facts = read([null, 7, {}, messageEvent({ id: '11', type: 'text', text: 'Hi' }), { type: 'message', source: { type: 'user', userId: ANN } }]);
		expect(facts.map(({ kind }) => kind)).toEqual(['message', 'ignored', 'ignored', 'ignored', 'ignored']);
		for (const fact of facts) if (fact.kind === 'ignored') expect(fact.why).toMatch(/\S/);
		expect(new Set(facts.map(({ key }) => key)).size).toBe(5);
	});

	test('a call may hold them in any order: they are read in the order of their times', () => {
		const at = (id: string, timestamp: number) => messageEvent({ id, type: 'text', text: 'Hi' }, { timestamp });
		const takenBack = event('unsend', { timestamp: AT + 3, unsend: { messageId: '21' } });
		const facts = read([takenBack, at('22', AT + 2), at('21', AT + 1), at('23', AT + 2)]);
		expect(facts.map((fact) => ('externalId' in fact ? `${fact.kind} ${fact.externalId}` : fact.kind))).toEqual(['message 21', 'message 22', 'message 23', 'deletion 21']);
	});

	test('without a time it happened when it came', () => {
		expect(only(event('unfollow', { timestamp: undefined }))).toMatchObject({ at: AT + 500 });
	});

	test('the account is the one the call names, else ours', () => {
		const other = 'U00000000000000000000000000000002';
		expect(line.webhook.parse(update([event('unfollow')], { destination: other }), credential, BOT)).toMatchObject([{ account: other, from: { account: other } }]);
		const body = Buffer.from(JSON.stringify({ events: [event('unfollow')] }));
		expect(line.webhook.parse({ ...update([]), body }, credential, BOT)).toMatchObject([{ account: BOT }]);
	});
});

describe('what is nothing for us says why', () => {
	const message = { type: 'text', text: 'Hi' };
	test.each<[string, LineEvent, RegExp]>([
		['a group', messageEvent(message, { source: { type: 'group', groupId: 'C1', userId: ANN } }), /'message' in a group/],
		['a room', messageEvent(message, { source: { type: 'room', roomId: 'R1' } }), /'message' in a group/],
		['unsend in a group', event('unsend', { source: { type: 'group', groupId: 'C1' }, unsend: { messageId: '1' } }), /'unsend' in a group/],
		['join', event('join', { source: { type: 'group', groupId: 'C1' } }), /'join' in a group/],
		['leave', event('leave', { source: { type: 'group', groupId: 'C1' } }), /'leave' in a group/],
		['memberJoined', event('memberJoined', { source: { type: 'group', groupId: 'C1' } }), /'memberJoined' in a group/],
		['memberLeft', event('memberLeft', { source: { type: 'group', groupId: 'C1' } }), /'memberLeft' in a group/],
		['standby', messageEvent(message, { mode: 'standby' }), /standby/],
		['nobody', messageEvent(message, { source: { type: 'user' } }), /somebody whom LINE does not name/],
		['accountLink', event('accountLink', { link: { result: 'ok', nonce: 'n' } }), /linked/],
		['beacon', event('beacon'), /beacon/],
		['membership', event('membership'), /membership/],
		['videoPlayComplete', event('videoPlayComplete'), /video/],
		['botSuspended', event('botSuspended', { source: undefined }), /suspended/],
		['botResumed', event('botResumed', { source: undefined }), /works again/],
		['activated', event('activated'), /activated/],
		['deactivated', event('deactivated'), /deactivated/],
		['delivery', event('delivery', { delivery: { data: 'x' } }), /notification message/],
		['module', event('module'), /module/],
		['a new type', event('somethingNew'), /'somethingNew'/],
		['a new type of message', messageEvent({ type: 'hologram' }), /'hologram'/],
		['a text without text', messageEvent({ type: 'text' }), /without a text/],
		['a place nowhere', messageEvent({ type: 'location', title: 'Cafe' }), /without coordinates/],
		['a press without data', event('postback', { postback: {} }), /without data/],
		['an unsend of nothing', event('unsend', { unsend: {} }), /without an id/],
		['an edit of an image', event('messageEdited', { message: { id: '1', type: 'image' } }), /without a text/],
	])('%s', (_name, sent, why) => {
		expect(only(sent)).toMatchObject({ kind: 'ignored', why: expect.stringMatching(why) as unknown });
	});
});

test.each(['', 'n8n', '[]', '{}', '{"events":{}}', '{"destination":"U1"}'])('%j is not a call of LINE', (body) => {
	const parse = () => line.webhook.parse({ ...update([]), body: Buffer.from(body) }, credential, BOT);
	expect(parse).toThrow(MalformedPayload);
});
