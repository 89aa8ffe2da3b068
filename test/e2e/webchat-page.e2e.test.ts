import type { Page } from 'playwright-core';
import { ChatBrowser, complaintsOf, switchTab } from '../webchat/browser';
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

const open = () => openChat(chrome, server);

const bubbles = (page: Page) => page.locator('.message:not(.greeting) .bubble').allInnerTexts();

describe('the chat page: conversation', () => {
	test('a message goes up, an answer with buttons comes, the press is marked; no rule of the CSP is broken', async () => {
		server.answer = (message) => {
			if (message.text === 'Hello') server.say({ text: 'What is it about?\nhttps://example.com/help.', choices: MENU });
			if (message.choice) server.say({ text: `You chose ${message.choice.id}.` });
		};
		const context = await chrome.newContext();
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
		await page.getByText('meanwhile').waitFor();
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

	test('of many hidden tabs one keeps its stream; each is up to date when it is looked at', async () => {
		const page = await open();
		await say(page, 'one');
		await sent(page);
		const tabs = [page];
		for (let i = 0; i < 3; i++) {
			const tab = await page.context().newPage();
			await tab.goto(server.page);
			await tab.getByText('one').waitFor();
			tabs.push(tab);
		}
		await until(() => server.visitor().streams.size === 4);
		for (const tab of tabs) await switchTab(tab, true);
		await until(() => server.visitor().streams.size === 1);
		server.say({ text: 'news' });
		for (const tab of tabs) {
			await switchTab(tab, false);
			await tab.getByText('news').waitFor();
			await switchTab(tab, true);
		}
		await until(() => server.visitor().streams.size === 1);
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
		// In one step, since the earlier messages come as soon as the page knows of the scrolling.
		const before = await log.evaluate((list) => {
			list.scrollTo(0, 60);
			return [...list.querySelectorAll('.bubble')].find(({ textContent }) => textContent === 'line 41')?.getBoundingClientRect().y;
		});
		await page.getByText('line 21', { exact: true }).waitFor({ state: 'attached' });
		const after = await page.getByText('line 41', { exact: true }).boundingBox();
		expect(Math.abs((after?.y ?? 0) - (before ?? 1_000))).toBeLessThan(3);

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
		const context = await chrome.newContext();
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
