import { ExecutionLifecycleHooks, WebhookContext } from 'n8n-core';
import { Workflow, type IRunExecutionData, type IWebhookData, type IWebhookResponseData } from 'n8n-workflow';
import { additionalData, TestCredentials, TestNodeTypes, type EngineRun, type EngineWorkflow } from './engine';

/** What came of a post to the address that continues an execution. */
export interface Answered extends IWebhookResponseData {
	/** The status that the node wrote itself; null: n8n writes it. */
	status: number | null;
}

/** Calls the node in which an execution is parked, as n8n does when somebody posts to its address. */
export async function callWaitingNode(definition: EngineWorkflow, parked: EngineRun, headers: Record<string, string> = {}): Promise<Answered> {
	const { nodes, connections, credentials = {}, executionId = 'execution-1', workflowId = 'workflow-1', mode = 'trigger' } = definition;
	// Between the two n8n keeps the data as text.
	const data = JSON.parse(JSON.stringify(parked.run.data)) as IRunExecutionData;
	const workflow = new Workflow({ id: workflowId, name: 'Test workflow', active: true, nodes: structuredClone(nodes), connections, nodeTypes: new TestNodeTypes(definition.nodeTypes) });
	const node = workflow.getNode(data.resultData.lastNodeExecuted ?? '');
	const type = node && workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const [webhookDescription] = type?.description.webhooks ?? [];
	if (!node || !webhookDescription) throw new Error('No node waits.');

	let status: number | null = null;
	const response = {
		headersSent: false,
		status(code: number) {
			status = code;
			return { end: () => (response.headersSent = true) };
		},
	};
	const hooks = new ExecutionLifecycleHooks(mode, executionId, {
		id: workflowId, name: 'Test workflow', active: true, isArchived: false, createdAt: new Date(0), updatedAt: new Date(0), activeVersionId: null, nodes, connections,
	});
	const context = new WebhookContext(
		workflow,
		node,
		{
			...additionalData(new TestCredentials(credentials), hooks, executionId, workflowId),
			httpRequest: { headers, method: 'POST' } as never,
			httpResponse: response as never,
		},
		mode,
		{ webhookDescription, node: node.name } as IWebhookData,
		[],
		data,
	);
	const answer = await type?.webhook?.call(context);
	return { ...answer, status };
}
