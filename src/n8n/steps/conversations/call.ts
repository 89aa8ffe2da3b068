import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Desk } from '../../../core/desk';
import { requireAgent } from '../../../core/lookup';
import type { Page, Records } from '../../../core/store';
import { passOn } from '../../items';
import { textOf } from '../asked-message';

/** One operation of the Conversations node for one input item. */
export interface Call {
	ctx: IExecuteFunctions;
	desk: Desk;
	input: INodeExecutionData;
	index: number;
}

export type Operation = (call: Call) => Promise<INodeExecutionData[]>;

/** The input item with `keys` set. */
export function one({ input, index }: Call, keys: IDataObject): INodeExecutionData[] {
	return [passOn(input, index, keys)];
}

/** One item for each of a list; the input's files are not multiplied. */
export function each({ input, index }: Call, rows: readonly IDataObject[]): INodeExecutionData[] {
	return rows.map((keys) => passOn({ json: input.json }, index, keys));
}

export function deleted({ index }: Call): INodeExecutionData[] {
	return [{ json: { deleted: true }, pairedItem: { item: index } }];
}

const PAGE = 500;

/** Rows of a list, as many as 'Return All' and 'Limit' say. */
export async function rowsOf<T>({ ctx, index }: Call, read: (page: Page) => Promise<T[]>): Promise<T[]> {
	const all = ctx.getNodeParameter('returnAll', index, false) === true;
	const asked = Number(ctx.getNodeParameter('limit', index, 50));
	const wanted = all ? Infinity : Math.max(1, Math.floor(asked) || 1);
	const rows: T[] = [];
	while (rows.length < wanted) {
		const limit = Math.min(PAGE, wanted - rows.length);
		const page = await read({ limit, offset: rows.length });
		rows.push(...page);
		if (page.length < limit) break;
	}
	return rows;
}

/** A collection's fields that were added and have a value. */
export function given({ ctx, index }: Call, collection: string): Record<string, unknown> {
	const fields = ctx.getNodeParameter(collection, index, {}) as Record<string, unknown>;
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));
}

export function givenText(fields: Record<string, unknown>, name: string, label: string): string | undefined {
	const text = textOf(label, fields[name]).trim();
	return text === '' ? undefined : text;
}

/** The agent a filter names; 'none' stands for nobody. */
export async function assigneeFilter(
	records: Records,
	fields: Record<string, unknown>,
): Promise<{ assigneeId?: string | null }> {
	const assignee = givenText(fields, 'assignee', 'Assignee');
	if (assignee === undefined) return {};
	return { assigneeId: assignee === 'none' ? null : (await requireAgent(records, assignee, 'Assignee')).id };
}
