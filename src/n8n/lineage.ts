import type { INodeExecutionData, IRunExecutionData, IWebhookFunctions } from 'n8n-workflow';

/**
 * When n8n continues a parked node, it pairs each item that goes on with the input item in the same place
 * (n8n-core `addPairedItemLineage`, 2.41.1, read 2026-11-22): of several items that part, an expression such as
 * `$('Order').item` would give what belongs to another contact. So the outputs, with their true pairs, become a run of
 * the node before the one that n8n continues, and that one is linked to it place for place.
 */
export function keepPairs(ctx: IWebhookFunctions, outputs: readonly INodeExecutionData[][]): void {
	if (outputs.every((items) => items.every(({ pairedItem }, place) => inputOf(pairedItem) === place))) return;
	// No function of n8n's gives it; the context has it all the same.
	const { runExecutionData } = ctx as unknown as { runExecutionData?: IRunExecutionData | null };
	const { name } = ctx.getNode();
	const [parked] = runExecutionData?.executionData?.nodeExecutionStack ?? [];
	const runs = runExecutionData?.resultData.runData[name];
	if (!runs || parked?.node.name !== name) return;
	const source = outputs.map((_items, output) => ({ previousNode: name, previousNodeOutput: output, previousNodeRun: runs.length }));
	const last = Math.max(...Object.values(runExecutionData?.resultData.runData ?? {}).flatMap((all) => all.map(({ executionIndex }) => executionIndex)));
	runs.push({
		startTime: Date.now(),
		executionTime: 0,
		executionIndex: last + 1,
		executionStatus: 'success',
		hints: [],
		source: parked.source?.['main'] ?? [],
		data: { main: outputs.map((items) => [...items]) },
	});
	parked.source = { main: source };
}

function inputOf(pair: INodeExecutionData['pairedItem']): number | undefined {
	const [first] = [pair].flat();
	return typeof first === 'object' ? first.item : first;
}
