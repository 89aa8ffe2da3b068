import { setTimeout as wait } from 'node:timers/promises';
import { LoggerProxy } from 'n8n-workflow';
import type { ReceivedMail } from '../../../src/core/mail';
import { Bell } from '../../../src/n8n/mail/bell';
import { mailService } from '../../../src/n8n/mail/service';
import { fakeImap, type FakeImap } from '../../fakes/mail-imap';
import { until } from '../../until';
import { outcomeOf, serverOn } from './outgoing';

const { user, password } = serverOn(0);
let imap: FakeImap;
const warn = jest.fn();

const serve = async (options?: { idle?: boolean }) => {
	imap = await fakeImap({ user, password }, options);
};
const service = (more: { password?: string; mailbox?: string; port?: number; host?: string } = {}) =>
	mailService({ smtp: serverOn(1), imap: { ...serverOn(imap.port), mailbox: 'INBOX', ...more } });
const mail = (subject: string) => `From: ann@example.test\nMessage-ID: <${subject}@example.test>\nSubject: ${subject}\n\nHello`;
const subjects = (mails: readonly ReceivedMail[]) => mails.map(({ subject }) => subject);
const open = new AbortController().signal;
/** Gives the mails new numbers, and waits until all know that their connections have ended. */
const renumber = async () => {
	imap.renumber();
	await until(() => imap.open() === 0);
	await wait(20);
};

beforeEach(() => {
	warn.mockReset();
	LoggerProxy.init({ error: warn, warn, info: warn, debug: warn });
	return serve();
});
afterEach(() => imap.close());

describe('reading on', () => {
	test('the first question starts behind what is there, and does not wait', async () => {
		imap.put(mail('old'));
		const { next } = service();
		const { mails, cursor } = await next(null, open);
		expect(mails).toEqual([]);
		imap.put(mail('new'));
		expect(subjects((await next(cursor, open)).mails)).toEqual(['new']);
	});

	test('an empty mailbox', async () => {
		const { next } = service();
		const { cursor } = await next(null, open);
		imap.put(mail('first'));
		expect(subjects((await next(cursor, open)).mails)).toEqual(['first']);
	});

	test('a mail that comes while it waits is there at once', async () => {
		const { next } = service();
		const { cursor } = await next(null, open);
		const news = next(cursor, open);
		await until(() => imap.commands.includes('IDLE'));
		imap.put(mail('now'));
		const { mails } = await news;
		expect(mails).toMatchObject([{ subject: 'now', text: 'Hello', key: '1.1', messageId: '<now@example.test>' }]);
		expect(Math.abs(Date.now() - (mails[0]?.receivedAt ?? 0))).toBeLessThan(60_000);
	});

	test('many come in their order, some at a time, over one connection', async () => {
		const { next } = service();
		let { cursor } = await next(null, open);
		const names = Array.from({ length: 65 }, (_, index) => `m${index}`);
		names.forEach((name) => imap.put(mail(name)));
		const sizes: number[] = [];
		const read: string[] = [];
		while (read.length < names.length) {
			const news = await next(cursor, open);
			sizes.push(news.mails.length);
			read.push(...subjects(news.mails));
			cursor = news.cursor;
			expect(imap.open()).toBe(1);
		}
		expect(read).toEqual(names);
		expect(sizes).toEqual([20, 20, 20, 5]);
		expect(imap.commands.filter((command) => command.startsWith('EXAMINE'))).toHaveLength(1);
	});

	test('questions at the same time take turns', async () => {
		const { next } = service();
		const { cursor } = await next(null, open);
		imap.put(mail('a'));
		const both = await Promise.all([next(cursor, open), next(cursor, open)]);
		expect(both.map(({ mails }) => subjects(mails))).toEqual([['a'], ['a']]);
		expect(imap.open()).toBe(1);
	});

	test('nothing is written: the mailbox is opened for reading, bodies are peeked at', async () => {
		const { next } = service();
		const { cursor } = await next(null, open);
		imap.put(mail('a'));
		await next(cursor, open);
		expect(imap.commands.join('\n')).not.toMatch(/SELECT|STORE|EXPUNGE|BODY\[|CLOSE|APPEND|MOVE|COPY/);
	});

	test('a cursor that is none starts behind what is there', async () => {
		imap.put(mail('old'));
		expect((await service().next('what?', open)).mails).toEqual([]);
	});
});

describe('UIDVALIDITY', () => {
	const put = (name: string, minutesAgo: number) => imap.put(mail(name), new Date(Date.now() - minutesAgo * 60_000));

	test('with new numbers none is lost, and what came long before is not read again', async () => {
		put('old', 3 * 24 * 60);
		put('last old', 24 * 60);
		const { next } = service();
		let { cursor } = await next(null, open);
		put('a', 300);
		put('b', 30);
		({ cursor } = await next(cursor, open));
		put('c', 20);
		await renumber();
		const again = await next(cursor, open);
		expect(subjects(again.mails)).toEqual(['b', 'c']);
		expect(again.mails.map(({ key }) => key)).toEqual(['2.4', '2.5']);
		put('d', 0);
		expect(subjects((await next(again.cursor, open)).mails)).toEqual(['d']);
	});

	test('before any was read, nothing old comes', async () => {
		put('old', 5);
		const { next } = service();
		const { cursor } = await next(null, open);
		await renumber();
		put('new', 0);
		expect(subjects((await next(cursor, open)).mails)).toEqual(['new']);
	});

	test('many that have to be read again come some at a time, and then what is new, however old it says it is', async () => {
		const { next } = service();
		let { cursor } = await next(null, open);
		put('first', 50);
		({ cursor } = await next(cursor, open));
		for (let index = 0; index < 45; index += 1) put(`m${index}`, 40);
		await renumber();
		const read: string[] = [];
		for (let round = 0; round < 3; round += 1) {
			const news = await next(cursor, open);
			read.push(...subjects(news.mails));
			cursor = news.cursor;
		}
		expect(read).toEqual(['first', ...Array.from({ length: 45 }, (_, index) => `m${index}`)]);
		put('moved here', 10 * 24 * 60);
		expect(subjects((await next(cursor, open)).mails)).toEqual(['moved here']);
	});

	test('another mailbox with the same number is another mailbox', async () => {
		put('a', 60);
		const { next } = service();
		let { cursor } = await next(null, open);
		put('b', 30);
		({ cursor } = await next(cursor, open));
		const first = imap;
		await serve();
		put('other old', 24 * 60);
		put('other new', 5);
		const other = mailService({ smtp: serverOn(1), imap: { ...serverOn(imap.port, { host: 'localhost' }), mailbox: 'INBOX' } });
		expect(subjects((await other.next(cursor, open)).mails)).toEqual(['other new']);
		await first.close();
	});
});

describe('trouble', () => {
	test.each([
		['a wrong password', { password: 'guess' }, { server: 'imap', about: 'login', status: null, enhanced: null, response: '[AUTHENTICATIONFAILED] Authentication failed.' }],
		['an unknown mailbox', { mailbox: 'Nowhere' }, { server: 'imap', about: 'mailbox', status: null, enhanced: null, response: '[NONEXISTENT] No such mailbox' }],
		['nobody there', { port: 1 }, 'before'],
	])('%s', async (_name, more, said) => {
		expect(await outcomeOf(service(more).check('imap'))).toEqual(said);
		expect(await outcomeOf(service(more).next(null, open))).toEqual(said);
		await until(() => imap.open() === 0);
	});

	test('a password for another machine does not leave before the connection is encrypted', async () => {
		// By this name the machine is found, and not known to be this one.
		expect(await outcomeOf(service({ host: '127.1' }).check('imap'))).toMatchObject({ about: 'tls', response: 'the server offers no encryption on this port' });
		expect(imap.commands.join()).not.toMatch(/AUTH|LOGIN/);
	});

	test('all is well: the test logs out again', async () => {
		await service().check('imap');
		expect(imap.commands.at(-1)).toBe('LOGOUT');
		await until(() => imap.open() === 0);
	});

	test.each([
		[/^AUTHENTICATE/, 'NO [UNAVAILABLE] Temporary failure', 'other'],
		[/^AUTHENTICATE/, 'NO [AUTHORIZATIONFAILED] No such authorization-ID', 'login'],
		[/^AUTHENTICATE/, 'NO [PRIVACYREQUIRED] Connection offers no privacy', 'tls'],
		[/^AUTHENTICATE/, 'NO Invalid credentials', 'login'],
		[/^EXAMINE/, 'NO [UNAVAILABLE] Try later', 'other'],
		[/^EXAMINE/, 'NO [NOPERM] Permission denied', 'mailbox'],
	])('%s: %s', async (command, reply, about) => {
		imap.next(command, reply);
		expect(await outcomeOf(service().check('imap'))).toMatchObject({ server: 'imap', about });
	});

	test('a password that the server repeats is left out', async () => {
		imap.next(/^AUTHENTICATE/, `NO [AUTHENTICATIONFAILED] ${password} is wrong`);
		const said = await outcomeOf(service().check('imap'));
		expect(said).toMatchObject({ about: 'login', response: '[AUTHENTICATIONFAILED] … is wrong' });
	});

	test.each(['AUTHENTICATE', 'EXAMINE', 'UID SEARCH', 'UID FETCH', 'IDLE'])('it hangs up at %s: the next question reads on', async (command) => {
		const { next } = service();
		const { cursor } = await next(null, open);
		if (command !== 'IDLE') {
			await renumber();
			imap.put(mail('a'));
		}
		imap.next(new RegExp(`^${command}`), 'hang up');
		expect(await outcomeOf(next(cursor, open))).toBe('before');
		if (command === 'IDLE') imap.put(mail('a'));
		expect(subjects((await next(cursor, open)).mails)).toEqual(['a']);
	});

	test('a server that says it waits, and then does not, is asked', async () => {
		const { next } = service();
		const { cursor } = await next(null, open);
		imap.next(/^IDLE/, 'BAD what?');
		const waits = jest.spyOn(Bell.prototype, 'wait');
		const end = new AbortController();
		const news = outcomeOf(next(cursor, end.signal));
		await until(() => waits.mock.calls.length === 2);
		expect(waits.mock.calls.map(([ms]) => ms <= 30_000)).toEqual([false, true]);
		end.abort();
		expect(await news).toBe('before');
		waits.mockRestore();
	});

	test('a mail that the server cannot hand out comes with what can be had, and does not stop the others', async () => {
		const { next } = service();
		const { cursor } = await next(null, open);
		imap.put(mail('bad'));
		imap.put(mail('good'));
		for (let times = 0; times < 2; times += 1) {
			imap.next(/^UID FETCH 1 .*BODY.PEEK\[\]/, 'NO [SERVERBUG] Internal error');
			expect(await outcomeOf(next(cursor, open))).toMatchObject({ about: 'other', response: 'Internal error' });
		}
		const { mails } = await next(cursor, open);
		expect(mails).toMatchObject([{ subject: 'bad', text: 'Hello' }, { subject: 'good' }]);
	});

	test('one that cannot be had at all is passed over, which the log says without telling what is in it', async () => {
		const { next } = service();
		const { cursor } = await next(null, open);
		imap.put(mail('very bad'));
		imap.put(mail('good'));
		for (let times = 0; times < 4; times += 1) {
			imap.next(/^UID FETCH 1 \((BODY|UID BODY)/, 'hang up');
			expect(await outcomeOf(next(cursor, open))).toBe('before');
		}
		expect(subjects((await next(cursor, open)).mails)).toEqual(['good']);
		expect(warn.mock.calls).toEqual([[expect.stringMatching(/failed 4 times to hand out mail 1\.1 /)]]);
	});
});

describe('ending', () => {
	test('the signal ends the wait and the connection at once', async () => {
		const { next } = service();
		const { cursor } = await next(null, open);
		const end = new AbortController();
		const news = outcomeOf(next(cursor, end.signal));
		await until(() => imap.commands.includes('IDLE'));
		const since = Date.now();
		end.abort();
		expect(await news).toBe('before');
		expect(Date.now() - since).toBeLessThan(1_000);
		await until(() => imap.open() === 0);
		expect(await outcomeOf(next(cursor, end.signal))).toBe('before');
	});

	test('also while it connects, and between two questions', async () => {
		const end = new AbortController();
		imap.next(/^AUTHENTICATE/, 'hang');
		const first = outcomeOf(service().next(null, end.signal));
		await until(() => imap.commands.includes('AUTHENTICATE PLAIN'));
		end.abort();
		expect(await first).toBe('before');
		await until(() => imap.open() === 0);

		const later = new AbortController();
		await service().next(null, later.signal);
		expect(imap.open()).toBe(1);
		later.abort();
		await until(() => imap.open() === 0);
	});

	describe('by the clock', () => {
		beforeEach(() => {
			jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
		});
		afterEach(() => {
			jest.useRealTimers();
		});
		const moment = async (holds: () => boolean) => {
			for (let round = 0; round < 2_000 && !holds(); round += 1) await new Promise((resolve) => setImmediate(resolve));
			expect(holds()).toBe(true);
		};
		const idles = () => imap.commands.filter((command) => command === 'IDLE').length;

		test('after five minutes without a mail it answers with none, so that whoever asks knows that all is well', async () => {
			imap.put(mail('old'));
			const { next } = service();
			const { cursor } = await next(null, open);
			const news = next(cursor, open);
			await moment(() => idles() === 1);
			await jest.advanceTimersByTimeAsync(5 * 60_000);
			expect(await news).toEqual({ mails: [], cursor });
			const more = next(cursor, open);
			await moment(() => idles() === 2);
			imap.put(mail('a'));
			expect(subjects((await more).mails)).toEqual(['a']);
			expect(imap.open()).toBe(1);
		});

		test('when nobody asks for a minute, the connection ends', async () => {
			await service().next(null, open);
			expect(imap.open()).toBe(1);
			await jest.advanceTimersByTimeAsync(59_000);
			expect(imap.open()).toBe(1);
			await jest.advanceTimersByTimeAsync(2_000);
			await moment(() => imap.open() === 0);
		});

		test('a server without IDLE is asked each half minute', async () => {
			await imap.close();
			await serve({ idle: false });
			const { next } = service();
			const { cursor } = await next(null, open);
			const news = next(cursor, open);
			await moment(() => imap.commands.some((command) => command.startsWith('UID SEARCH')));
			imap.put(mail('a'));
			await jest.advanceTimersByTimeAsync(31_000);
			expect(subjects((await news).mails)).toEqual(['a']);
			expect(imap.commands).toContain('NOOP');
		});
	});
});
