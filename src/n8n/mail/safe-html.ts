import sanitizeHtml, { type Attributes, type IOptions, type Tag } from 'sanitize-html';

/** Of what comes in and of what goes on. */
const HTML_MAX = 1024 * 1024;
/** Deeper than any table in a table; browsers give up at 512. */
const NESTING_MAX = 200;
/** The time to read tags within tags grows with their square: what is this deep is somebody trying. */
const DEPTH_MAX = 5_000;

const TAGS = [
	...['p', 'div', 'span', 'br', 'hr', 'center', 'blockquote', 'pre', 'code', 'tt', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'],
	...['b', 'strong', 'i', 'em', 'u', 's', 'strike', 'del', 'ins', 'sub', 'sup', 'small', 'big', 'mark', 'q', 'a'],
	...['ul', 'ol', 'li', 'dl', 'dt', 'dd', 'table', 'caption', 'colgroup', 'col', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th'],
];

const COLOURS = [/^#[0-9a-f]{3,8}$/i, /^rgba?\([\d\s.,%]{1,40}\)$/i, /^[a-z]{3,20}$/i];
/** How a text looks; nothing that moves, covers, loads or runs. */
const STYLES: Record<string, RegExp[]> = {
	color: COLOURS,
	'background-color': COLOURS,
	'font-weight': [/^(bold|bolder|lighter|normal|[1-9]00)$/i],
	'font-style': [/^(italic|oblique|normal)$/i],
	'text-align': [/^(left|right|center|justify)$/i],
	'text-decoration': [/^(underline|line-through|none)$/i],
};

/** Where a link may lead: whole addresses only, since a path would lead into n8n. */
const LINK = /^(https?:\/\/|mailto:|tel:)/i;

const OPTIONS: IOptions = {
	allowedTags: TAGS,
	allowedAttributes: {
		'*': ['style', 'dir'],
		a: ['href', 'rel', 'target'],
		td: ['colspan', 'rowspan'],
		th: ['colspan', 'rowspan'],
		ol: ['start'],
	},
	allowedStyles: { '*': STYLES },
	allowedSchemes: ['http', 'https', 'mailto', 'tel'],
	allowProtocolRelative: false,
	// What is within these is not to be read either.
	nonTextTags: ['script', 'style', 'textarea', 'option', 'noscript', 'title', 'svg', 'math', 'xml'],
	nestingLimit: NESTING_MAX,
	transformTags: { a: safeLink, img: wordsOfPicture },
};

/**
 * A mail's HTML without all that acts, reaches out or hides: no scripts, forms, frames, pictures (their words stay), styles
 * beyond colour and weight; links lead to web pages, mail addresses and phone numbers. Cut where it is longer than 1 MB.
 */
export function safeHtml(html: string): string {
	for (let length = HTML_MAX; ; length = Math.floor(length / 2)) {
		// Attributes that are added make it longer: then less of it is taken.
		const safe = sanitizeHtml(untilTooDeep(html.slice(0, length)), OPTIONS).trim();
		if (safe.length <= HTML_MAX) return safe;
	}
}

const NEVER_CLOSED = /^(area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/i;

function untilTooDeep(html: string): string {
	let depth = 0;
	for (const { 1: slash, 2: name = '', index } of html.matchAll(/<(\/?)([a-z][^\s/>]{0,20})/gi)) {
		if (slash === '/') depth = Math.max(0, depth - 1);
		else if (!NEVER_CLOSED.test(name)) depth += 1;
		if (depth > DEPTH_MAX) return html.slice(0, index);
	}
	return html;
}

function safeLink(_name: string, { href = '', dir }: Attributes): Tag {
	const words: Attributes = dir === undefined ? {} : { dir };
	// Browsers leave out line breaks and tabs, and what stands before the first letter.
	const target = href.replace(/[\u0000-\u0020]+/g, (blank) => (blank.includes(' ') ? '%20' : '')).replace(/^(%20)+/, '');
	if (!LINK.test(target)) return { tagName: 'span', attribs: words };
	return { tagName: 'a', attribs: { ...words, href: target, rel: 'noopener noreferrer nofollow', target: '_blank' } };
}

/** Fetching a picture tells its sender that and where the mail was read. */
function wordsOfPicture(_name: string, { alt = '' }: Attributes): Tag {
	return { tagName: 'span', attribs: {}, text: alt };
}
