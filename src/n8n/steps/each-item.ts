import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { errorItem, isExpected, itemError, type Expected } from './problems';

export type Lookup<T> = { found: T } | { problem: Expected };

/** What `work` gives, or the person's mistake (something unknown, a malformed value) that it threw. */
export async function lookUp<T>(work: () => Promise<T>): Promise<Lookup<T>> {
	try {
		return { found: await work() };
	} catch (error) {
		if (isExpected(error)) return { problem: error };
		throw error;
	}
}

/**
 * What each item names, looked up before anything is done: after a mistake in one item a repetition of the node would do
 * the others twice. A mistake stops the workflow, unless n8n is told to go on.
 */
export async function lookUpAll<T>(ctx: IExecuteFunctions, find: (index: number) => Promise<T>): Promise<Lookup<T>[]> {
	const lookups: Lookup<T>[] = [];
	for (const index of ctx.getInputData().keys()) lookups.push(await lookUp(() => find(index)));
	for (const [index, lookup] of lookups.entries()) {
		if ('problem' in lookup && !ctx.continueOnFail()) {
			throw itemError(ctx, index, lookup.problem, lookups.length > 1 ? 'No item was dealt with.' : '');
		}
	}
	return lookups;
}

/** Items dealt with one after the other; a mistake is the item's result when n8n is told to go on. */
export async function eachItem(
	ctx: IExecuteFunctions,
	work: (input: INodeExecutionData, index: number) => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[]> {
	const results: INodeExecutionData[] = [];
	for (const [index, input] of ctx.getInputData().entries()) {
		const done = await lookUp(() => work(input, index));
		if ('found' in done) {
			results.push(...done.found);
			continue;
		}
		const problem = itemError(ctx, index, done.problem);
		if (!ctx.continueOnFail()) throw problem;
		results.push(errorItem(ctx, input, index, problem.message));
	}
	return results;
}
