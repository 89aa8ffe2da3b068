import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { errorItem, isExpected, itemError } from './problems';

/**
 * Items of a node whose items are dealt with one after the other. A person's mistake (something unknown, a malformed
 * value) stops the workflow, or is the item's result when n8n is told to go on.
 */
export async function eachItem(
	ctx: IExecuteFunctions,
	work: (input: INodeExecutionData, index: number) => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[]> {
	const results: INodeExecutionData[] = [];
	for (const [index, input] of ctx.getInputData().entries()) {
		try {
			results.push(...(await work(input, index)));
		} catch (error) {
			if (!isExpected(error)) throw error;
			const problem = itemError(ctx, index, error);
			if (!ctx.continueOnFail()) throw problem;
			results.push(errorItem(ctx, input, index, problem.message));
		}
	}
	return results;
}
