/** A tag or the text up to the next one, as `safeHtml` writes them. */
const PIECE = /<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^">])*)>|[^<]+/gi;

/** They stand on lines of their own. */
const LINES = new Set(['div', 'center', 'li', 'tr', 'dt', 'dd', 'caption', 'table', 'thead', 'tbody', 'tfoot']);
/** They have an empty line before and after. */
const PARAGRAPHS = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'dl', 'pre', 'blockquote']);
/** What programs that write plain text put between a mail and the one it answers. */
const RULE = '_'.repeat(32);

/** The words of safe HTML, laid out in lines; quotes begin with '> ', links are followed by where they lead. */
export function textOfHtml(html: string): string {
	const writer = new Writer();
	for (const [piece, slash, name, attributes = ''] of html.matchAll(PIECE)) {
		if (name === undefined) writer.text(decode(piece));
		else if (slash === '/') writer.close(name.toLowerCase());
		else writer.open(name.toLowerCase(), attributes);
	}
	return writer.result();
}

class Writer {
	private readonly lines: string[] = [];
	/** The pieces of the line that is being written; put together at its end, since that takes time. */
	private line: string[] = [];
	/** An empty line is due before the next text. */
	private gap = false;
	private quotes = 0;
	/** Of the last line. */
	private quotesBefore = 0;
	private verbatim = 0;
	/** The number of the next item of each open list; null: its items have none. */
	private readonly lists: (number | null)[] = [];
	private link: { href: string; label: string } | null = null;

	open(name: string, attributes: string): void {
		if (name === 'br') this.end();
		else if (name === 'hr') this.rule();
		else if (name === 'td' || name === 'th') this.apart();
		else if (name === 'a') this.link = { href: decode(/href="([^"]*)"/.exec(attributes)?.[1] ?? ''), label: '' };
		else this.block(name);
		if (name === 'blockquote') this.quotes += 1;
		if (name === 'pre') this.verbatim += 1;
		if (name === 'ul') this.lists.push(null);
		if (name === 'ol') this.lists.push(1);
		if (name === 'li') this.item();
	}

	close(name: string): void {
		if (name === 'a') return this.target();
		this.block(name);
		if (name === 'blockquote') this.quotes = Math.max(0, this.quotes - 1);
		if (name === 'pre') this.verbatim = Math.max(0, this.verbatim - 1);
		if (name === 'ul' || name === 'ol') this.lists.pop();
	}

	text(text: string): void {
		if (this.verbatim > 0) return this.asItStands(text);
		const words = text.replace(/[ \t\r\n\f]+/g, ' ').replaceAll('\u00a0', ' ');
		this.add(this.line.at(-1)?.endsWith(' ') === false ? words : words.replace(/^ /, ''));
	}

	result(): string {
		if (this.line.length > 0) this.end();
		return this.lines.join('\n').replace(/\n{3,}/g, '\n\n').trim();
	}

	private asItStands(text: string): void {
		text.split(/\r?\n/).forEach((line, index) => {
			if (index > 0) this.end();
			this.add(line);
		});
	}

	private add(words: string): void {
		if (words === '') return;
		if (this.gap && this.lines.length > 0) this.lines.push(signs(Math.min(this.quotes, this.quotesBefore)).trimEnd());
		this.gap = false;
		this.line.push(words);
		if (this.link) this.link.label += words;
	}

	private end(): void {
		const line = this.line.join('');
		// What parts a signature from a mail has a space at its end.
		const words = line === '-- ' ? line : line.trimEnd();
		this.lines.push(words === '' ? signs(this.quotes).trimEnd() : signs(this.quotes) + words);
		this.quotesBefore = this.quotes;
		this.line = [];
	}

	private block(name: string): void {
		const isParagraph = PARAGRAPHS.has(name);
		if ((isParagraph || LINES.has(name)) && this.line.length > 0) this.end();
		if (isParagraph) this.gap = true;
	}

	private rule(): void {
		if (this.line.length > 0) this.end();
		this.add(RULE);
		this.end();
	}

	private apart(): void {
		if (this.line.at(-1)?.endsWith(' ') === false) this.line.push(' ');
	}

	private item(): void {
		const number = this.lists.at(-1);
		this.add(typeof number === 'number' ? `${number}. ` : '- ');
		if (typeof number === 'number') this.lists[this.lists.length - 1] = number + 1;
	}

	private target(): void {
		const { href = '', label = '' } = this.link ?? {};
		this.link = null;
		const place = href.replace(/^(mailto|tel):/i, '');
		const words = label.trim();
		if (words !== '' && place !== '' && !words.includes(place) && !place.includes(words)) this.add(` (${place})`);
	}
}

/** Deep quotes are told apart no longer, so that a text does not grow without end. */
const QUOTES_MAX = 20;

function signs(quotes: number): string {
	return '> '.repeat(Math.min(quotes, QUOTES_MAX));
}

const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' };

function decode(text: string): string {
	return text.replace(/&(lt|gt|quot|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}
