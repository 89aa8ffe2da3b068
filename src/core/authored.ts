import type { Snippet } from './records';
import { foldName } from './names';
import { FALLBACK_VARIABLE, fallbackAt, variableAt, VARIABLE, type Facts, type Format } from './variables';

export type { Facts } from './variables';

/**
 * Texts as authors write them. Variables and snippets are looked for in what was typed; a value that an expression gave
 * is never searched (a contact could write `$assignee.email`).
 */

export type TextPart = { typed: string } | { value: string };
export type AuthoredText = readonly TextPart[];

export interface Filled {
	text: string;
	/** Names of variables without a value and without a fallback, as they were typed: '$contact.firstname'. Each once. */
	unfilled: string[];
	/** Names of library files that snippets bring along. */
	files: string[];
}

/** Stands in the typed text for what is not searched; a character that Unicode leaves to programs, and to them only. */
const OPAQUE = '\uFDD0';

const opaqueIn = (typed: string) => typed.split(OPAQUE).length - 1;

/** `/name` at the start or after a space; in HTML after a tag too, where a line begins there. */
const SNIPPET = {
	plain: /\uFDD0|(?<=^|\s)\/([\p{L}\p{M}\p{N}_-]+)(?![\p{L}\p{M}\p{N}_/-])/gu,
	html: /\uFDD0|(?<=^|\s|>|&nbsp;)\/([\p{L}\p{M}\p{N}_-]+)(?![\p{L}\p{M}\p{N}_/-])/gu,
};

/** Names that may be those of snippets, without the slash. */
export function snippetNames(text: AuthoredText): string[] {
	const { typed } = masked(text);
	return [...new Set([...typed.matchAll(SNIPPET.html)].flatMap(([, name]) => name ?? []))];
}

/** Snippets first, then variables, in one pass. Values put into HTML are escaped. */
export function fillIn(text: AuthoredText, facts: Facts, snippets: readonly Snippet[], format: Format = 'plain'): Filled {
	const byName = new Map(snippets.map((snippet) => [foldName(snippet.name), snippet]));
	const source = masked(text);
	const opaque: Filled[] = [];
	const typed = source.typed.replace(SNIPPET[format], (found, name: string | undefined) => {
		const snippet = name === undefined ? undefined : byName.get(foldName(name));
		if (name !== undefined && !snippet) return found;
		opaque.push(...(snippet ? [filledSnippet(snippet, facts, format)] : source.opaque.splice(0, 1)));
		return OPAQUE;
	});
	return new Filling(facts, format, opaque).fill(typed);
}

interface Masked {
	/** With OPAQUE for each of `opaque`. */
	typed: string;
	opaque: Filled[];
}

const asIs = (text: string): Filled => ({ text, unfilled: [], files: [] });

function masked(text: AuthoredText): Masked {
	const opaque: Filled[] = [];
	const parts = text.map((part) => {
		const hidden = 'value' in part ? [part.value] : part.typed.split(OPAQUE).slice(1).map(() => OPAQUE);
		opaque.push(...hidden.map(asIs));
		return 'value' in part ? OPAQUE : part.typed;
	});
	return { typed: parts.join(''), opaque };
}

/** A snippet is plain text, whatever it is put into. */
function filledSnippet({ text, attachments }: Snippet, facts: Facts, format: Format): Filled {
	const { typed, opaque } = masked([{ typed: text }]);
	const filled = new Filling(facts, 'plain', opaque).fill(typed);
	const files = [...attachments];
	return format === 'plain' ? { ...filled, files } : { ...filled, files, text: escaped(filled.text).replace(/\r\n|\r|\n/g, '<br>') };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/** One pass through a text, from its beginning to its end. */
class Filling {
	private readonly unfilled = new Set<string>();
	private readonly files = new Set<string>();

	/** `opaque`: what stands where the text has OPAQUE, in its order. */
	constructor(
		private readonly facts: Facts,
		private readonly format: Format,
		private readonly opaque: Filled[],
	) {}

	fill(typed: string): Filled {
		return { text: this.filled(typed), unfilled: [...this.unfilled], files: [...this.files] };
	}

	private filled(typed: string): string {
		let text = '';
		let from = 0;
		const variable = new RegExp(VARIABLE);
		for (let match = variable.exec(typed); match; match = variable.exec(typed)) {
			text += this.revealed(typed.slice(from, match.index));
			const { names, value, end } = this.firstWithValue(typed, match);
			from = end;
			const fallback = fallbackAt(typed, from, this.format);
			if (value === null && !fallback) for (const name of names) this.unfilled.add(name);
			text += this.chosen(value, fallback?.text ?? '');
			from += fallback?.length ?? 0;
			variable.lastIndex = from;
		}
		return text + this.revealed(typed.slice(from));
	}

	/** A variable and those that stand in for it, '$contact.firstname|$contact.name'. `end`: of them all. */
	private firstWithValue(typed: string, first: RegExpExecArray): { names: string[]; value: string | null; end: number } {
		const names: string[] = [];
		let value: string | null = null;
		let end = first.index;
		const another = new RegExp(FALLBACK_VARIABLE);
		for (let match: RegExpExecArray | null = first; match; match = another.exec(typed)) {
			const [whole, kind = '', longest = ''] = match;
			const variable = variableAt(this.facts, kind, longest);
			const name = `$${kind}.${variable.name}`;
			names.push(name);
			value ??= variable.value;
			end = match.index + whole.indexOf('$') + name.length;
			another.lastIndex = end;
		}
		return { names, value, end };
	}

	/** The value, else the fallback, which was typed and may have variables of its own. */
	private chosen(value: string | null, fallback: string): string {
		if (value === null) return this.filled(fallback);
		this.opaque.splice(0, opaqueIn(fallback));
		return this.format === 'html' ? escaped(value) : value;
	}

	private revealed(typed: string): string {
		return typed.replaceAll(OPAQUE, () => {
			const next = this.opaque.shift();
			for (const name of next?.unfilled ?? []) this.unfilled.add(name);
			for (const file of next?.files ?? []) this.files.add(file);
			return next?.text ?? '';
		});
	}
}
