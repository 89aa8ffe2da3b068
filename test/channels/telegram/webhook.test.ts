import { telegram } from '../../../src/channels/telegram';
import { MalformedPayload, type ChannelEvent } from '../../../src/core/channel';
import { AT_SECONDS, BOT, CHAT, PERSON, type Json } from '../../fakes/telegram';
import { about, ACCOUNT, AT, CREDENTIAL, from, message, post, RECEIVED_AT, said, SECRET, USER } from './subject';

const read = (update: Json): ChannelEvent[] => telegram.webhook.parse(post(update), CREDENTIAL, ACCOUNT);
const readMessage = (content: Json): ChannelEvent | undefined => read({ update_id: 1, message: message(15, content) })[0];
const written = { ...about(1), ...said(15) };
const file = (id: string, more: Json = {}): Json => ({ file_id: id, file_unique_id: `u-${id}`, file_size: 16000, ...more });
const GROUP = { id: -100200300, title: 'Team', type: 'supergroup' };

describe('what a contact writes', () => {
	test('a text', () => {
		expect(readMessage({ text: 'Hi' })).toEqual({ ...written, content: { kind: 'text', text: 'Hi' } });
	});

	test('a text as long as they come, with characters of every kind, is kept as it is', () => {
		const text = '👩‍👩‍👧\n<b>&amp;</b> \u0000'.repeat(100);
		expect(readMessage({ text })).toMatchObject({ content: { kind: 'text', text } });
	});

	test('/start is a text; what a link carried is its referral', () => {
		expect(readMessage({ text: '/start' })).toEqual({ ...written, content: { kind: 'text', text: '/start' } });
		expect(readMessage({ text: '/start ref_42', entities: [{ type: 'bot_command', offset: 0, length: 6 }] })).toEqual({
			...written,
			content: { kind: 'text', text: '/start ref_42' },
			details: { referral: { ref: 'ref_42', source: null, adId: null, headline: null, url: null } },
		});
		expect(readMessage({ text: '/start two words' })).not.toHaveProperty('details');
	});

	test.each([
		['a voice note', { voice: file('v', { duration: 4, mime_type: 'audio/ogg' }) }, { kind: 'audio', voice: true, name: 'voice-15.ogg', mime: 'audio/ogg' }],
		['music', { audio: file('a', { file_name: 'song.mp3', mime_type: 'audio/mpeg' }) }, { kind: 'audio', name: 'song.mp3', mime: 'audio/mpeg' }],
		['a document', { document: file('d', { file_name: 'inv.pdf', mime_type: 'application/pdf' }) }, { kind: 'file', name: 'inv.pdf', mime: 'application/pdf' }],
		['a document without a name', { document: file('d') }, { kind: 'file', name: 'document-15.bin', mime: 'application/octet-stream' }],
		['a video', { video: file('w', { mime_type: 'video/quicktime' }) }, { kind: 'video', name: 'video-15.mov', mime: 'video/quicktime' }],
		['a round video', { video_note: file('r', { length: 240 }) }, { kind: 'video', name: 'video-note-15.mp4', mime: 'video/mp4' }],
		['an animation, not its document', { animation: file('g', { mime_type: 'video/mp4' }), document: file('x') }, { kind: 'video', name: 'animation-15.mp4', mime: 'video/mp4' }],
		['a GIF', { animation: file('g', { file_name: 'cat.gif', mime_type: 'image/gif' }), document: file('x') }, { kind: 'image', name: 'cat.gif', mime: 'image/gif' }],
		['a sticker', { sticker: file('s', { is_animated: false, is_video: false }) }, { kind: 'image', name: 'sticker-15.webp', mime: 'image/webp' }],
		['a sticker that moves', { sticker: file('s', { is_animated: true, is_video: false }) }, { kind: 'file', name: 'sticker-15.tgs', mime: 'application/x-tgsticker' }],
		['a sticker that is a film', { sticker: file('s', { is_animated: false, is_video: true }) }, { kind: 'video', name: 'sticker-15.webm', mime: 'video/webm' }],
	])('%s', (_name, content: Json, expected) => {
		const [field = ''] = Object.keys(content);
		const source = { fileId: (content[field] as { file_id: string }).file_id };
		expect(readMessage(content)).toEqual({
			...written,
			content: { kind: 'media', text: null, attachments: [{ fileId: null, ...expected, sizeBytes: 16000, source }] },
		});
	});

	test('a photo whose sizes come in any order: the largest', () => {
		const photo = [file('big', { width: 1280, height: 960 }), file('small', { width: 90, height: 67 })];
		expect(readMessage({ photo })).toMatchObject({ content: { attachments: [{ source: { fileId: 'big' }, kind: 'image', name: 'photo-15.jpg' }] } });
	});

	test('a live photo is its picture and its film', () => {
		const photo = [file('still', { width: 1280, height: 960 })];
		expect(readMessage({ photo, live_photo: file('film', { width: 1280, height: 960, duration: 3 }), caption: 'See' })).toMatchObject({
			content: {
				kind: 'media',
				text: 'See',
				attachments: [
					{ kind: 'image', name: 'photo-15.jpg', source: { fileId: 'still' } },
					{ kind: 'video', name: 'live-photo-15.mp4', source: { fileId: 'film' } },
				],
			},
		});
	});

	test('each part of an album is a message of its own', () => {
		const part = (id: number) => read({ update_id: id, message: message(id, { media_group_id: '7', photo: [file(`p${id}`)] }) });
		expect([...part(21), ...part(22)]).toMatchObject([{ externalId: `${USER}:21`, key: 'update:21' }, { externalId: `${USER}:22`, key: 'update:22' }]);
	});

	test('a file above what a bot may fetch is announced as missing, with the reason', () => {
		const at = (file_size: number) => readMessage({ document: file('d', { file_name: 'film.mov', file_size }) });
		const limit = 20 * 1024 * 1024;
		expect(at(limit)).toMatchObject({ content: { attachments: [{ source: { fileId: 'd' } }] } });
		expect(at(limit + 1)).toEqual({
			...written,
			content: {
				kind: 'media',
				text: null,
				attachments: [
					{
						fileId: null, kind: 'file', name: 'film.mov', mime: 'application/octet-stream', sizeBytes: limit + 1,
						missing: 'The file has 20.1 MB, and Telegram lets bots fetch at most 20 MB. Ask the contact for a link to it.',
					},
				],
			},
		});
	});

	test('a place, and one with a name', () => {
		const location = { latitude: 52.52, longitude: 13.4 };
		expect(readMessage({ location })).toEqual({ ...written, content: { kind: 'location', text: null, ...location, name: null, address: null } });
		expect(readMessage({ location, venue: { location, title: 'Shop', address: 'Main St 1' } })).toMatchObject({
			content: { kind: 'location', ...location, name: 'Shop', address: 'Main St 1' },
		});
	});

	test("the contact's own number becomes theirs, in E.164", () => {
		const contact = { phone_number: '491700000001', first_name: 'Ann', user_id: PERSON.id };
		expect(readMessage({ contact })).toEqual({
			...written,
			profile: { language: 'en', phone: '+491700000001' },
			content: { kind: 'people', text: 'Ann +491700000001', people: [{ name: 'Ann', phones: ['+491700000001'], emails: [] }] },
		});
	});

	test("somebody else's card is only shown", () => {
		const vcard = 'BEGIN:VCARD\r\nFN:Bob\r\nitem1.EMAIL;type=INTERNET:bob@example.test\r\nEND:VCARD';
		const contact = { phone_number: '0170 1', first_name: 'Bob', last_name: 'Ray', vcard };
		const event = readMessage({ contact });
		expect(event).toMatchObject({
			profile: { language: 'en' },
			content: { kind: 'people', text: 'Bob Ray 0170 1 bob@example.test', people: [{ name: 'Bob Ray', phones: ['0170 1'], emails: ['bob@example.test'] }] },
		});
		expect(event).not.toHaveProperty('profile.phone');
	});

	test('a thrown dice is its emoji', () => {
		expect(readMessage({ dice: { emoji: '🎲', value: 4 } })).toMatchObject({ content: { kind: 'text', text: '🎲' } });
	});

	test('what is forwarded, and what answers a story, says so', () => {
		expect(readMessage({ text: 'See', forward_origin: { type: 'user', date: 1, sender_user: PERSON } })).toMatchObject({ details: { forwarded: true } });
		expect(readMessage({ text: 'Nice', reply_to_story: { id: 9, chat: CHAT } })).toMatchObject({ details: { story: { id: '9', url: null } }, opens: false });
	});

	test('a person without a last name and a language', () => {
		const event = readMessage({ text: 'Hi', from: { id: PERSON.id, is_bot: false, first_name: 'Ann' } });
		expect(event).toMatchObject({ name: 'Ann' });
		expect(event).not.toHaveProperty('profile');
	});

	test('an id of nineteen digits stays what it is', () => {
		const body = Buffer.from(JSON.stringify({ update_id: 1, message: message(15, { text: 'Hi' }) }).replaceAll(`"id":${USER}`, '"id":1234567890123456789'));
		expect(telegram.webhook.parse({ ...post({}), body }, CREDENTIAL, ACCOUNT)).toMatchObject([
			{ from: { user: '1234567890123456789' }, externalId: '1234567890123456789:15' },
		]);
	});
});

describe('what happens besides', () => {
	const press = (more: Json = {}) => ({
		id: 'cbq', from: PERSON, chat_instance: '1', data: 'yes',
		message: { message_id: 17, date: AT_SECONDS, chat: CHAT, reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: 'yes' }]] } },
		...more,
	});

	test('a press on a message that Telegram no longer has: the id alone', () => {
		expect(read({ update_id: 2, callback_query: press({ message: { message_id: 17, date: 0, chat: CHAT } }) })).toMatchObject([
			{ at: RECEIVED_AT, content: { kind: 'choice', choice: { id: 'yes', label: null }, text: null }, replyTo: `${USER}:17` },
		]);
	});

	test.each([
		['of a game', press({ data: undefined, game_short_name: 'chess' })],
		['of an inline message', press({ message: undefined, inline_message_id: 'i1' })],
		['in a group', press({ message: { message_id: 17, date: 1, chat: GROUP } })],
	])('a press %s is ignored', (_name, callback_query) => {
		expect(read({ update_id: 2, callback_query })).toEqual([{ ...about(2), at: RECEIVED_AT, kind: 'ignored', why: expect.stringMatching(/\S/) }]);
	});

	test('an edit of a text and of a caption', () => {
		const edited = (content: Json) => read({ update_id: 3, edited_message: message(15, { edit_date: AT_SECONDS + 200, ...content }) });
		const edit = { ...about(3), at: AT + 200_000, kind: 'edit', from, externalId: `${USER}:15` };
		expect(edited({ text: 'Hi!' })).toEqual([{ ...edit, text: 'Hi!' }]);
		expect(edited({ photo: [file('p')], caption: 'New' })).toEqual([{ ...edit, text: 'New' }]);
		expect(edited({ photo: [file('p')] })).toEqual([{ ...edit, text: null }]);
	});

	test('a live place that moves changes nothing', () => {
		expect(read({ update_id: 3, edited_message: message(15, { location: { latitude: 1, longitude: 2, live_period: 60 } }) })).toMatchObject([{ kind: 'ignored' }]);
	});

	test.each([['kicked', false], ['member', true]])('the bot is now %s', (status, allowed) => {
		expect(read({ update_id: 4, my_chat_member: { chat: CHAT, from: PERSON, date: AT_SECONDS, new_chat_member: { status } } })).toEqual([
			{ ...about(4), kind: 'consent', from, allowed },
		]);
	});

	test('any other state of the bot is ignored', () => {
		expect(read({ update_id: 4, my_chat_member: { chat: CHAT, from: PERSON, date: 1, new_chat_member: { status: 'restricted' } } })).toMatchObject([{ kind: 'ignored' }]);
		expect(read({ update_id: 4, my_chat_member: { chat: GROUP, from: PERSON, date: 1, new_chat_member: { status: 'member' } } })).toMatchObject([{ kind: 'ignored' }]);
	});

	test('reactions: the newest emoji, none, and one without a character', () => {
		const emoji = (value: string) => ({ type: 'emoji', emoji: value });
		const own = { type: 'custom_emoji', custom_emoji_id: '5' };
		const reacted = (old_reaction: Json[], new_reaction: Json[]) =>
			read({ update_id: 5, message_reaction: { chat: CHAT, message_id: 14, user: PERSON, date: AT_SECONDS, old_reaction, new_reaction } })[0];
		const reaction = { ...about(5), kind: 'reaction', from, externalId: `${USER}:14` };
		expect(reacted([], [emoji('👍')])).toEqual({ ...reaction, emoji: '👍' });
		expect(reacted([emoji('👍')], [emoji('👍'), emoji('🔥')])).toEqual({ ...reaction, emoji: '🔥' });
		expect(reacted([emoji('👍')], [])).toEqual({ ...reaction, emoji: null });
		expect(reacted([emoji('👍')], [own])).toEqual({ ...reaction, emoji: null });
		expect(reacted([], [own])).toMatchObject({ kind: 'ignored' });
	});

	test('a reaction in a group or of nobody in particular is ignored', () => {
		const reacted = (more: Json) => read({ update_id: 5, message_reaction: { chat: CHAT, message_id: 14, date: 1, old_reaction: [], new_reaction: [], ...more } });
		expect(reacted({ chat: GROUP, user: PERSON })).toMatchObject([{ kind: 'ignored' }]);
		expect(reacted({ actor_chat: GROUP })).toMatchObject([{ kind: 'ignored' }]);
	});
});

describe('what opens nothing is ignored with its reason', () => {
	test.each([
		['a group', { chat: { id: -5, type: 'group' }, text: 'Hi' }, /in a group/],
		['a supergroup', { chat: GROUP, text: 'Hi' }, /in a supergroup/],
		['a channel', { chat: { id: -6, type: 'channel' }, text: 'Hi' }, /in a channel/],
		['a bot', { from: BOT, text: 'Hi' }, /from a bot/],
		['a chat as sender', { sender_chat: GROUP, text: 'Hi' }, /in the name of a chat/],
		['a business account', { business_connection_id: 'b1', text: 'Hi' }, /business account/],
		['nobody', { from: undefined, text: 'Hi' }, /nobody/],
		['a poll', { poll: { id: '1', question: 'A?' } }, /: poll$/],
		['a forwarded story', { story: { id: 3, chat: GROUP } }, /: story$/],
		['a rich message', { rich_message: { blocks: [] } }, /: rich_message$/],
		['a pinned message', { pinned_message: { message_id: 3, date: 1, chat: CHAT } }, /: pinned_message$/],
		['new members', { new_chat_members: [PERSON] }, /: new_chat_members$/],
		['nothing at all', {}, /it is empty/],
	])('%s', (_name, content: Json, why) => {
		expect(read({ update_id: 6, message: message(15, content) })).toEqual([{ ...about(6), at: RECEIVED_AT, kind: 'ignored', why: expect.stringMatching(why) }]);
	});

	test.each(['channel_post', 'edited_channel_post', 'business_message', 'inline_query', 'poll', 'chat_member', 'something_new'])('an update of the type %s', (type) => {
		expect(read({ update_id: 7, [type]: message(15, { text: 'Hi' }) })).toEqual([
			{ ...about(7), at: RECEIVED_AT, kind: 'ignored', why: `an update of the type '${type}'` },
		]);
	});

	test('odd parts of a good update do no harm', () => {
		for (const value of [null, 'x', 7, [], {}]) expect(read({ update_id: 8, message: value })).toMatchObject([{ kind: 'ignored' }]);
		for (const value of [null, 'x', 7, [], {}]) {
			for (const field of ['photo', 'document', 'location', 'sticker', 'from', 'live_photo', 'voice', 'reply_to_message']) {
				expect(read({ update_id: 8, message: message(15, { [field]: value }) })).toHaveLength(1);
			}
		}
	});
});

test.each(['', 'n8n is starting up', '[]', '"text"', '{}', '{"update_id":', '{"message":{}}'])('the body %j is malformed', (body) => {
	expect(() => telegram.webhook.parse({ ...post({}), body: Buffer.from(body) }, CREDENTIAL, ACCOUNT)).toThrow(MalformedPayload);
});

test('an address registered without a word lets nobody in', () => {
	const { isAuthentic } = telegram.webhook;
	expect(isAuthentic(post({ update_id: 1 }), CREDENTIAL, ACCOUNT, SECRET)).toBe(true);
	expect(isAuthentic(post({ update_id: 1 }, ''), CREDENTIAL, ACCOUNT, '')).toBe(false);
	expect(isAuthentic(post({ update_id: 1 }), CREDENTIAL, ACCOUNT, '')).toBe(false);
});
