import fc from 'fast-check';
import { contrastOf, paletteOf } from '../../src/webchat/logic/colour';
import { frameMessage } from '../../src/webchat/logic/frame';
import { fileAddress, placesOf } from '../../src/webchat/logic/places';
import { lengthOf, limitText, piecesOf, sizeText } from '../../src/webchat/logic/text';
import { streamEvent } from '../../src/webchat/logic/wire-checks';
import { pageOf, settingsFrom } from '../../src/webchat/widget/settings';
import { wireMessage } from './wire-message';

describe('addresses', () => {
	test.each([
		['/webhook/1a/conversations/webchat', 'https://n8n.example/webhook/1a/conversations/webchat'],
		['/webhook/1a/conversations/webchat/', 'https://n8n.example/webhook/1a/conversations/webchat'],
		['/webhook-test/1a/conversations/webchat//', 'https://n8n.example/webhook-test/1a/conversations/webchat'],
		['/automation/webhook/1a/conversations/webchat', 'https://n8n.example/automation/webhook/1a/conversations/webchat'],
	])('%s', (pathname, page) => {
		expect(placesOf({ origin: 'https://n8n.example', pathname })).toEqual({
			page,
			messages: `${page}/messages`,
			files: `${page}/files`,
			events: `${page}/events`,
		});
	});

	test('files are relative to the page without a trailing slash, and web addresses only', () => {
		const places = placesOf({ origin: 'https://n8n.example', pathname: '/webhook/1a/conversations/webchat/' });
		expect(fileAddress(places, 'media?id=1')).toBe('https://n8n.example/webhook/1a/conversations/media?id=1');
		expect(fileAddress(places, 'webchat/media?id=1')).toBe('https://n8n.example/webhook/1a/conversations/webchat/media?id=1');
		expect(fileAddress(places, 'javascript:alert(1)')).toBeNull();
		expect(fileAddress(places, 'data:text/html,x')).toBeNull();
		expect(fileAddress(places, 'https://[')).toBeNull();
	});
});

describe('texts', () => {
	const links = (text: string) => piecesOf(text).flatMap((piece) => (piece.href === null ? [] : [piece.text]));

	test.each<[string, string[]]>([
		['see https://example.com/a?b=c#d.', ['https://example.com/a?b=c#d']],
		['(https://example.com/x_(y))', ['https://example.com/x_(y)']],
		['[https://example.com/x], or **http://b.org**', ['https://example.com/x', 'http://b.org']],
		['HTTPS://EXAMPLE.com/…', ['HTTPS://EXAMPLE.com/']],
		['javascript:alert(1) data:text/html,x file:///etc/passwd www.example.com', []],
		['https://', []],
		['http://exa mple.com', ['http://exa']],
		['"https://example.com/"<b>', ['https://example.com/']],
		['xhttps://example.com', []],
	])('links in %s', (text, expected) => expect(links(text)).toEqual(expected));

	test('pieces joined are the text, and every link is http or https', () => {
		const word = fc.oneof(fc.string({ unit: 'grapheme' }), fc.webUrl(), fc.constantFrom('https://', '(', ')', '.', '\n', ' javascript:x'));
		fc.assert(
			fc.property(fc.array(word), (words) => {
				const text = words.join('');
				const pieces = piecesOf(text);
				expect(pieces.map((piece) => piece.text).join('')).toBe(text);
				for (const { href } of pieces) expect(href === null || /^https?:\/\//.test(href)).toBe(true);
			}),
		);
	});

	test('lengths count code points', () => expect([lengthOf('👋🏽é'), lengthOf('')]).toEqual([3, 0]));

	test('sizes', () => {
		expect([999, 1_000, 999_499, 1_400_000, 10 * 1024 * 1024].map(sizeText)).toEqual(['999 B', '1 kB', '999 kB', '1.4 MB', '10 MB']);
		expect([10 * 1024 * 1024, 5_000_000].map(limitText)).toEqual(['10 MB', '5.0 MB']);
	});
});

describe('colours', () => {
	test('any colour of a business can be read: on it, and as a link in light and dark', () => {
		fc.assert(
			fc.property(fc.nat(0xffffff), (value) => {
				const palette = paletteOf(`#${value.toString(16).padStart(6, '0')}`);
				expect(contrastOf(palette.brand, palette.onBrand)).toBeGreaterThanOrEqual(4.5);
				for (const ground of ['#ffffff', '#f3f5f8']) expect(contrastOf(palette.accentLight, ground)).toBeGreaterThanOrEqual(4.5);
				for (const ground of ['#11151b', '#1d232c', '#252b35']) expect(contrastOf(palette.accentDark, ground)).toBeGreaterThanOrEqual(4.5);
			}),
		);
	});

	test.each(['', 'red', '#fff', '#12345g', 'url(x)'])('%p is none: a blue', (colour) => expect(paletteOf(colour).brand).toBe('#2563eb'));
});

describe('between page and launcher', () => {
	test.each([
		{ conversations: 'ready' },
		{ conversations: 'start', token: null },
		{ conversations: 'start', token: 'abc.def-_' },
		{ conversations: 'token', token: 'abc' },
		{ conversations: 'unread', count: 2 },
		{ conversations: 'close' },
		{ conversations: 'visible', visible: true },
	])('%p is understood', (message) => expect(frameMessage(message)).toEqual(message));

	test.each([
		null,
		'ready',
		{},
		{ conversations: 'start' },
		{ conversations: 'start', token: 1 },
		{ conversations: 'token', token: 'a\r\nx-evil: 1' },
		{ conversations: 'token', token: '' },
		{ conversations: 'unread', count: -1 },
		{ conversations: 'unread', count: NaN },
		{ conversations: 'visible', visible: 'yes' },
		{ conversations: 'eval', code: 'x' },
	])('%p is not', (data) => expect(frameMessage(data)).toBeNull());
});

describe('stream events', () => {
	test('unknown or broken ones are passed over', () => {
		expect(streamEvent('message', wireMessage(1))).toEqual({ name: 'message', data: wireMessage(1) });
		expect(streamEvent('typing', { on: true })).toEqual({ name: 'typing', data: { on: true } });
		for (const [name, data] of [
			['message', undefined],
			['message', { id: 'x' }],
			['snapshot', { messages: [{ id: 1 }] }],
			['typing', { on: 'yes' }],
			['conversation', { status: 'gone' }],
			['news', { a: 1 }],
		] as const) {
			expect(streamEvent(name, data)).toBeNull();
		}
	});
});

describe('the launcher’s settings', () => {
	test('what the server says, unless the tag says otherwise', () => {
		expect(settingsFrom({ title: 'Shop', colour: '#123456' }, {})).toEqual({
			title: 'Shop',
			colour: '#123456',
			label: '',
			position: 'right',
			open: false,
			ownColour: false,
		});
		expect(settingsFrom({ title: 'Shop', colour: '#123456' }, { position: 'LEFT', label: ' Ask us ', open: '', colour: '#abcdef' })).toEqual({
			title: 'Shop',
			colour: '#abcdef',
			label: 'Ask us',
			position: 'left',
			open: true,
			ownColour: true,
		});
	});

	test('nonsense gives what everybody gets', () => {
		expect(settingsFrom('__CHAT_WIDGET_CONFIG__', { position: 'top', open: 'false', colour: 'red' })).toMatchObject({
			title: 'Chat',
			position: 'right',
			open: false,
			ownColour: false,
		});
	});

	test('the page is found by the script’s address', () => {
		expect(pageOf('https://n8n.example/x/webhook/1a/conversations/webchat/widget.js?v=2')).toBe('https://n8n.example/x/webhook/1a/conversations/webchat');
		expect(pageOf('https://n8n.example/widget.js')).toBeNull();
		expect(pageOf('https://evil.example/?/webchat/widget.js')).toBeNull();
	});
});
