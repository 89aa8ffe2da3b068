import type { BrowserContextOptions, Page } from 'playwright-core';
import type { ChatBrowser } from './browser';
import type { FakeChat } from './fake-server';

/** A menu as a workflow offers it. */
export const MENU = [
	{ id: 'a', label: 'Where is my order?' },
	{ id: 'b', label: 'Returns' },
];

/** The chat page in a browser profile of its own, once it shows its greeting. */
export async function openChat(chrome: ChatBrowser, server: FakeChat, options: BrowserContextOptions = {}): Promise<Page> {
	const context = await chrome.newContext({ viewport: { width: 1000, height: 700 }, ...options });
	const page = await context.newPage();
	page.setDefaultTimeout(20_000);
	await page.goto(server.page);
	await page.getByText(server.config.greeting).waitFor();
	return page;
}

/** Where the visitor writes. */
export const field = (page: Page) => page.getByRole('textbox', { name: 'Message' });

export async function say(page: Page, text: string): Promise<void> {
	await field(page).fill(text);
	await field(page).press('Enter');
}

/** Waits until so many messages of the visitor are shown as sent. */
export const sent = (page: Page, count = 1) =>
	page.waitForFunction((n) => document.querySelectorAll('.own.sent').length === n, count);
