import type { IExecuteFunctions } from 'n8n-workflow';
import { listOf, textOf } from './values';

/** One text parameter. Whatever an expression made of it that is no text is refused by its name. */
export function text(ctx: IExecuteFunctions, index: number, name: string, label: string): string {
	return textOf(label, ctx.getNodeParameter(name, index, '')).trim();
}

/** What a locator names: an id, an email or a name. Empty when nothing is chosen. */
export function located(ctx: IExecuteFunctions, index: number, name: string, label: string): string {
	return textOf(label, ctx.getNodeParameter(name, index, '', { extractValue: true })).trim();
}

/** A list, or a text with commas between. */
export function list(ctx: IExecuteFunctions, index: number, name: string, label: string): string[] {
	return listOf(label, ctx.getNodeParameter(name, index, []), /,/);
}
