import type { IDataObject } from 'n8n-workflow';
import type { WorkflowJson } from './n8n';
import type { Execution, Rest } from './rest';
import { node, to } from './workflows';

/** Begins workflows that tests start by hand. */
export const START = 'Start';

/** An item for each of these, one after the other; starts with 'Execute workflow'. */
export function startingWith(items: readonly IDataObject[]): { nodes: IDataObject[]; connections: IDataObject; last: string } {
	// Two braces in a row would end the expression.
	const value = `={{ ${JSON.stringify(items).replaceAll('}}', '} }')} }}`;
	return {
		nodes: [
			node(START, 'n8n-nodes-base.manualTrigger', {}),
			node('List', 'n8n-nodes-base.set', { assignments: { assignments: [{ id: 'a1', name: 'each', value, type: 'array' }] }, options: {} }, { typeVersion: 3.4 }),
			node('Items', 'n8n-nodes-base.splitOut', { fieldToSplitOut: 'each', options: {} }),
		],
		connections: { [START]: { main: [to('List')] }, List: { main: [to('Items')] } },
		last: 'Items',
	};
}

/** Keeps these fields, each an expression or a text. */
export function keeping(name: string, fields: Record<string, string>): IDataObject {
	const assignments = Object.entries(fields).map(([field, value]) => ({ id: field, name: field, value, type: 'string' }));
	return node(name, 'n8n-nodes-base.set', { assignments: { assignments }, options: {} }, { typeVersion: 3.4 });
}

export function workflow(id: string, nodes: unknown[], connections: object): WorkflowJson {
	return { id, name: id, nodes, connections, settings: { executionOrder: 'v1' } };
}

/** Starts it by hand and waits until it has ended. */
export async function ranManually(rest: Rest, id: string, trigger = START): Promise<Execution> {
	const before = (await rest.executions(id)).length;
	await rest.runManually(id, trigger);
	const all = await rest.endedExecutions(id, before + 1);
	const [newest] = all.slice(-1);
	if (!newest) throw new Error('no execution');
	return newest;
}
