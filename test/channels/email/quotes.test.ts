import { newText } from '../../../src/channels/email/quotes';
import { BLOCKS, INLINE, KEPT, SIGNATURES, TOP_ANSWERS, UNMARKED, type Reply } from './fixtures/replies';

const said = ({ body, subject = 'Re: Order 7' }: Pick<Reply, 'body' | 'subject'>) => newText(body, subject, false);

describe.each([
	['the history below an answer is cut', TOP_ANSWERS],
	['also when its lines are not marked', UNMARKED],
	['the history below a block of headers is cut', BLOCKS],
	['answers between quoted lines stay, the lines go', INLINE],
	['signatures are cut', SIGNATURES],
	['what only looks like one stays', KEPT],
])('%s', (_name, replies) => {
	test.each(replies)('$from', (reply) => {
		expect(said(reply)).toBe(reply.says);
	});

	test.each(replies)('$from, with line breaks of mail', (reply) => {
		expect(said({ ...reply, body: reply.body.replace(/\n/g, '\r\n') })).toBe(reply.says);
	});
});

test('a mail that answers one of ours is an answer, whatever its subject', () => {
	expect(newText('Yes.\n> red?', 'Order 7', true)).toBe('Yes.');
	expect(newText('Yes.\n> red?', 'Order 7', false)).toBe('Yes.\n> red?');
});

test('an answer to a mail that was passed on is an answer', () => {
	expect(newText('Paid.\n\n> 100 euros', 'Re: Fwd: Invoice', false)).toBe('Paid.');
});

test('nothing stays nothing', () => {
	expect(newText('', '', false)).toBe('');
	expect(newText(' \r\n\r\n ', 'Re: Order 7', true)).toBe('');
});

test.each([
	['one line of a megabyte', 'wrote 2026 '.repeat(100_000)],
	['a hundred thousand short lines', 'On 21/11/2026 10:00\n'.repeat(100_000)],
	['a hundred thousand dashes', '-'.repeat(100_000)],
	['many lines of headers', 'From: a\n'.repeat(50_000)],
	['many spaces within a line', `a${' '.repeat(200_000)}b`],
	['many lines of spaces', `${' '.repeat(200)}\n`.repeat(10_000)],
	['brackets without an end', `<${'a@'.repeat(50_000)}:`],
])('%s takes no time', (_name, body) => {
	const start = performance.now();
	newText(body, 'Re: x', true);
	expect(performance.now() - start).toBeLessThan(2_000);
});
