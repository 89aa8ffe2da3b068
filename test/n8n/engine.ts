import 'reflect-metadata';
import { Credentials, ExecutionLifecycleHooks, ExternalSecretsProxy, WorkflowExecute } from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	ICredentials,
	IConnections,
	IDataObject,
	IHttpRequestOptions,
	INode,
	INodeCredentialsDetails,
	INodeExecutionData,
	INodeProperties,
	INodeType,
	INodeTypes,
	IRun,
	IRunExecutionData,
	IVersionedNodeType,
	IWorkflowExecuteAdditionalData,
	IWorkflowSettings,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { createRunExecutionData, ICredentialsHelper, NodeHelpers, Workflow } from 'n8n-workflow';

/** Node types by their full name, e.g. `n8n-nodes-conversations.sendMessage`. */
export type NodeTypeMap = Record<string, INodeType | IVersionedNodeType>;

export interface EngineWorkflow {
	nodes: INode[];
	connections: IConnections;
	nodeTypes: NodeTypeMap;
	/** Credential data by credential type. */
	credentials?: Record<string, ICredentialDataDecryptedObject>;
	/** 'trigger' unless given, as for a workflow that our triggers start. */
	mode?: WorkflowExecuteMode;
	/** 'execution-1' unless given. */
	executionId?: string;
	/** 'workflow-1' unless given. */
	workflowId?: string;
	settings?: IWorkflowSettings;
}

/** What an execution left behind. */
export interface EngineRun {
	run: IRun;
	/** 'success', 'error', 'waiting' … */
	status: IRun['status'];
	/** When a parked execution goes on by itself; undefined: it is not parked. */
	waitTill: Date | undefined;
	/** Message of the error that ended the execution. */
	error: string | undefined;
	/** Items of each output of a node's last run; empty when it did not run. */
	outputs(node: string): INodeExecutionData[][];
	/** JSON of the items on one output of a node's last run. */
	json(node: string, output?: number): IDataObject[];
}

/**
 * Runs a workflow in this process through n8n's own engine, from the first node (or `startNode`), whose input is
 * `input`: for a trigger these are the items that it emitted.
 */
export async function runWorkflow(
	workflow: EngineWorkflow,
	{ startNode, input = [{ json: {} }] }: { startNode?: string; input?: INodeExecutionData[] } = {},
): Promise<EngineRun> {
	const node = workflow.nodes.find(({ name }) => startNode === undefined || name === startNode);
	if (!node) throw new Error(`The workflow has no node '${startNode ?? ''}' to start from.`);
	const data = createRunExecutionData({
		executionData: { nodeExecutionStack: [{ node: structuredClone(node), data: { main: [input] }, source: null }] },
		resumeToken: 'test-resume-token',
	});
	return execute(workflow, data);
}

/**
 * Goes on with a parked execution as n8n does: `outputs` are what the waiting node's webhook gave; without them its
 * time is over.
 */
export async function resumeWorkflow(
	workflow: EngineWorkflow,
	parked: EngineRun,
	outputs?: INodeExecutionData[][],
): Promise<EngineRun> {
	// Between the two n8n keeps the data as text.
	const data = JSON.parse(JSON.stringify(parked.run.data)) as IRunExecutionData;
	const waiting = data.executionData?.nodeExecutionStack[0];
	if (!data.waitTill || !waiting) throw new Error('The execution is not waiting.');
	if (outputs) {
		waiting.data.main = outputs;
		waiting.metadata = { ...waiting.metadata, forwardAllOutputs: true };
	}
	return execute(workflow, data);
}

async function execute(definition: EngineWorkflow, data: IRunExecutionData): Promise<EngineRun> {
	const mode = definition.mode ?? 'trigger';
	const executionId = definition.executionId ?? 'execution-1';
	const workflowData = {
		id: definition.workflowId ?? 'workflow-1',
		name: 'Test workflow',
		active: mode !== 'manual',
		// The engine disables a node that has waited: that must not reach the caller's workflow.
		nodes: structuredClone(definition.nodes),
		connections: definition.connections,
		settings: { executionOrder: 'v1' as const, ...definition.settings },
	};
	const workflow = new Workflow({ ...workflowData, nodeTypes: new TestNodeTypes(definition.nodeTypes) });
	const hooks = new ExecutionLifecycleHooks(mode, executionId, {
		...workflowData,
		isArchived: false,
		createdAt: new Date(0),
		updatedAt: new Date(0),
		activeVersionId: null,
	});
	const credentials = new TestCredentials(definition.credentials ?? {});
	const run = await new WorkflowExecute(
		additionalData(credentials, hooks, executionId, workflowData.id),
		mode,
		data,
	).processRunExecutionData(workflow);
	return resultOf(run);
}

function resultOf(run: IRun): EngineRun {
	const { resultData } = run.data;
	const outputs = (node: string) => (resultData.runData[node]?.at(-1)?.data?.['main'] ?? []).map((items) => items ?? []);
	return {
		run,
		status: run.status,
		waitTill: run.waitTill ?? undefined,
		error: resultData.error?.message,
		outputs,
		json: (node, output = 0) => (outputs(node)[output] ?? []).map((item) => item.json),
	};
}

const BASE_URL = 'http://localhost:5678';

export function additionalData(
	credentialsHelper: TestCredentials,
	hooks: ExecutionLifecycleHooks,
	executionId: string,
	workflowId: string,
): IWorkflowExecuteAdditionalData {
	const unsupported = (what: string) => async () => Promise.reject(new Error(`The test engine has no ${what}.`));
	return {
		credentialsHelper,
		hooks,
		executionId,
		workflowId,
		externalSecretsProxy: new ExternalSecretsProxy(),
		currentNodeExecutionIndex: 0,
		variables: {},
		restApiUrl: `${BASE_URL}/rest`,
		instanceBaseUrl: `${BASE_URL}/`,
		formBaseUrl: `${BASE_URL}/form`,
		formWaitingBaseUrl: `${BASE_URL}/form-waiting`,
		formTestBaseUrl: `${BASE_URL}/form-test`,
		webhookBaseUrl: `${BASE_URL}/webhook`,
		webhookWaitingBaseUrl: `${BASE_URL}/webhook-waiting`,
		webhookTestBaseUrl: `${BASE_URL}/webhook-test`,
		mcpBaseUrl: `${BASE_URL}/mcp`,
		mcpTestBaseUrl: `${BASE_URL}/mcp-test`,
		setExecutionStatus: () => undefined,
		sendDataToUI: () => undefined,
		logAiEvent: () => undefined,
		getRunExecutionData: async () => undefined,
		getRuntimeCredential: async () => undefined,
		executeWorkflow: unsupported('sub-workflows'),
		startRunnerTask: unsupported('task runner'),
	};
}

export class TestNodeTypes implements INodeTypes {
	constructor(private readonly types: NodeTypeMap) {}

	getByName(name: string): INodeType | IVersionedNodeType {
		const type = this.types[name];
		if (!type) throw new Error(`The test workflow names the unknown node type '${name}'.`);
		return type;
	}

	getByNameAndVersion(name: string, version?: number): INodeType {
		return NodeHelpers.getVersionedNodeType(this.getByName(name), version);
	}

	getKnownTypes() {
		return {};
	}
}

export class TestCredentials extends ICredentialsHelper {
	constructor(private readonly byType: Record<string, ICredentialDataDecryptedObject>) {
		super();
	}

	async getDecrypted(
		_additionalData: IWorkflowExecuteAdditionalData,
		_node: INodeCredentialsDetails,
		type: string,
	): Promise<ICredentialDataDecryptedObject> {
		const data = this.byType[type];
		if (!data) throw new Error(`The test gives no credential of type '${type}'.`);
		return data;
	}

	async getCredentials(node: INodeCredentialsDetails, type: string): Promise<ICredentials> {
		return new Credentials({ id: node.id, name: node.name }, type, '');
	}

	async authenticate(_data: ICredentialDataDecryptedObject, _type: string, request: IHttpRequestOptions) {
		return request;
	}

	async preAuthentication() {
		return undefined;
	}

	async runPreAuthentication() {
		return undefined;
	}

	async updateCredentials() {}

	async updateCredentialsOauthTokenData() {}

	getParentTypes(): string[] {
		return [];
	}

	getCredentialsProperties(): INodeProperties[] {
		return [];
	}

	isCredentialUsableByNode() {
		return true;
	}
}

/** A start for workflows that begin with a node under test: gives its input on. */
export const start: INodeType = {
	description: {
		displayName: 'Start',
		name: 'start',
		group: ['trigger'],
		version: 1,
		description: 'Gives its input on',
		defaults: { name: 'Start' },
		inputs: [],
		outputs: ['main'],
		properties: [],
	},
	async execute() {
		return [this.getInputData()];
	},
};
