import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';
import type { Desk } from '../../src/core/desk';
import { runWorkflow, start, type EngineRun, type EngineWorkflow } from '../n8n/engine';
import { callWaitingNode } from '../n8n/waiting-node';
import { opens, types } from './workspace';

const collect = { ...start, description: { ...start.description, name: 'collect', inputs: ['main' as const] } };

/** A workflow that asks and waits, with a node after each output. */
export function asking(parameters: IDataObject, more: Partial<INode> = {}): EngineWorkflow {
	const node = (name: string, type: string, given: IDataObject = {}): INode => ({
		id: `id-${name}`, name, type, typeVersion: 1, position: [0, 0], parameters: given as INode['parameters'],
	});
	const to = (name: string) => [{ node: name, type: 'main' as const, index: 0 }];
	return {
		nodes: [
			node('Start', 'start'),
			{ ...node('Ask', 'n8n-nodes-conversations.sendMessage', { text: 'How can we help?', waitLimit: 60, ...parameters }), ...more },
			node('On Sent', 'collect'),
			node('On Failed', 'collect'),
		],
		connections: { Start: { main: [to('Ask')] }, Ask: { main: [to('On Sent'), to('On Failed')] } },
		nodeTypes: { 'n8n-nodes-conversations.sendMessage': types['sendMessage']!, start, collect },
		executionId: '17',
	};
}

/** The items that the node after an output got. */
export const reached = (run: EngineRun, name: 'On Sent' | 'On Failed'): INodeExecutionData[] => run.outputs(name)[0] ?? [];

/** Parks a node that asks Ann; what it answers when it is posted to. */
export async function asks(desk: Desk, parameters: IDataObject, more: { item?: INodeExecutionData } = {}) {
	const ann = await opens(desk, 'ann');
	const workflow = asking({ waitFor: 'reply', ...parameters });
	const parked = await runWorkflow(workflow, { input: [more.item ?? ann.item] });
	expect(parked.status).toBe('waiting');
	return { ...ann, workflow, parked, posted: () => callWaitingNode(workflow, parked) };
}
