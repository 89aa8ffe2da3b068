import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { MalformedPayload } from '../../core/channel';
import { isObject, type JsonObject } from './json';

/** Far above what a provider posts. */
const MAX_BYTES = 256 * 1024;
const MAX_DEPTH = 16;

const CDATA_SECTION = /<!\[CDATA\[[\s\S]*?\]\]>/g;
const CDATA = '#cdata';
const TEXT = '#text';

/** All that XML has without a declaration: five names, and characters by their number. */
const REFERENCE = /&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([\dA-Fa-f]{1,6}));/g;
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const parser = new XMLParser({
	ignoreAttributes: true,
	ignoreDeclaration: true,
	ignorePiTags: true,
	// Ids of 64 bits stay what they are.
	parseTagValue: false,
	trimValues: false,
	cdataPropName: CDATA,
	textNodeName: TEXT,
	// Nothing a document declares is ever put in; what XML itself has is read below.
	processEntities: false,
	maxNestedTags: MAX_DEPTH,
});

/**
 * The elements right below the root by their names, each with its text; the first one counts where a name is there twice.
 * Elements with elements of their own are left out. A text stands as it was written in a CDATA section; without one, white
 * space around it does not count. @throws MalformedPayload when it is not XML, declares anything (DOCTYPE, ENTITY) or is
 * larger or deeper than any provider's.
 */
export function parseFlatXml(body: Uint8Array): Readonly<Record<string, string>> {
	if (body.byteLength > MAX_BYTES) throw new MalformedPayload('The body is too large.');
	const xml = new TextDecoder().decode(body);
	// What people write may hold anything, so it does not count. Comments are refused with the rest: a section could begin in one.
	if (xml.replace(CDATA_SECTION, '').includes('<!')) throw new MalformedPayload('The body declares something, which is not allowed.');
	return Object.fromEntries(
		elementsOf(rootOf(xml)).flatMap(([name, value]) => {
			const text = textOf(Array.isArray(value) ? value[0] : value);
			return text === undefined ? [] : [[name, text]];
		}),
	);
}

function rootOf(xml: string): JsonObject {
	const [root] = elementsOf(parsed(xml)).map(([, value]) => value);
	if (!isObject(root)) throw new MalformedPayload('The body is not an XML document with elements.');
	return root;
}

/** Without what stands between them. */
function elementsOf(parent: unknown): [name: string, value: unknown][] {
	return isObject(parent) ? Object.entries(parent).filter(([name]) => name !== TEXT) : [];
}

function parsed(xml: string): unknown {
	try {
		if (XMLValidator.validate(xml) === true) return parser.parse(xml);
	} catch {
		// The parser throws plain errors; all of them are about the document.
	}
	throw new MalformedPayload('The body is not valid XML.');
}

/** Undefined: it has elements of its own. */
function textOf(value: unknown): string | undefined {
	if (typeof value === 'string') return value.trim().replace(REFERENCE, character);
	if (!isObject(value) || Object.keys(value).some((name) => name !== CDATA && name !== TEXT)) return undefined;
	return [value[CDATA]].flat().join('');
}

function character(reference: string, name?: string, decimal?: string, hexadecimal = ''): string {
	if (name !== undefined) return NAMED[name] ?? reference;
	const code = decimal === undefined ? parseInt(hexadecimal, 16) : Number(decimal);
	const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
	return isCharacter ? String.fromCodePoint(code) : reference;
}
