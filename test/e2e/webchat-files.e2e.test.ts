import type { Page } from 'playwright-core';
import { ChatBrowser, complaintsOf, picture } from '../webchat/browser';
import { field, openChat } from '../webchat/chat-page';
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

const tray = (page: Page) => page.getByRole('list', { name: 'Files to send' });
const sentFiles = () => server.visitor().messages.flatMap((one) => one.attachments.map(({ name, sizeBytes }) => `${name} ${sizeBytes}`));
const textFile = (name: string, sizeBytes = 3) => ({ name, mimeType: 'text/plain', buffer: Buffer.alloc(sizeBytes, 'x') });

/** Lets the page believe that files were pasted or dropped. */
async function give(page: Page, how: 'paste' | 'drop', names: string[], text = ''): Promise<void> {
	await field(page).evaluate(
		(target, [kind, list, words]) => {
			const data = new DataTransfer();
			for (const name of list) data.items.add(new File([name], name, { type: 'text/plain' }));
			if (words !== '') data.setData('text/plain', words);
			const common = { bubbles: true, cancelable: true };
			if (kind === 'paste') target.dispatchEvent(new ClipboardEvent('paste', { ...common, clipboardData: data }));
			else for (const name of ['dragenter', 'dragover', 'drop']) target.dispatchEvent(new DragEvent(name, { ...common, dataTransfer: data }));
		},
		[how, names, text] as const,
	);
}

describe('files of the visitor', () => {
	test('picked, pasted and dropped: all arrive with one message', async () => {
		const page = await open();
		const complaints = complaintsOf(page);
		const chooser = page.waitForEvent('filechooser');
		await page.getByRole('button', { name: 'Attach files' }).click();
		await (await chooser).setFiles([{ name: 'käse.png', mimeType: 'image/png', buffer: picture() }, textFile('a.txt')]);
		await give(page, 'paste', ['pasted.txt']);
		await give(page, 'drop', ['dropped one.txt', 'dropped two.txt']);
		await tray(page).getByText('dropped two').waitFor();
		await page.getByRole('button', { name: 'Remove dropped one.txt' }).click();
		await field(page).fill('My papers');
		await field(page).press('Enter');
		await page.getByText('Sent').waitFor();
		expect(server.visitor().messages.map((one) => one.text)).toEqual(['My papers']);
		expect(sentFiles()).toEqual([`käse.png ${picture().length}`, 'a.txt 3', 'pasted.txt 10', 'dropped two.txt 15']);
		expect(await tray(page).count()).toBe(0);

		await page.getByRole('button', { name: 'Open image käse.png' }).click();
		const dialog = page.getByRole('dialog', { name: 'Image käse.png' });
		expect(await dialog.getByRole('img').evaluate((img: HTMLImageElement) => img.decode().then(() => [img.naturalWidth, img.naturalHeight]))).toEqual([40, 30]);
		await dialog.getByRole('button', { name: 'Close image' }).click();
		await dialog.waitFor({ state: 'detached' });
		const download = page.waitForEvent('download');
		await page.getByRole('link', { name: 'Download a.txt, 3 B' }).click();
		expect((await download).suggestedFilename()).toBe('a.txt');
		expect(complaints).toEqual([]);
	});

	test('text pasted from an office program stays text, its picture is left out', async () => {
		const page = await open();
		await give(page, 'paste', ['picture of the text.png'], 'the text');
		await give(page, 'paste', ['a.txt']);
		await tray(page).waitFor();
		expect(await tray(page).getByRole('listitem').count()).toBe(1);
	});

	test('more than 10 MB or too many files are refused here, with a sentence', async () => {
		const page = await open();
		await page.setInputFiles('input[type=file]', [textFile('film.mp4', 10 * 1024 * 1024 + 1), textFile('ok.txt', 10 * 1024 * 1024)]);
		await page.getByRole('alert').getByText('“film.mp4” is too large. Files can have up to 10 MB.').waitFor();
		await page.setInputFiles('input[type=file]', Array.from({ length: 10 }, (_, i) => textFile(`${i}.txt`)));
		await page.getByRole('alert').getByText('One message can have up to 10 files.').waitFor();
		expect(await tray(page).getByRole('listitem').count()).toBe(10);
	});

	test('a lost connection: the upload is repeated, the message goes when it is through, once', async () => {
		const page = await open();
		server.faults.files.push('cut-before', 'cut-after', { status: 200, body: 'n8n is starting up. Please wait', type: 'text/plain' });
		await page.setInputFiles('input[type=file]', textFile('a.txt'));
		await field(page).fill('with file');
		await field(page).press('Enter');
		await page.getByText('Your message goes when the files are uploaded.').waitFor();
		await page.getByText('Waits for the connection.').waitFor();
		await page.getByText('Sent').waitFor();
		expect(server.visitor().messages.map((one) => one.text)).toEqual(['with file']);
		expect(sentFiles()).toEqual(['a.txt 3']);
	});

	test('a file the server does not want says why; the rest can go', async () => {
		const page = await open();
		server.faults.files.push(refusal(413, { code: 'too_large', message: 'This visitor has sent enough for today.' }));
		await page.setInputFiles('input[type=file]', [textFile('a.txt'), textFile('b.txt')]);
		await tray(page).getByText('This visitor has sent enough for today.').waitFor();
		await page.getByRole('button', { name: 'Remove a.txt' }).click();
		await page.getByRole('button', { name: 'Send message' }).click();
		await page.getByText('Sent').waitFor();
		expect(sentFiles()).toEqual(['b.txt 3']);
	});

	test('uploaded files of an unsent draft survive a reload', async () => {
		const page = await open();
		await page.setInputFiles('input[type=file]', textFile('a.txt'));
		await tray(page).getByText('3 B').waitFor();
		await page.reload();
		await tray(page).getByText('3 B').waitFor();
		await page.getByRole('button', { name: 'Send message' }).click();
		await page.getByText('Sent').waitFor();
		expect(sentFiles()).toEqual(['a.txt 3']);
	});
});

describe('files of the business', () => {
	test('images, films and sounds are shown, others can be downloaded', async () => {
		const page = await open();
		await field(page).fill('Hello');
		await field(page).press('Enter');
		await page.getByText('Sent').waitFor();
		const complaints = complaintsOf(page);
		const files = [server.addFile('map.png', picture()), server.addFile('tour.mp4', Buffer.alloc(99)), server.addFile('hello.wav', Buffer.alloc(44)), server.addFile('terms.pdf', Buffer.alloc(182_000))];
		server.say({ text: 'Here you are', attachments: [...files, { ...files[3]!, fileId: 'x', name: 'evil', url: 'javascript:alert(1)' }] });
		await page.getByRole('button', { name: 'Open image map.png' }).waitFor();
		expect(await page.getByLabel('Video tour.mp4').count()).toBe(1);
		expect(await page.getByLabel('Audio hello.wav').count()).toBe(1);
		await page.getByRole('link', { name: 'Download terms.pdf, 182 kB' }).waitFor();
		await page.getByText('evil').waitFor();
		expect(await page.locator('a[href^=javascript]').count()).toBe(0);
		await until(() => server.visitor().messages.at(-1)?.status === 'read');
		expect(complaints).toEqual([]);
	});
});
