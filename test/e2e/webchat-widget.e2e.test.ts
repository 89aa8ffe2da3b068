import type { BrowserContextOptions, FrameLocator, Page } from 'playwright-core';
import { ChatBrowser, complaintsOf } from '../webchat/browser';
import { FakeChat } from '../webchat/fake-server';
import { until } from '../until';

const chrome = ChatBrowser.forTests();
let chat: FakeChat;
/** Another origin, with the launcher on its pages. */
let shop: FakeChat;

beforeEach(async () => {
	[chat, shop] = [new FakeChat(chrome.assets), new FakeChat(chrome.assets, '/nothing')];
	await Promise.all([chat.start(), shop.start()]);
	chat.frameAncestors = `'self' ${shop.origin}`;
	shop.site = shopPage();
});
afterEach(async () => {
	await Promise.all([chat.kill(), shop.kill()]);
});

function shopPage(tag = '', extra = ''): string {
	return `<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width">${extra}<title>Shop</title></head><body><h1>Shop</h1><a href="#x">Link</a><p id="tall"></p><script src="${chat.page}/widget.js" async ${tag}></script></body></html>`;
}

async function visit(options: BrowserContextOptions = {}): Promise<{ page: Page; frame: FrameLocator; complaints: string[] }> {
	const context = await chrome.newContext({ viewport: { width: 1000, height: 700 }, ...options });
	const page = await context.newPage();
	page.setDefaultTimeout(20_000);
	const complaints = complaintsOf(page);
	await page.goto(`${shop.origin}/`);
	return { page, frame: page.frameLocator('iframe[title]'), complaints };
}

const launcher = (page: Page) => page.getByRole('button', { name: /chat with Harbour Books/ });
const field = (frame: FrameLocator) => frame.getByRole('textbox', { name: 'Message' });
const inFrame = (page: Page) => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.tagName === 'IFRAME');
const onLauncher = (page: Page) => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.classList.contains('launcher') === true);

describe('the widget on another site', () => {
	test('opens the chat, takes the focus in and gives it back on Escape, counts what comes meanwhile', async () => {
		chat.answer = () => chat.say({ text: 'Hi!' });
		const { page, frame, complaints } = await visit();
		await launcher(page).waitFor();
		expect(await page.locator('iframe').count()).toBe(0);
		await launcher(page).press('Enter');
		await page.getByRole('dialog', { name: 'Harbour Books' }).waitFor();
		await frame.getByText(chat.config.greeting).waitFor();
		await frame.locator('textarea:focus').waitFor();
		expect(await inFrame(page)).toBe(true);
		expect(await launcher(page).getAttribute('aria-expanded')).toBe('true');
		await page.keyboard.type('Hello');
		await page.keyboard.press('Enter');
		await frame.getByText('Hi!').waitFor();
		await until(() => chat.visitor().messages.at(-1)?.status === 'read');

		await page.keyboard.press('Escape');
		await page.getByRole('dialog').waitFor({ state: 'hidden' });
		expect(await onLauncher(page)).toBe(true);
		chat.say({ text: 'Still there?' });
		await page.getByRole('button', { name: 'Open chat with Harbour Books, 1 new message' }).waitFor();
		await until(() => chat.visitor().messages.at(-1)?.status === 'delivered');
		await launcher(page).click();
		await frame.getByText('Still there?').waitFor();
		await until(() => chat.visitor().messages.at(-1)?.status === 'read');
		await frame.getByRole('button', { name: 'Close chat' }).click();
		await page.getByRole('button', { name: 'Open chat with Harbour Books', exact: true }).waitFor();
		expect(complaints).toEqual([]);
	});

	test('the visitor is known again by the token that the site keeps, also where the frame’s own storage is gone', async () => {
		const { page, frame } = await visit();
		await launcher(page).click();
		await field(frame).fill('Hello');
		await field(frame).press('Enter');
		await frame.getByText('Sent').waitFor();
		const kept = await page.evaluate(() => Object.entries(localStorage));
		expect(kept.map(([key]) => key)).toEqual([`conversations ${chat.page} token`]);
		await page.close();

		// A new browser profile that has the site's storage alone.
		const context = await chrome.newContext({ storageState: { cookies: [], origins: [{ origin: shop.origin, localStorage: kept.map(([name, value]) => ({ name, value })) }] } });
		const later = await context.newPage();
		chat.say({ text: 'While you were away' });
		await later.goto(`${shop.origin}/`);
		await later.getByRole('button', { name: /1 new message/ }).click();
		await later.frameLocator('iframe').getByText('While you were away').waitFor();
		expect(chat.visitors.size).toBe(1);
	});

	test('only the frame and only from its origin: others get nothing and change nothing', async () => {
		const { page, frame } = await visit();
		await launcher(page).click();
		await frame.getByText(chat.config.greeting).waitFor();
		const before = await page.evaluate(() => JSON.stringify(localStorage));
		// The site itself and a frame of another origin try to pass for the chat page.
		await page.evaluate(() => {
			window.postMessage({ conversations: 'token', token: 'forged' }, '*');
			window.postMessage({ conversations: 'close' }, '*');
		});
		await page.evaluate(async (address) => {
			const other = document.createElement('iframe');
			other.id = 'other';
			other.src = address;
			await new Promise((resolve) => {
				other.onload = resolve;
				document.body.append(other);
			});
		}, `${shop.origin.replace('127.0.0.1', 'localhost')}/nothing/none`);
		const frameAt = (part: string) => page.frames().find((one) => one.url().includes(part));
		await frameAt('/none')?.evaluate(() => {
			window.parent.postMessage({ conversations: 'token', token: 'forged' }, '*');
			window.parent.postMessage({ conversations: 'close' }, '*');
		});
		// And somebody who is not the launcher tries to pass for it.
		await frameAt('embed=1')?.evaluate(() => window.postMessage({ conversations: 'visible', visible: false }, '*'));
		await field(frame).fill('still me');
		await field(frame).press('Enter');
		await frame.getByText('Sent').waitFor();
		expect(await page.evaluate(() => JSON.stringify(localStorage))).toBe(before);
		expect(await page.getByRole('dialog').isVisible()).toBe(true);
		chat.say({ text: 'seen' });
		await until(() => chat.visitor().messages.at(-1)?.status === 'read');
	});

	test('loaded twice there is one launcher; thrown out by the site it comes back with the next load', async () => {
		shop.site = shopPage().replace('</body>', `<script src="${chat.page}/widget.js"></script></body>`);
		const { page } = await visit();
		await launcher(page).waitFor();
		const load = () =>
			page.evaluate(
				(src) =>
					new Promise((resolve) => {
						const script = Object.assign(document.createElement('script'), { src, onload: resolve });
						document.body.append(script);
					}),
				`${chat.page}/widget.js`,
			);
		await load();
		expect(await launcher(page).count()).toBe(1);
		await page.evaluate(() => document.body.replaceChildren());
		expect(await launcher(page).count()).toBe(0);
		await load();
		expect(await launcher(page).count()).toBe(1);
	});

	test('attributes of the tag: place, words, colour, open from the start without taking the focus', async () => {
		shop.site = shopPage('data-position="left" data-label="Ask us" data-colour="#ffd400" data-open="true"');
		const { page, frame } = await visit();
		const button = page.getByRole('button', { name: 'Ask us' });
		await button.waitFor();
		expect((await button.boundingBox())?.x).toBeLessThan(50);
		expect(await button.evaluate((one) => [getComputedStyle(one).backgroundColor, getComputedStyle(one).color])).toEqual(['rgb(255, 212, 0)', 'rgb(16, 20, 26)']);
		await frame.getByText(chat.config.greeting).waitFor();
		expect(await frame.locator('header').evaluate((one) => getComputedStyle(one).backgroundColor)).toBe('rgb(255, 212, 0)');
		expect(await inFrame(page)).toBe(false);
	});

	test('works under a strict CSP of the site, whose styles stay outside', async () => {
		const csp = `default-src 'none'; script-src ${chat.origin}; frame-src ${chat.origin}`;
		shop.site = shopPage('', `<meta http-equiv="Content-Security-Policy" content="${csp}">`);
		const { page, frame, complaints } = await visit();
		await launcher(page).click();
		await frame.getByText(chat.config.greeting).waitFor();
		expect(await launcher(page).evaluate((one) => getComputedStyle(one).borderTopLeftRadius)).toBe('30px');
		expect(complaints).toEqual([]);
	});

	test('a site that the business has not allowed gets no chat', async () => {
		chat.frameAncestors = "'self'";
		const { page, frame, complaints } = await visit();
		await launcher(page).click();
		await until(() => complaints.some((one) => one.includes('frame-ancestors')));
		expect(await frame.getByRole('log').count()).toBe(0);
	});

	test('on a phone the window fills the screen and the site behind does not scroll', async () => {
		const { page, frame } = await visit({ viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true });
		await page.evaluate(() => document.getElementById('tall')?.style.setProperty('height', '3000px'));
		await launcher(page).tap();
		await frame.getByText(chat.config.greeting).waitFor();
		expect(await page.locator('iframe').boundingBox()).toEqual({ x: 0, y: 0, width: 360, height: 640 });
		expect(await page.evaluate(() => getComputedStyle(document.documentElement).overflow)).toBe('hidden');
		await frame.getByRole('button', { name: 'Close chat' }).tap();
		await page.getByRole('dialog').waitFor({ state: 'hidden' });
		expect(await page.evaluate(() => getComputedStyle(document.documentElement).overflow)).toBe('visible');
	});

	test('stays open from page to page of the site', async () => {
		const { page, frame } = await visit();
		await launcher(page).click();
		await frame.getByText(chat.config.greeting).waitFor();
		await page.goto(`${shop.origin}/?next`);
		await frame.getByText(chat.config.greeting).waitFor();
		await page.getByRole('dialog').waitFor();
		expect(await inFrame(page)).toBe(false);
	});
});
