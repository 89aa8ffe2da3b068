import type { WireAttachment } from '../../src/channels/webchat/wire';
import { UNREACHABLE, type Settled } from '../../src/webchat/logic/answers';
import { Uploads } from '../../src/webchat/logic/uploads';
import { until } from '../until';

const LIMITS = { textMax: 2_000, fileMaxBytes: 10 * 1024 * 1024, attachmentsMax: 3 };
const file = (name: string, sizeBytes = 3) => new File([new Uint8Array(sizeBytes)], name);

function desk(weather: Settled<WireAttachment>[] = [], retryMs = 0) {
	let ids = 0;
	const got: string[] = [];
	const progress: number[] = [];
	const uploads: Uploads = new Uploads({
		limits: LIMITS,
		put: async (one, onProgress) => {
			onProgress(0.5);
			const now = weather.shift();
			if (now) return Promise.resolve(now);
			got.push(one.name);
			const { name, size } = one;
			return Promise.resolve({ kind: 'done', value: { fileId: `f-${name}`, kind: 'file', name, mime: '', sizeBytes: size, url: '' } });
		},
		newId: () => `k${++ids}`,
		retryAfter: () => retryMs,
		onChange: (list) => progress.push(...list.filter((one) => one.state === 'uploading').map((one) => one.progress)),
	});
	const states = () => uploads.all.map((one) => one.state);
	return { uploads, states, got, progress };
}

describe('files of the message being written', () => {
	test('are uploaded in order and given to the message once', async () => {
		const { uploads, states, got, progress } = desk();
		expect(uploads.add([file('a'), file('b')])).toEqual([]);
		await until(() => states().join() === 'done,done');
		expect(got).toEqual(['a', 'b']);
		expect(progress).toContain(0.5);
		expect(uploads.take().map((one) => one.fileId)).toEqual(['f-a', 'f-b']);
		expect(uploads.take()).toEqual([]);
	});

	test('too large or too many: refused here, with a sentence', () => {
		const { uploads } = desk();
		expect(uploads.add([file('film.mp4', LIMITS.fileMaxBytes + 1), file('ok', LIMITS.fileMaxBytes)])).toEqual([
			'“film.mp4” is too large. Files can have up to 10 MB.',
		]);
		expect(uploads.add([file('b'), file('c'), file('d')])).toEqual(['One message can have up to 3 files.']);
		expect(uploads.all.map((one) => one.name)).toEqual(['ok', 'b', 'c']);
	});

	test('a lost connection is waited for, a refusal says why and lets the others go', async () => {
		const { uploads, states } = desk([UNREACHABLE, { kind: 'refused', sentence: 'No programs, please.' }]);
		uploads.add([file('a.exe'), file('b')]);
		await until(() => states().join() === 'refused,done');
		expect(uploads.all[0]?.sentence).toBe('No programs, please.');
		expect(uploads.take().map((one) => one.name)).toEqual(['b']);
	});

	test('a removed file is forgotten, and what is behind it goes', async () => {
		const { uploads, states, got } = desk([UNREACHABLE], 10 ** 8);
		uploads.add([file('a'), file('b')]);
		await until(() => states()[0] === 'held');
		uploads.remove(uploads.all[0]?.key ?? '');
		await until(() => states().join() === 'done');
		expect(got).toEqual(['b']);
	});

	test('files of a draft from before a reload are there', () => {
		const { uploads } = desk();
		const kept: WireAttachment = { fileId: 'f1', kind: 'image', name: 'a.png', mime: 'image/png', sizeBytes: 5, url: 'x' };
		uploads.restore([kept]);
		expect(uploads.take()).toEqual([kept]);
	});
});
