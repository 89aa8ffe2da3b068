import fc from 'fast-check';
import { sms } from '../../../src/channels/sms';
import { segmentsOf } from '../../../src/channels/sms/segments';
import { attachments } from './subject';

/** The alphabet in the order of its codes, as unicode.org/Public/MAPPINGS/ETSI/GSM0338.TXT has it; 0x1B is the escape. */
const GSM = [
	0x40, 0xa3, 0x24, 0xa5, 0xe8, 0xe9, 0xf9, 0xec, 0xf2, 0xc7, 0x0a, 0xd8, 0xf8, 0x0d, 0xc5, 0xe5,
	0x394, 0x5f, 0x3a6, 0x393, 0x39b, 0x3a9, 0x3a0, 0x3a8, 0x3a3, 0x398, 0x39e, 0xc6, 0xe6, 0xdf, 0xc9,
	0x20, 0x21, 0x22, 0x23, 0xa4, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x2b, 0x2c, 0x2d, 0x2e, 0x2f,
	...Array.from({ length: 16 }, (_, index) => 0x30 + index), 0xa1, ...Array.from({ length: 26 }, (_, index) => 0x41 + index),
	0xc4, 0xd6, 0xd1, 0xdc, 0xa7, 0xbf, ...Array.from({ length: 26 }, (_, index) => 0x61 + index), 0xe4, 0xf6, 0xf1, 0xfc, 0xe0,
].map((code) => String.fromCodePoint(code));
const EXTENSION = [0x0c, 0x5e, 0x7b, 0x7d, 0x5c, 0x5b, 0x7e, 0x5d, 0x7c, 0x20ac].map((code) => String.fromCodePoint(code));
/** In septets. */
const lengthOf = (text: string) => [...text].reduce((sum, character) => sum + (EXTENSION.includes(character) ? 2 : 1), 0);

const counts = (text: string) => {
	const { encoding, segments } = segmentsOf(text);
	return [encoding, segments.length];
};

test('the alphabet has 127 characters beside the escape, and ten that count twice', () => {
	expect([new Set(GSM).size, new Set(EXTENSION).size]).toEqual([127, 10]);
	for (const character of GSM) expect(counts(character.repeat(160))).toEqual(['GSM-7', 1]);
	for (const character of GSM) expect(counts(character.repeat(161))).toEqual(['GSM-7', 2]);
	for (const character of EXTENSION) expect([counts(character.repeat(80)), counts(character.repeat(81))]).toEqual([['GSM-7', 1], ['GSM-7', 2]]);
});

test('every other character makes it UCS-2', () => {
	const known = new Set([...GSM, ...EXTENSION]);
	for (let code = 0; code < 0x3000; code += 1) {
		const character = String.fromCodePoint(code);
		expect([character, segmentsOf(character).encoding]).toEqual([character, known.has(character) ? 'GSM-7' : 'UCS-2']);
	}
});

test.each([
	['nothing', '', 'GSM-7', 1],
	['160 letters', 'a'.repeat(160), 'GSM-7', 1],
	['161 letters', 'a'.repeat(161), 'GSM-7', 2],
	['twice 153', 'a'.repeat(306), 'GSM-7', 2],
	['one more', 'a'.repeat(307), 'GSM-7', 3],
	['as many as Twilio takes', 'a'.repeat(1600), 'GSM-7', 11],
	['159 letters and a euro sign', `${'a'.repeat(159)}€`, 'GSM-7', 2],
	['a euro sign that would be cut in two', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'GSM-7', 3],
	['the same, one earlier', `${'a'.repeat(151)}€${'a'.repeat(153)}`, 'GSM-7', 2],
	['70 letters, one with a cedilla', `ç${'a'.repeat(69)}`, 'UCS-2', 1],
	['71', `ç${'a'.repeat(70)}`, 'UCS-2', 2],
	['twice 67', `ç${'a'.repeat(133)}`, 'UCS-2', 2],
	['one more than that', `ç${'a'.repeat(134)}`, 'UCS-2', 3],
	['35 emoji', '😀'.repeat(35), 'UCS-2', 1],
	['36 emoji', '😀'.repeat(36), 'UCS-2', 2],
	['67 emoji, which would be two if they could be cut', '😀'.repeat(67), 'UCS-2', 3],
	['a typographic apostrophe', '’'.repeat(70), 'UCS-2', 1],
	['an escape, which no text has', '\u001b', 'UCS-2', 1],
])('%s', (_name, text, encoding, segments) => {
	expect(counts(text)).toEqual([encoding, segments]);
	expect(sms.measure?.({ kind: 'text', text })).toEqual({ encoding, segments });
});

describe('whatever the text is', () => {
	const gsm = fc.string({ unit: fc.constantFrom(...GSM, ...EXTENSION), maxLength: 700, size: 'max' });
	const any = fc.oneof(gsm, fc.string({ unit: fc.oneof(fc.constantFrom('a', '€', '😀', 'é', 'ł'), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })), maxLength: 400, size: 'max' }));

	test('nothing is lost, and none is longer than it may be', () => {
		fc.assert(
			fc.property(any, (text) => {
				const { encoding, segments } = segmentsOf(text);
				const [alone, joined] = encoding === 'GSM-7' ? [160, 153] : [70, 67];
				const sizes = segments.map((segment) => (encoding === 'GSM-7' ? lengthOf(segment) : segment.length));
				expect(segments.join('')).toBe(text);
				expect(Math.max(...sizes)).toBeLessThanOrEqual(segments.length === 1 ? alone : joined);
			}),
			{ numRuns: 200 },
		);
	});

	test('several are only made when one is not enough, and each is filled', () => {
		fc.assert(
			fc.property(any, (text) => {
				const { encoding, segments } = segmentsOf(text);
				const size = (part: string) => (encoding === 'GSM-7' ? lengthOf(part) : part.length);
				const [alone, joined] = encoding === 'GSM-7' ? [160, 153] : [70, 67];
				expect(segments.length > 1).toBe(size(text) > alone);
				segments.slice(1).forEach((segment, index) => {
					const [next = ''] = segment;
					expect(size((segments[index] ?? '') + next)).toBeGreaterThan(joined);
				});
			}),
			{ numRuns: 200 },
		);
	});

	test('no character is cut', () => {
		fc.assert(
			fc.property(any, (text) => segmentsOf(text).segments.flatMap((segment) => [...segment]).join('|') === [...text].join('|')),
			{ numRuns: 200 },
		);
	});
});

test('a message with files is one MMS: nothing is counted', () => {
	expect(sms.measure?.({ kind: 'media', text: 'a'.repeat(500), attachments: [attachments.jpg] })).toEqual({});
});

test('what is said about it beside the text field is one short sentence', () => {
	expect(sms.can.textNote).toMatch(/^160 characters .* 70 .*\.$/);
	expect(sms.can.textNote?.length).toBeLessThanOrEqual(160);
});
