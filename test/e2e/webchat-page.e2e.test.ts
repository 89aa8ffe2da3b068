import { rm } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { buildPage, launchBrowser, complaintsOf, namelessControls, picture, poorContrasts, switchTab } from '../webchat/browser';
import { FakeChat, refusal } from '../webchat/fake-server';
import { until } from '../webchat/until';

const MENU = [
	{ id: 'a', label: 'Where is my order?' },
	{ id: 'b', label: 'Returns' },
];

let browser: Browser;
let assets: string;
let server: FakeChat;

beforeAll(async () => {
	assets = buildPage();
	browser = await launchBrowser();
});
afterAll(async () => {
	await browser.close();
	await rm(assets, { recursive: true });
});
beforeEach(async () => {
	server = new FakeChat(assets);
	await server.start();
});
afterEach(async () => {
	await Promise.all(browser.contexts().map((context) => context.close()));
	await server.kill();
});

async function open(options: BrowserContextOptions = {}): Promise<Page> {
	const context = await browser.newContext({ viewport: { width: 1000, height: 700 }, locale: 'en-GB', timezoneId: 'UTC', ...options });
	const page = await context.newPage();
	page.setDefaultTimeout(20_000);
	await page.goto(server.page);
	await page.getByText(server.config.greeting).waitFor();
	return page;
}

const field = (page: Page) => page.getByRole('textbox', { name: 'Message' });
const sent = (page: Page, count = 1) => page.waitForFunction((n) => document.querySelectorAll('.own.sent').length === n, count);
const bubbles = (page: Page) => page.locator('.message:not(.greeting) .bubble').allInnerTexts();
async function say(page: Page, text: string): Promise<void> {
	await field(page).fill(text);
	await field(page).press('Enter');
}

describe('the chat page: conversation', () => {
	test('a message goes up, an answer with buttons comes, the press is marked; no rule of the CSP is broken', async () => {
		server.answer = (message) => {
			if (message.text === 'Hello') server.say({ text: 'What is it about?\nhttps://example.com/help.', choices: MENU });
			if (message.choice) server.say({ text: `You chose ${message.choice.id}.` });
		};
		const context = await browser.newContext();
		const page = await context.newPage();
		page.setDefaultTimeout(20_000);
		const complaints = complaintsOf(page);
		await page.goto(`${server.page}?a=1`);
		await say(page, 'Hello');
		const link = page.getByRole('link', { name: 'https://example.com/help' });
		await link.waitFor();
		expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
		expect(await link.getAttribute('target')).toBe('_blank');
		await page.getByRole('button', { name: 'Returns' }).click();
		await page.getByText('You chose b.').waitFor();
		const [orders, returns] = [page.getByRole('button', { name: 'Where is my order?' }), page.getByRole('button', { name: 'Returns' })];
		expect([await orders.isDisabled(), await returns.isDisabled(), await returns.getAttribute('aria-pressed')]).toEqual([true, true, 'true']);
		await orders.click({ force: true });
		await say(page, 'Thanks');
		await until(() => server.visitor().messages.length === 5);
		expect(server.visitor().messages.map((one) => one.choice?.id ?? one.text)).toEqual(['Hello', 'What is it about?\nhttps://example.com/help.', 'b', 'You chose b.', 'Thanks']);
		await until(() => server.visitor().messages.filter((one) => one.from === 'business').every((one) => one.status === 'read'));
		expect(complaints).toEqual([]);
	});

	test('what a contact or an author writes is text, never markup', async () => {
		const page = await open();
		await say(page, '<img src=x onerror=alert(1)> <b>bold</b>');
		await sent(page);
		expect(await bubbles(page)).toEqual(['<img src=x onerror=alert(1)> <b>bold</b>']);
	});

	test('A10: the counter appears near 2,000 code points; longer texts are not sent', async () => {
		const page = await open();
		await field(page).fill('👋'.repeat(1_900));
		await page.getByText('100 characters left').waitFor();
		await field(page).fill('👋'.repeat(2_001));
		await page.getByText('1 character too many. One message can have 2,000.').waitFor();
		await field(page).press('Enter');
		await field(page).fill('👋'.repeat(2_000));
		await field(page).press('Enter');
		await sent(page);
		expect(server.visitor().messages.map((one) => [...(one.text ?? '')].length)).toEqual([2_000]);
	});

	test('a refused message says why and can be tried again or removed', async () => {
		const page = await open();
		const no = refusal(400, { code: 'bad_request', message: 'We do not take that word.' });
		server.faults.messages.push(no, no);
		await say(page, 'hush');
		await page.getByText('We do not take that word.').waitFor();
		await say(page, 'hello');
		await page.getByText('We do not take that word.').nth(1).waitFor();
		await page.getByRole('button', { name: 'Try again' }).first().click();
		await sent(page);
		await page.getByRole('button', { name: 'Remove' }).click();
		await until(() => server.visitor().messages.length === 1);
		expect(await bubbles(page)).toEqual(['hush']);
	});

	test('B23: after the end of a conversation the page says that one can write again', async () => {
		const page = await open();
		await say(page, 'bye');
		await sent(page);
		server.send('conversation', { status: 'closed' });
		await page.getByText('This conversation has ended. You can write again at any time.').waitFor();
	});

	test('the title counts what came while nobody looked; looking reads it', async () => {
		const page = await open();
		await say(page, 'Hello');
		await sent(page);
		await switchTab(page, true);
		server.say({ text: 'one' });
		server.say({ text: 'two' });
		await page.waitForFunction(() => document.title === '(2) Harbour Books');
		await until(() => server.visitor().messages.at(-1)?.status === 'delivered');
		await switchTab(page, false);
		await page.waitForFunction(() => document.title === 'Harbour Books');
		await until(() => server.visitor().messages.at(-1)?.status === 'read');
	});
});

describe('the chat page: reliability (promises 3 and 4)', () => {
	test('the server is killed and restarted: nothing lost, nothing doubled, and the page says what is going on', async () => {
		const page = await open();
		await say(page, 'one');
		await sent(page);
		await server.kill();
		await say(page, 'two');
		await say(page, 'three');
		const status = page.getByRole('status', { name: 'Connection' });
		await page.getByText("Can't reach the chat at the moment. Your message is kept and sent as soon as possible.").waitFor();
		await page.getByText('Waiting to be sent').first().waitFor();
		server.say({ text: 'meanwhile' });
		await server.start();
		await sent(page, 3);
		await page.waitForFunction(() => document.querySelector('[aria-label=Connection]')?.textContent === 'Connected again.');
		expect(await status.innerText()).toBe('Connected again.');
		expect(server.visitor().messages.map((one) => one.text)).toEqual(['one', 'meanwhile', 'two', 'three']);
		expect(await bubbles(page)).toEqual(['one', 'meanwhile', 'two', 'three']);
	});

	test('the browser crashes with unsent messages: they go at the next visit', async () => {
		const page = await open();
		await say(page, 'one');
		await sent(page);
		server.faults.messages.push('cut-after', ...Array.from({ length: 50 }, () => 'cut-before' as const));
		await say(page, 'two');
		await say(page, 'three');
		await page.getByText('Waiting to be sent').waitFor();
		await page.close();
		server.faults.messages.splice(0);
		const again = await page.context().newPage();
		await again.goto(server.page);
		await sent(again, 3);
		expect(await bubbles(again)).toEqual(['one', 'two', 'three']);
		expect(server.visitor().messages.map((one) => one.text)).toEqual(['one', 'two', 'three']);
	});

	test('a second tab shows the same, also what is not sent yet', async () => {
		const page = await open();
		await say(page, 'one');
		await sent(page);
		const other = await page.context().newPage();
		await other.goto(server.page);
		await other.getByText('one').waitFor();
		server.faults.messages.push('cut-before', 'cut-before');
		await say(page, 'two');
		await other.getByText('two').waitFor();
		await sent(other, 2);
		expect(await bubbles(other)).toEqual(['one', 'two']);
		expect(server.visitor().messages.map((one) => one.text)).toEqual(['one', 'two']);
		expect(server.visitors.size).toBe(1);
	});

	test('a reload keeps the history and what was being written; earlier messages come by scrolling up', async () => {
		const page = await open();
		await say(page, 'first');
		await sent(page);
		for (let i = 1; i <= 60; i++) server.say({ text: `line ${i}` });
		await page.getByText('line 60', { exact: true }).waitFor();
		await field(page).fill('half a sen');
		await page.reload();
		await page.getByText('line 60', { exact: true }).waitFor();
		expect(await field(page).inputValue()).toBe('half a sen');
		expect(await page.getByText('line 41', { exact: true }).count()).toBe(1);
		expect(await page.getByText('line 40', { exact: true }).count()).toBe(0);

		const log = page.getByRole('log');
		await log.evaluate((list) => list.scrollTo(0, 60));
		const before = await page.getByText('line 41', { exact: true }).boundingBox();
		await page.getByText('line 21', { exact: true }).waitFor({ state: 'attached' });
		const after = await page.getByText('line 41', { exact: true }).boundingBox();
		expect(Math.abs((after?.y ?? 0) - (before?.y ?? 1_000))).toBeLessThan(3);

		server.say({ text: 'line 61' });
		await page.getByRole('button', { name: '1 new message, jump to it' }).click();
		await page.getByText('line 61').waitFor();
		await page.getByRole('button', { name: /jump/i }).waitFor({ state: 'detached' });
		for (let i = 0; i < 3; i++) await page.getByRole('button', { name: 'Show earlier messages' }).click({ timeout: 2_000 }).catch(() => undefined);
		await page.getByText('first', { exact: true }).waitFor({ state: 'attached' });
		expect(await bubbles(page)).toEqual(['first', ...Array.from({ length: 61 }, (_, i) => `line ${i + 1}`)]);
	});
});

describe('the chat page: test runs (promise 8)', () => {
	test('says what to click, holds the message, and keeps its stream after the run has started', async () => {
		server.config = { ...server.config, test: true };
		server.listening = false;
		const context = await browser.newContext();
		const page = await context.newPage();
		page.setDefaultTimeout(20_000);
		await page.goto(server.page);
		await page.getByText("Test chat. In n8n, click 'Execute workflow', then send a message.").waitFor();
		await say(page, 'Hello');
		await page.getByText("n8n is not listening. Click 'Execute workflow' in the editor; your message is sent then.").waitFor();
		server.listening = true;
		await sent(page);
		await until(() => server.visitor().streams.size === 1);
		server.listening = false;
		server.say({ text: 'Hi from the test run!' });
		await page.getByText('Hi from the test run!').waitFor();
		expect(await page.getByText('n8n is not listening').count()).toBe(0);
	});
});

describe('the chat page: everybody can use it', () => {
	const colours = ['#0f766e', '#facc15', '#ffffff', '#000000', '#e11d48'];

	test.each(colours.flatMap((colour) => (['light', 'dark'] as const).map((scheme) => [colour, scheme] as const)))('%s in %s: every text can be read', async (colour, colorScheme) => {
		server.config = { ...server.config, colour, test: true };
		server.answer = () => server.say({ text: 'See https://example.com', choices: MENU, attachments: [server.addFile('a.pdf', Buffer.alloc(9))] });
		const page = await open({ colorScheme });
		await say(page, 'Hello https://example.com');
		await page.getByRole('button', { name: 'Returns' }).waitFor();
		expect(await poorContrasts(page)).toEqual([]);
		const no = refusal(400, { code: 'bad_request', message: 'No.' });
		server.faults.messages.push(no);
		await say(page, 'refused');
		await page.getByText('No.', { exact: true }).waitFor();
		await page.setInputFiles('input[type=file]', { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
		await page.getByRole('button', { name: 'Remove a.txt' }).waitFor();
		expect(await poorContrasts(page)).toEqual([]);
	});

	test('by keyboard alone', async () => {
		server.answer = (message) => {
			if (message.text) server.say({ text: 'What is it about?', choices: MENU, attachments: [server.addFile('map.png', picture())] });
		};
		const page = await open();
		const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');
		const tabTo = async (name: string) => {
			for (let i = 0; i < 15 && (await focused()) !== name; i++) await page.keyboard.press('Tab');
			expect(await focused()).toBe(name);
		};
		await tabTo('Messages');
		await tabTo('Attach files');
		await tabTo('Message');
		await page.keyboard.type('two');
		await page.keyboard.press('Shift+Enter');
		await page.keyboard.type('lines');
		await page.keyboard.press('Enter');
		await page.getByRole('button', { name: 'Returns' }).waitFor();
		expect(server.visitor().messages[0]?.text).toBe('two\nlines');
		expect(await focused()).toBe('Message');

		await page.getByRole('log').focus();
		await tabTo('Open image map.png');
		await page.keyboard.press('Enter');
		await page.getByRole('dialog', { name: 'Image map.png' }).waitFor();
		await page.keyboard.press('Escape');
		await page.getByRole('dialog').waitFor({ state: 'detached' });
		expect(await focused()).toBe('Open image map.png');
		await tabTo('Returns');
		await page.keyboard.press('Enter');
		await until(() => server.visitor().messages.at(-1)?.choice?.id === 'b');
		expect(await focused()).toBe('Returns');
		const ring = await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle);
		expect(ring).toBe('solid');
	});

	test('the Enter that ends an input method’s composition does not send', async () => {
		const page = await open();
		await field(page).focus();
		const cdp = await page.context().newCDPSession(page);
		await cdp.send('Input.imeSetComposition', { text: 'にほ', selectionStart: 2, selectionEnd: 2 });
		await field(page).dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true });
		await cdp.send('Input.insertText', { text: '日本' });
		expect(await field(page).inputValue()).toBe('日本');
		await field(page).press('Enter');
		await sent(page);
		expect(server.visitor().messages.map((one) => one.text)).toEqual(['日本']);
	});

	test('for screen readers: a log, names for everything, who said what, and the connection', async () => {
		server.answer = () => server.say({ text: 'Hi!', choices: MENU, attachments: [server.addFile('a.png', picture()), server.addFile('b.wav', Buffer.alloc(44)), server.addFile('c.zip', Buffer.alloc(9))] });
		const page = await open();
		await say(page, 'Hello');
		await page.getByRole('button', { name: 'Returns' }).waitFor();
		await page.setInputFiles('input[type=file]', { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
		await page.getByRole('list', { name: 'Files to send' }).waitFor();
		expect(await page.getByRole('log', { name: 'Messages' }).getAttribute('aria-live')).toBe('polite');
		expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Harbour Books');
		expect(await page.getByRole('group', { name: 'Answers to choose from' }).count()).toBe(1);
		expect(await page.getByRole('link', { name: 'Download c.zip, 9 B' }).getAttribute('download')).toBe('c.zip');
		expect(await page.getByRole('status', { name: 'Connection' }).count()).toBe(1);
		expect(await page.locator('article .sr').allInnerTexts()).toEqual([expect.stringMatching(/^Harbour Books:$/), expect.stringMatching(/^You, .+:$/), expect.stringMatching(/^Harbour Books, .+:$/)]);
		expect(await namelessControls(page)).toEqual([]);
		server.send('typing', { on: true });
		await page.getByRole('log').getByText('Harbour Books is typing').waitFor();
	});

	test('320 px wide: nothing is cut off, nothing scrolls sideways', async () => {
		server.answer = () =>
			server.say({
				text: `https://example.com/${'long'.repeat(60)} ${'W'.repeat(120)}`,
				choices: [{ id: 'x', label: 'A very long label that says all there is to say about this one answer of ours' }],
				attachments: [server.addFile('a.png', picture()), server.addFile('b.wav', Buffer.alloc(44)), server.addFile('c.mp4', Buffer.alloc(9)), server.addFile(`${'n'.repeat(90)}.zip`, Buffer.alloc(9))],
			});
		server.config = { ...server.config, title: 'The Most Remarkable Harbour Bookshop of the Whole Coast', test: true };
		const page = await open({ viewport: { width: 320, height: 560 }, isMobile: true, hasTouch: true });
		await say(page, 'M'.repeat(300));
		await page.getByRole('button', { name: /very long label/ }).waitFor();
		await page.setInputFiles('input[type=file]', { name: `${'f'.repeat(90)}.txt`, mimeType: 'text/plain', buffer: Buffer.from('x') });
		await page.getByRole('list', { name: 'Files to send' }).waitFor();
		const wide = await page.evaluate(() =>
			[...document.querySelectorAll('body *')].filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 0.5 && !one.closest('.file-name')).map((one) => one.outerHTML.slice(0, 100)),
		);
		expect(wide).toEqual([]);
		expect(await page.evaluate(() => [document.scrollingElement?.scrollWidth, document.querySelector('.scroller')?.scrollWidth])).toEqual([320, 320]);
		expect(await page.getByRole('button', { name: 'Send message' }).evaluate((one) => one.getBoundingClientRect().bottom <= innerHeight)).toBe(true);
	});
});
