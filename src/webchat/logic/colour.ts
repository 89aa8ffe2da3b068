/** Red, green, blue, 0 to 255. */
type Rgb = readonly [number, number, number];

const WHITE: Rgb = [255, 255, 255];
const INK: Rgb = [16, 20, 26];
/** The backgrounds of page.css that accents are read on; the least contrasting of each look. */
const LIGHT_GROUND: Rgb = [243, 245, 248];
const DARK_GROUND: Rgb = [37, 43, 53];
const FALLBACK = '#2563eb';
/** WCAG AA for text. */
const READABLE = 4.5;

/** The CSS colours derived from the colour of the business. */
export interface Palette {
	/** As the business wants it; for areas. */
	brand: string;
	/** Text on `brand`. */
	onBrand: string;
	/** Links and small things on the light ground: `brand`, darkened until it can be read. */
	accentLight: string;
	/** The same on the dark ground, lightened. */
	accentDark: string;
}

/** @param colour `#rrggbb`; anything else gives a blue */
export function paletteOf(colour: string): Palette {
	const brand = isColour(colour) ? colour.toLowerCase() : FALLBACK;
	const rgb = parse(brand);
	const onBrand = contrast(WHITE, rgb) >= READABLE ? WHITE : contrast(INK, rgb) >= READABLE ? INK : ([0, 0, 0] as const);
	return {
		brand,
		onBrand: format(onBrand),
		accentLight: format(towards(rgb, INK, LIGHT_GROUND)),
		accentDark: format(towards(rgb, WHITE, DARK_GROUND)),
	};
}

export function isColour(text: unknown): text is string {
	return typeof text === 'string' && /^#[0-9a-f]{6}$/i.test(text);
}

/** Contrast of two `#rrggbb` as WCAG defines it, 1 to 21. */
export function contrastOf(a: string, b: string): number {
	return contrast(parse(a), parse(b));
}

function towards(from: Rgb, to: Rgb, ground: Rgb): Rgb {
	for (let part = 0; part < 1; part += 0.04) {
		const mixed = from.map((value, i) => Math.round(value + ((to[i] ?? 0) - value) * part)) as unknown as Rgb;
		if (contrast(mixed, ground) >= READABLE) return mixed;
	}
	return to;
}

function contrast(a: Rgb, b: Rgb): number {
	const [x, y] = [luminance(a), luminance(b)];
	return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function luminance(rgb: Rgb): number {
	const [r, g, b] = rgb.map((value) => {
		const part = value / 255;
		return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
	}) as unknown as Rgb;
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function parse(colour: string): Rgb {
	const value = Number.parseInt(colour.slice(1), 16);
	return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function format(rgb: Rgb): string {
	return `#${rgb.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
