import type { BrowserContextOptions } from 'playwright-core';
import { ChatBrowser, namelessControls, picture, poorContrasts } from '../webchat/browser';
import { MENU, field, openChat, say, sent } from '../webchat/chat-page';
import { FakeChat, refusal } from '../webchat/fake-server';
import { until } from '../until';

const chrome = ChatBrowser.forTests();
let server: FakeChat;

beforeEach(async () => {
	server = new FakeChat(chrome.assets);
	await server.start();
});
afterEach(async () => {
	await server.kill();
});

const open = (options: BrowserContextOptions = {}) => openChat(chrome, server, { locale: 'en-GB', timezoneId: 'UTC', ...options });


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
