import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, crc32 } from 'node:zlib';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from '../e2e/kit/browser';

/** Builds the page from the sources as they are, apart from what is in dist. @returns the folder with the files */
function buildPage(): string {
	const folder = mkdtempSync(join(tmpdir(), 'webchat-'));
	execFileSync(process.execPath, ['scripts/build-webchat.mjs', folder], { cwd: join(__dirname, '../..') });
	return folder;
}

/**
 * For the tests of one file: a browser and the page built from the sources. Each test begins with no page open. On a
 * machine without a browser the tests are skipped, which `npm run test:e2e` says.
 */
export class ChatBrowser {
	private running: Browser | undefined;
	private folder = '';

	/** Registers what jest does before and after. */
	static forTests(): ChatBrowser {
		const chrome = new ChatBrowser();
		beforeAll(async () => {
			chrome.folder = buildPage();
			chrome.running = await launchBrowser();
		});
		afterEach(async () => {
			await Promise.all(chrome.running?.contexts().map((context) => context.close()) ?? []);
		});
		afterAll(async () => {
			await chrome.running?.close();
			rmSync(chrome.folder, { recursive: true, force: true });
		});
		return chrome;
	}

	/** Where the page's files are. */
	get assets(): string {
		return this.folder;
	}

	newContext(options?: BrowserContextOptions): Promise<BrowserContext> {
		if (!this.running) throw new Error('The browser has not been started.');
		// Where a thing is must not depend on how far it has moved in yet.
		return this.running.newContext({ reducedMotion: 'reduce', ...options });
	}
}

/** Everything a page complains about, but for requests that a test lets fail. */
export function complaintsOf(page: Page): string[] {
	const complaints: string[] = [];
	page.on('pageerror', (error) => complaints.push(error.message));
	page.on('console', (message) => {
		if (message.type() === 'error' && !/^Failed to load resource/.test(message.text())) complaints.push(message.text());
		else if (/Content.Security.Policy/i.test(message.text())) complaints.push(message.text());
	});
	return complaints;
}

/** Says that the page is hidden or visible, as switching tabs does. */
export async function switchTab(page: Page, hidden: boolean): Promise<void> {
	await page.evaluate((value) => {
		Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
		Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (value ? 'hidden' : 'visible') });
		document.dispatchEvent(new Event('visibilitychange'));
	}, hidden);
}

/** A PNG of one colour. */
export function picture(width = 40, height = 30): Buffer {
	const chunk = (type: string, data: Buffer) => {
		const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
		const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
		length.writeUInt32BE(data.length);
		check.writeUInt32BE(crc32(body));
		return Buffer.concat([length, body, check]);
	};
	const head = Buffer.alloc(13);
	head.writeUInt32BE(width, 0);
	head.writeUInt32BE(height, 4);
	head.set([8, 2, 0, 0, 0], 8);
	const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, 0x9c)]);
	const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
	return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

/**
 * The texts of a page that are hard to read: contrast below 4.5:1 with what is really behind them. Colours go through a
 * canvas, which understands every notation and blends what is half transparent.
 */
export function poorContrasts(page: Page): Promise<string[]> {
	return page.evaluate(() => {
		const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
		if (!canvas) throw new Error('This browser has no canvas.');
		const paint = (colours: string[]): [number, number, number] => {
			canvas.clearRect(0, 0, 1, 1);
			for (const colour of colours) {
				canvas.fillStyle = colour;
				canvas.fillRect(0, 0, 1, 1);
			}
			const [r = 0, g = 0, b = 0] = canvas.getImageData(0, 0, 1, 1).data;
			return [r, g, b];
		};
		const luminance = (rgb: number[]) => {
			const [r = 0, g = 0, b = 0] = rgb.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
			return 0.2126 * r + 0.7152 * g + 0.0722 * b;
		};
		const grounds = (element: Element | null): string[] => (element ? [...grounds(element.parentElement), getComputedStyle(element).backgroundColor] : ['white']);
		const poor: string[] = [];
		const judge = (element: Element, text: string, colour: string) => {
			const behind = grounds(element);
			const [a, b] = [luminance(paint(behind)), luminance(paint([...behind, colour]))];
			const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
			if (contrast < 4.5) poor.push(`${text}: ${contrast.toFixed(2)}`);
		};
		const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		for (let node = texts.nextNode(); node; node = texts.nextNode()) {
			const element = node.parentElement;
			const text = node.textContent?.trim();
			if (element && text && element.checkVisibility()) judge(element, text, getComputedStyle(element).color);
		}
		for (const field of document.querySelectorAll('textarea')) judge(field, 'placeholder', getComputedStyle(field, '::placeholder').color);
		return poor;
	});
}

/** Controls that a keyboard or a screen reader would have trouble with. */
export function namelessControls(page: Page): Promise<string[]> {
	return page.evaluate(() =>
		[...document.querySelectorAll<HTMLElement>('button, a[href], input, textarea, audio, video, img, [role], [tabindex]')]
			.filter((element) => element.checkVisibility() && !element.closest('[aria-hidden="true"]'))
			.filter((element) => {
				const name = element.getAttribute('aria-label') ?? element.getAttribute('alt') ?? element.textContent ?? '';
				return name.trim() === '' && !['status', 'alert'].includes(element.getAttribute('role') ?? '') && element.getAttribute('alt') !== '';
			})
			.map((element) => element.outerHTML.slice(0, 120)),
	);
}
