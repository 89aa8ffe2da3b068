import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { OWNER } from '../../../demo/n8n-env.mjs';

/** Found by `npm run test:e2e`, which says so when there is none. */
const path = process.env['CHROMIUM_PATH'];

/** Tests that need a browser; skipped on a machine without one. */
export const describeInBrowser = path ? describe : describe.skip;

/** The pages talk to this machine only. No sandbox: in a container it can't be had. */
const ARGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

export function launchBrowser(): Promise<Browser> {
	if (!path) throw new Error('There is no browser on this machine; put this test into describeInBrowser.');
	return chromium.launch({ executablePath: path, args: ARGS });
}

/** A page of n8n's editor, signed in as the owner. */
export async function openEditor(browser: Browser, url: string): Promise<Page> {
	const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
	await page.goto(`${url}/signin`);
	await page.fill('input[type=email]', OWNER.email);
	await page.fill('input[type=password]', OWNER.password);
	await page.click('[data-test-id="form-submit-button"]');
	await page.waitForURL(/home|workflow/);
	return page;
}

/** Opens a workflow on the canvas and waits until its nodes are drawn. */
export async function openWorkflow(page: Page, url: string, id: string): Promise<void> {
	await page.goto(`${url}/workflow/${id}`);
	await page.locator('[data-test-id="canvas-node"]').first().waitFor();
}

/** 'Import from File' in a new workflow; `file` is a path. */
export async function importWorkflow(page: Page, url: string, file: string): Promise<void> {
	await page.goto(`${url}/workflow/new`);
	await page.locator('[data-test-id="workflow-menu"]').first().waitFor();
	await page.locator('[data-test-id="workflow-import-input"]').setInputFiles(file);
	await page.locator('[data-test-id="canvas-node"]').first().waitFor();
}

/** Opens the panel of a node on the canvas. */
export async function openNode(page: Page, name: string): Promise<void> {
	await page.locator('[data-test-id="canvas-node"]', { hasText: name }).first().dblclick();
	await page.locator('[data-test-id="node-parameters"]').first().waitFor();
}

/** Searches the panel of nodes and gives the names found. @throws when none of them holds `words` */
export async function searchNodes(page: Page, words: string): Promise<string[]> {
	await page.locator('[data-test-id="node-creator-plus-button"]').click();
	await page.locator('[data-test-id="node-creator-search-bar"]').fill(words);
	const names = page.locator('[data-test-id="node-creator-item-name"]');
	await names.filter({ hasText: words }).first().waitFor();
	return names.allInnerTexts();
}

/** `file` is relative to the root of the repository; its folder is made when it is not there. */
export async function screenshot(page: Page, file: string): Promise<void> {
	mkdirSync(dirname(file), { recursive: true });
	await page.screenshot({ path: file });
}
