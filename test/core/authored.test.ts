import { fillIn, snippetNames, type AuthoredText, type Facts } from '../../src/core/authored';
import { blankContact } from '../../src/core/contact';
import type { Agent, Conversation, Snippet } from '../../src/core/records';

const NOW = Date.parse('2026-11-21T23:05:09Z');
const ann = {
	...blankContact('contact-1', NOW),
	...{ name: 'Ann Lee', firstName: 'Ann', lastName: 'Lee', phone: '+447911123456', email: 'ann@example.test', language: 'en' },
	fields: {
		order_id: 7,
		VIP: true,
		vip: 'yes',
		größe: 'M',
		'注文': '七',
		sizes: ['S', 2, false, ''],
		mixed: ['S', { no: 'text' }],
		shape: { no: 'text' },
		nothing: null,
		blank: '  ',
		phone: 'a field',
		price: '€ 5',
		italic_: 'slanted',
		'Customer No.': 'C-1',
		'delivery-day': 'Monday',
	},
};
const bob: Agent = { id: 'agent-1', name: 'Bob Smith', email: 'bob@shop.test', status: 'online', lastAssignedAt: null, createdAt: NOW };
const conversation: Conversation = {
	...{ id: 'conversation-1', contactId: ann.id, status: 'open', openedAt: NOW, openedBy: 'contact', channel: 'webchat', account: 'page-1' },
	...{ assigneeId: bob.id, teamId: null, closedAt: null, closedBy: null, closingCategory: null, closingSummary: null },
	...{ handledById: null, firstResponseAt: null, lastMessageAt: null, takenOverAt: null },
};
const facts: Facts = { contact: ann, assignee: bob, conversation, channel: 'email', now: NOW, timeZone: 'Asia/Tokyo' };
const nobody: Facts = { ...facts, contact: blankContact('contact-2', NOW), assignee: null, conversation: null };

const snippet = (name: string, text: string, attachments: string[] = []): Snippet => ({ id: name, name, text, attachments, createdAt: NOW });
const SNIPPETS = [
	snippet('greeting', 'Hello $contact.firstname|there'),
	snippet('Price-List', 'See <our> prices & more\nfor $contact.price', ['Prices 2026.pdf', 'map.png']),
	snippet('map', 'Find us', ['map.png']),
	snippet('chain', 'first /greeting, $contact.nickname'),
	snippet('файл_1', 'Привет'),
	snippet('only-file', '', ['map.png']),
];

const typed = (text: string): AuthoredText => [{ typed: text }];
const filled = (text: string | AuthoredText, of: Facts = facts, format: 'plain' | 'html' = 'plain') =>
	fillIn(typeof text === 'string' ? typed(text) : text, of, SNIPPETS, format);

describe('R22: variables', () => {
	test.each([
		['$contact.name', 'Ann Lee'],
		['$contact.firstname', 'Ann'],
		['$contact.lastname', 'Lee'],
		['$contact.email', 'ann@example.test'],
		['$contact.phone', '+447911123456'],
		['$contact.language', 'en'],
		['$contact.id', 'contact-1'],
		['$assignee.name', 'Bob Smith'],
		['$assignee.firstname', 'Bob'],
		['$assignee.email', 'bob@shop.test'],
		['$conversation.id', 'conversation-1'],
		['$conversation.channel', 'webchat'],
		['$system.current_date', '2026-11-22'],
		['$system.current_time', '08:05:09'],
		['$system.current_datetime', '2026-11-22 08:05:09'],
		['whatever the case: $Contact.FirstName, $CONTACT.NAME', 'whatever the case: Ann, Ann Lee'],
	])('%s', (text, expected) => {
		expect(filled(text)).toEqual({ text: expected, unfilled: [], files: [] });
	});

	test.each([
		['Asia/Tokyo', '2026-11-22 00:00:00'],
		['America/Sao_Paulo', '2026-11-21 12:00:00'],
		['Pacific/Kiritimati', '2026-11-22 05:00:00'],
		['Asia/Kathmandu', '2026-11-21 20:45:00'],
	])('the time in %s, at midnight somewhere', (timeZone, expected) => {
		const now = Date.parse('2026-11-21T15:00:00Z');
		expect(filled('$system.current_datetime', { ...facts, now, timeZone }).text).toBe(expected);
	});

	test.each([
		['a number', '$contact.order_id', '7'],
		['the exact name first', '$contact.vip and $contact.VIP', 'yes and true'],
		['else whatever the case', '$contact.Order_ID', '7'],
		['letters of any script', '$contact.größe $contact.注文', 'M 七'],
		['letters that are composed of two', `$contact.${'größe'.normalize('NFD')}`, 'M'],
		['a list', '$contact.sizes', 'S, 2, false'],
		['not instead of what every contact has', '$contact.phone', '+447911123456'],
		['a name with spaces or hyphens', '$contact.delivery_day, $contact.Delivery_Day', 'Monday, Monday'],
		['a name that ends with a full stop', '$contact.customer_no.', 'C-1.'],
		['an underscore at its end', '$contact.italic_', 'slanted'],
	])('custom fields: %s', (_what, text, expected) => {
		expect(filled(text)).toEqual({ text: expected, unfilled: [], files: [] });
	});

	test.each(['$contact.shape', '$contact.mixed', '$contact.nothing', '$contact.blank', '$contact.toString', '$contact.constructor', '$system.version'])(
		'R23: %s has no value and is not sent',
		(name) => {
			expect(filled(`a${name}, b ${name}`)).toEqual({ text: 'a, b ', unfilled: [name], files: [] });
		},
	);

	test('R23: what is unknown never reaches the customer as it was typed', () => {
		expect(filled('From $assignee.nmae $contact.nickname: $conversation.topic$system.moon')).toEqual({
			text: 'From  : ',
			unfilled: ['$assignee.nmae', '$contact.nickname', '$conversation.topic', '$system.moon'],
			files: [],
		});
		expect(filled('$Contact.FirstName $contact.firstname $Contact.FirstName', nobody).unfilled).toEqual(['$Contact.FirstName', '$contact.firstname']);
		expect(filled('$assignee.name $assignee.firstname $assignee.email $conversation.id', nobody).unfilled).toHaveLength(4);
		expect(filled('$conversation.channel', nobody).text).toBe('email');
	});

	test.each([
		'It costs $5, or 5$.',
		'$USD $foo.bar $contacts.name',
		'$contact',
		'$contact.',
		'$contact. name',
		'$contact,name',
		'contact.name',
		'\\$5 $$ $1 $& $`',
	])('%s is text', (text) => {
		expect(filled(text)).toEqual({ text, unfilled: [], files: [] });
	});

	test.each([
		['Hi $contact.firstname.', 'Hi Ann.'],
		['Hi $contact.firstname!?', 'Hi Ann!?'],
		['$contact.firstname-$contact.lastname', 'Ann-Lee'],
		['$contact.firstname$contact.lastname', 'AnnLee'],
		["$contact.firstname's ($contact.lastname)", "Ann's (Lee)"],
		['$contact.firstname.lastname', 'Ann.lastname'],
		['$$contact.firstname', '$Ann'],
		['_Hi $contact.firstname_', '_Hi Ann_'],
		['$contact.lastname様、こんにちは', 'Lee様、こんにちは'],
		['$contact.order_id番', '7番'],
		['🤖 $contact.firstname 👩‍👩‍👧‍👦 é\u0301 \u{10FFFF} \uFDD0', '🤖 Ann 👩‍👩‍👧‍👦 é\u0301 \u{10FFFF} \uFDD0'],
	])('A7, A8: %s', (text, expected) => {
		expect(filled(text)).toEqual({ text: expected, unfilled: [], files: [] });
	});

	test('what is unknown takes no more of the text than its name', () => {
		expect(filled('_$contact.nmae_ $contact.nmae様', nobody)).toEqual({ text: '__ 様', unfilled: ['$contact.nmae'], files: [] });
	});
});

describe('fallbacks', () => {
	test.each([
		['Hi $contact.firstname|there!', 'Hi Ann!', 'Hi there!'],
		['Hi $contact.firstname|there.', 'Hi Ann.', 'Hi there.'],
		['$contact.firstname|a:b', 'Ann:b', 'a:b'],
		['$contact.firstname|a;b?', 'Ann;b?', 'a;b?'],
		['$contact.firstname|you\nthere', 'Ann\nthere', 'you\nthere'],
		['$contact.firstname|"dear customer, friend", hello', 'Ann, hello', 'dear customer, friend, hello'],
		['$contact.firstname|“dear customer”, hello', 'Ann, hello', 'dear customer, hello'],
		['$contact.firstname|"", hello', 'Ann, hello', ', hello'],
		['$contact.firstname|🤖👋 hello', 'Ann hello', '🤖👋 hello'],
		['您好$contact.firstname|客户，欢迎', '您好Ann，欢迎', '您好客户，欢迎'],
		['($contact.firstname|there)', '(Ann)', '(there)'],
		['$contact.firstname|friend(s) all', 'Ann all', 'friend(s) all'],
		['$contact.firstname|"not closed', 'Ann closed', '"not closed'],
		['$contact.firstname|"you, $assignee.name|whoever"!', 'Ann!', 'you, whoever!'],
		['$contact.firstname|there$contact.lastname|all', 'AnnLee', 'thereall'],
		['$assignee.nmae|us', 'us', 'us'],
		['$contact.firstname|$5 off', 'Ann off', '$5 off'],
		['$contact.firstname|$contact.nickname|there!', 'Ann!', 'there!'],
		['$contact.nickname|$contact.firstname|"all of you", hello', 'Ann, hello', 'all of you, hello'],
	])('%s', (text, known, unknown) => {
		expect(filled(text)).toEqual({ text: known, unfilled: [], files: [] });
		expect(filled(text, nobody)).toEqual({ text: unknown, unfilled: [], files: [] });
	});

	test.each([
		['$contact.firstname | $contact.lastname', 'Ann | Lee', ' | '],
		['$contact.firstname| $contact.lastname|', 'Ann| Lee|', '| |'],
		['$contact.firstname|\n$contact.lastname|, b', 'Ann|\nLee|, b', '|\n|, b'],
	])('a pipe with nothing behind it is text: %j', (text, known, unknown) => {
		expect(filled(text).text).toBe(known);
		expect(filled(text, nobody)).toEqual({ text: unknown, unfilled: ['$contact.firstname', '$contact.lastname'], files: [] });
	});

	test('a variable stands in for another one', () => {
		expect(filled('Hi $contact.nickname|$contact.lastname様')).toEqual({ text: 'Hi Lee様', unfilled: [], files: [] });
		expect(filled('_$contact.firstname|$contact.lastname_, $contact.id', nobody)).toEqual({
			text: '__, contact-2',
			unfilled: ['$contact.firstname', '$contact.lastname'],
			files: [],
		});
		expect(filled('$contact.nickname'.concat('|$contact.nmae'.repeat(20_000), '|there'), nobody)).toEqual({ text: 'there', unfilled: [], files: [] });
	});

	test('a variable in a fallback that has no value itself is told, when it would have been used', () => {
		expect(filled('$contact.firstname|"you of $contact.nickname"').unfilled).toEqual([]);
		expect(filled('$contact.firstname|"you of $contact.nickname"', nobody)).toMatchObject({ text: 'you of ', unfilled: ['$contact.nickname'] });
	});

	test('an expression within quotes belongs to the fallback, one behind the pipe does not', () => {
		const quoted: AuthoredText = [{ typed: 'Hi $contact.firstname|"dear ' }, { value: 'Dr. "Who" $contact.id' }, { typed: '" of ' }, { value: 'us' }];
		expect(filled(quoted).text).toBe('Hi Ann of us');
		expect(filled(quoted, nobody).text).toBe('Hi dear Dr. "Who" $contact.id of us');
		expect(filled([{ typed: '$contact.firstname|' }, { value: '7' }]).text).toBe('Ann|7');
		expect(filled([{ typed: '$contact.firstname|no' }, { value: '7' }], nobody).text).toBe('no7');
	});
});

describe('A9, R23: snippets', () => {
	test.each([
		['/greeting', 'Hello Ann'],
		['/GREETING, welcome', 'Hello Ann, welcome'],
		['Well: /greeting.', 'Well: Hello Ann.'],
		['Well\n/greeting\t/greeting', 'Well\nHello Ann\tHello Ann'],
		['/Файл_1', 'Привет'],
		['Hi\u00a0/greeting', 'Hi\u00a0Hello Ann'],
	])('%s', (text, expected) => {
		expect(filled(text)).toEqual({ text: expected, unfilled: [], files: [] });
	});

	test.each([
		'/unknown',
		'and/or/greeting',
		'https://shop.test/greeting',
		'(/greeting)',
		'/greeting/',
		' /greeting/more',
		'//greeting',
		'/greeting-2 /greetings /greeting_',
		'/ greeting',
		'1/2 /2',
	])('%s is text', (text) => {
		expect(filled(text)).toEqual({ text, unfilled: [], files: [] });
	});

	test('variables in a snippet are filled in, snippets in it are not', () => {
		expect(filled('/chain')).toEqual({ text: 'first /greeting, ', unfilled: ['$contact.nickname'], files: [] });
		expect(filled('/greeting', nobody).text).toBe('Hello there');
	});

	test('their files come along, each once', () => {
		expect(filled('/map /price-list /map').files).toEqual(['map.png', 'Prices 2026.pdf']);
		expect(filled('/only-file')).toEqual({ text: '', unfilled: [], files: ['map.png'] });
	});

	test('in a fallback it counts when the fallback does', () => {
		const text = '$contact.firstname|"you: /map /chain" /greeting';
		expect(filled(text)).toEqual({ text: 'Ann Hello Ann', unfilled: [], files: [] });
		expect(filled(text, nobody)).toMatchObject({ files: ['map.png'], unfilled: ['$contact.nickname'] });
	});

	test('names that may be those of snippets', () => {
		const text: AuthoredText = [{ typed: '/a b /C-1 /a and/or /x/y' }, { value: '/secret' }, { typed: '/after <p>/in-html</p> /d' }];
		expect(snippetNames(text)).toEqual(['a', 'C-1', 'in-html', 'd']);
		expect(snippetNames([])).toEqual([]);
	});
});

describe('what an expression or a variable gave is never searched', () => {
	const evil = '$assignee.email /greeting $contact.id|x';

	test.each(['plain', 'html'] as const)('%s', (format) => {
		const contact = { ...ann, name: evil, firstName: evil };
		expect(filled([{ value: evil }], facts, format).text).toBe(evil);
		expect(filled('$contact.name', { ...facts, contact }, format)).toEqual({ text: evil, unfilled: [], files: [] });
		expect(filled('/greeting', { ...facts, contact }, format).text).toBe(`Hello ${evil}`);
	});

	test('nor what typed and given parts make together', () => {
		expect(filled([{ typed: '$contact.' }, { value: 'name' }]).text).toBe('$contact.name');
		expect(filled([{ value: '$' }, { typed: 'contact.name' }]).text).toBe('$contact.name');
		expect(filled([{ value: '$contact' }, { typed: '.name' }]).text).toBe('$contact.name');
		expect(filled([{ typed: '/' }, { value: 'greeting' }]).text).toBe('/greeting');
		expect(filled([{ value: ' ' }, { typed: '/greeting' }]).text).toBe(' /greeting');
		expect(filled([{ value: '' }, { typed: '/greeting' }]).text).toBe('/greeting');
		expect(filled([{ value: 'x' }, { typed: ' /greeting' }]).text).toBe('x Hello Ann');
		expect(filled([{ typed: '$contact.firstname' }, { value: '|x' }], nobody)).toMatchObject({ text: '|x', unfilled: ['$contact.firstname'] });
		expect(filled([{ value: 'a\uFDD0b' }, { typed: '\uFDD0c' }, { value: 'd' }]).text).toBe('a\uFDD0b\uFDD0cd');
	});
});

describe('HTML', () => {
	const html = (text: string | AuthoredText, of: Facts = facts) => filled(text, of, 'html').text;
	const tom: Facts = { ...facts, contact: { ...ann, name: `<b>Tom</b> & "Tim's"` } };

	test('what is filled in is escaped; what was typed and what expressions gave is not', () => {
		expect(html([{ typed: '<p title="$contact.name">$contact.name</p>' }, { value: '<i>&</i>' }], tom)).toBe(
			'<p title="&lt;b&gt;Tom&lt;/b&gt; &amp; &quot;Tim&#39;s&quot;">&lt;b&gt;Tom&lt;/b&gt; &amp; &quot;Tim&#39;s&quot;</p><i>&</i>',
		);
	});

	test('snippets are plain text: escaped, with their lines', () => {
		expect(html('<p>/price-list</p>')).toBe('<p>See &lt;our&gt; prices &amp; more<br>for € 5</p>');
		expect(html('Hello&nbsp;/map<br>/map')).toBe('Hello&nbsp;Find us<br>Find us');
		expect(html('<a href="/map">/unknown</a>')).toBe('<a href="/map">/unknown</a>');
	});

	test.each([
		['<b>$contact.firstname|there</b>', '<b>Ann</b>', '<b>there</b>'],
		['<b>$contact.firstname|"dear one"</b>', '<b>Ann</b>', '<b>dear one</b>'],
		['<img alt="$contact.firstname|there">', '<img alt="Ann">', '<img alt="there">'],
		['$contact.firstname|there&nbsp;all', 'Ann&nbsp;all', 'there&nbsp;all'],
		['$contact.firstname|M&uuml;ller; all', 'Ann; all', 'M&uuml;ller; all'],
		['$contact.firstname|&pound;5 &amp; more', 'Ann &amp; more', '&pound;5 &amp; more'],
		['<a title="$contact.firstname|">a', '<a title="Ann|">a', '<a title="|">a'],
	])('a fallback ends with the text it stands in: %s', (text, known, unknown) => {
		expect(html(text)).toBe(known);
		expect(html(text, nobody)).toBe(unknown);
	});
});

test('a long text takes no longer than it is long', () => {
	const text = '$contact.firstname|"/a (($contact.x|(( /a-'.repeat(20_000);
	expect(filled(text).text.length).toBeGreaterThan(0);
});
