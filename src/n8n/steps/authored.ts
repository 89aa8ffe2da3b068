import { randomUUID } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import type { AuthoredText, TextPart } from '../../core/authored';
import { nameIn } from '../fields/section';
import { expressionParts } from './expression-parts';
import { textOf } from './values';

/** What authors typed into parameters, told from what their expressions gave. */

/** A parameter, or a part of one. */
export interface Given {
	/** As it stands in the workflow; undefined for parts of what an expression gave. */
	readonly typed: unknown;
	/** With its expressions worked out. */
	readonly value: unknown;
}

/** A row of a list, a field of a collection. */
export function partOf({ typed, value }: Given, key: string | number): Given {
	return { typed: at(typed, key), value: at(value, key) };
}

function at(whole: unknown, key: string | number): unknown {
	return typeof whole === 'object' && whole !== null && Object.hasOwn(whole, key) ? (whole as Record<string | number, unknown>)[key] : undefined;
}

/** All of it, as if it had no variables. */
export function wholeText(text: AuthoredText): string {
	return text.map((part) => ('typed' in part ? part.typed : part.value)).join('');
}

/**
 * Stands between values. Nobody can guess it, so that no value has it; it is not made anew for each text, since n8n keeps
 * every expression that it has worked out.
 */
const SEAM = `seam-${randomUUID()};`;

/** The parameters of one message for one item, by their names without the channel. */
export class Parameters {
	/** `prefix`: of the channel, see `Section`. */
	constructor(
		private readonly ctx: IExecuteFunctions,
		private readonly index: number,
		private readonly prefix: string,
	) {}

	value(name: string, fallback: unknown): unknown {
		return this.ctx.getNodeParameter(nameIn({ prefix: this.prefix }, name), this.index, fallback);
	}

	given(name: string, fallback: unknown): Given {
		const { ctx, index, prefix } = this;
		const parameter = nameIn({ prefix }, name);
		const typed: unknown = ctx.getNodeParameter(parameter, index, fallback, { rawExpressions: true });
		let worked: { value: unknown } | undefined;
		return {
			typed,
			// Once, and only when it is asked for: a text with expressions in it is worked out in another way.
			get value(): unknown {
				worked ??= { value: ctx.getNodeParameter(parameter, index, fallback) };
				return worked.value;
			},
		};
	}

	/** @throws InputError for what is no text, and what n8n throws for a faulty expression. */
	text(label: string, name: string): AuthoredText {
		return this.textOf(label, this.given(name, ''));
	}

	/** The same for a part of a parameter. */
	textOf(label: string, given: Given): AuthoredText {
		const { typed } = given;
		if (typeof typed === 'string' && !typed.startsWith('=')) return typed === '' ? [] : [{ typed }];
		const parts = typeof typed === 'string' ? expressionParts(typed.slice(1)) : [];
		const codes = parts.flatMap((part) => ('code' in part ? [part.code] : []));
		// n8n gives what a single expression gave as it is, and joins the rest to a text.
		if (codes.length === parts.length && codes.length <= 1) {
			const value = textOf(label, given.value);
			return value === '' ? [] : [{ value }];
		}
		const values = codes.length > 0 ? this.worked(codes) : [];
		if (!values) return [];
		return parts.map((part): TextPart => ('typed' in part ? part : { value: values.shift() ?? '' }));
	}

	/** What each piece of code gives, as n8n puts it into a text; null: n8n makes nothing at all of it. */
	private worked(codes: readonly string[]): string[] | null {
		const joined = this.ctx.evaluateExpression(`${SEAM}${codes.map((code) => `{{${code}}}${SEAM}`).join('')}`, this.index);
		return typeof joined === 'string' ? joined.split(SEAM).slice(1, -1) : null;
	}
}
