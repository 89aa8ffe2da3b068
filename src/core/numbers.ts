/** Numbers as people write them in a message. */

const RUN = /(?<![\p{L}\p{N}])[-−–]?[.,]?\d[\d.,'’ ]*/gu;
/** '1,000', '12 345', '1.234.567', '1’000', '1,00,000' */
const IN_GROUPS = /^\d{1,3}([ '’.,])(?:\d{2,3}\1)*\d{3}$/;
/** More would not be kept exactly. */
const DIGITS_MAX = 15;

/**
 * The one number in a text, with words around it or not: '42', '3,5', '-2', '1 000', '1,000.50', '42 please'. Null: there is
 * none, or there are several ('5-7', '12:30'). `language`: BCP 47; it says what a point is in '1.000', which is a decimal
 * point for want of it.
 */
export function readNumber(text: string, language: string | null): number | null {
	const plain = withPlainDigits(text);
	const [run, ...more] = plain.match(RUN) ?? [];
	if (run === undefined || more.length > 0 || /\d/.test(plain.replace(run, ''))) return null;
	const digits = run.replace(/^[-−–]/, '').replace(/[.,'’ ]+$/, '');
	const value = valueOf(digits, decimalSign(language));
	return value === null ? null : (/^[-−–]/.test(run) ? -value : value) || 0;
}

function valueOf(digits: string, sign: string): number | null {
	const at = isDecimal(digits, sign) ? Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(',')) : digits.length;
	const [whole, fraction] = [digits.slice(0, at), digits.slice(at + 1)];
	if (!/^\d*$/.test(whole) && !IN_GROUPS.test(whole)) return null;
	const bare = whole.replace(/\D/g, '');
	return bare.length + fraction.length > DIGITS_MAX ? null : Number(`${bare || '0'}.${fraction || '0'}`);
}

/** Whether the last point or comma stands before a fraction rather than between groups of digits. */
function isDecimal(digits: string, sign: string): boolean {
	const points = digits.match(/[.,]/g) ?? [];
	const last = points.at(-1);
	if (last === undefined) return false;
	if (points.length > 1) return new Set(points).size > 1;
	// '1.000' may be a thousand or one.
	return /^[1-9]\d{0,2}[.,]\d{3}$/.test(digits) ? last === sign : true;
}

function decimalSign(language: string | null): string {
	const parts = (locale: string) => new Intl.NumberFormat(locale).formatToParts(1.5);
	const decimal = ({ type }: Intl.NumberFormatPart) => type === 'decimal';
	try {
		return parts(language?.replace('_', '-') ?? 'en').find(decimal)?.value ?? '.';
	} catch {
		// Not a language.
		return '.';
	}
}

/** '٤٢' and '４２' → '42'; all kinds of spaces → ' ' */
export function withPlainDigits(text: string): string {
	return text.normalize('NFKC').replace(/٫/g, '.').replace(/٬/g, ',').replace(/\p{Nd}/gu, digitOf);
}

/** Unicode keeps the ten digits of a script together, in order. */
function digitOf(digit: string): string {
	const code = digit.codePointAt(0) ?? 0;
	let zero = code;
	while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
	return String(code - zero);
}
