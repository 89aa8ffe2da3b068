import type { INode, INodeType } from 'n8n-workflow';
import type { EngineWorkflow } from './engine';
import { resumeWorkflow, runWorkflow, start } from './engine';

const described = (name: string, outputs: INodeType['description']['outputs'], more: Partial<INodeType['description']> = {}) => ({
	displayName: name,
	name,
	group: ['transform' as const],
	version: 1,
	description: '',
	defaults: { name },
	inputs: ['main' as const],
	outputs,
	properties: [],
	...more,
});

/** Tells what an execution looks like from inside a node. */
const probe: INodeType = {
	description: described('probe', ['main'], { credentials: [{ name: 'secretApi' }] }),
	async execute() {
		const { token } = await this.getCredentials<{ token: string }>('secretApi');
		return [[{ json: { token, execution: this.getExecutionId(), workflow: this.getWorkflow().id, mode: this.getMode() } }]];
	},
};

/** Parks the execution for an hour. */
const parking: INodeType = {
	description: described('parking', ['main', 'main']),
	async execute() {
		await this.putExecutionToWait(new Date(Date.now() + 3_600_000));
		return [this.getInputData()];
	},
};

const failing: INodeType = {
	description: described('failing', ['main']),
	async execute() {
		throw new Error('out of order');
	},
};

const node = (name: string, type: string): INode => ({ id: `id-${name}`, name, type, typeVersion: 1, position: [0, 0], parameters: {} });

function after(name: string, type: string): EngineWorkflow {
	return {
		nodes: [node('Start', 'start'), { ...node(name, type), credentials: { secretApi: { id: '1', name: 'Secret' } } }],
		connections: { Start: { main: [[{ node: name, type: 'main', index: 0 }]] } },
		nodeTypes: { start, probe, parking, failing },
	};
}

describe('the engine tests run on', () => {
	test('gives a node its credential, execution, workflow and mode', async () => {
		const workflow = { ...after('Probe', 'probe'), credentials: { secretApi: { token: 'abc' } } };
		const run = await runWorkflow({ ...workflow, executionId: '77', workflowId: 'w9', mode: 'manual' });
		expect(run.status).toBe('success');
		expect(run.json('Probe')).toEqual([{ token: 'abc', execution: '77', workflow: 'w9', mode: 'manual' }]);
	});

	test('names the credential that a test forgot to give', async () => {
		const run = await runWorkflow(after('Probe', 'probe'));
		expect(run.status).toBe('error');
		expect(run.error).toContain('secretApi');
	});

	test('starts with the items it is given', async () => {
		const run = await runWorkflow(after('Wait', 'parking'), { input: [{ json: { n: 1 } }, { json: { n: 2 } }] });
		expect(run.json('Start')).toEqual([{ n: 1 }, { n: 2 }]);
	});

	test('shows a parked execution, and goes on with what its webhook gave', async () => {
		const workflow = after('Wait', 'parking');
		const parked = await runWorkflow(workflow);
		expect(parked.status).toBe('waiting');
		expect(parked.waitTill!.getTime()).toBeGreaterThan(Date.now());

		const resumed = await resumeWorkflow(workflow, parked, [[], [{ json: { late: true } }]]);
		expect(resumed.status).toBe('success');
		expect(resumed.outputs('Wait').map((items) => items.map((item) => item.json))).toEqual([[], [{ late: true }]]);
	});

	test('goes on when the time of a parked execution is over: the input leaves by the first output', async () => {
		const workflow = after('Wait', 'parking');
		const parked = await runWorkflow(workflow, { input: [{ json: { n: 1 } }] });
		const resumed = await resumeWorkflow(workflow, parked);
		expect(resumed.status).toBe('success');
		expect(resumed.json('Wait')).toEqual([{ n: 1 }]);
	});

	test('tells why an execution failed', async () => {
		const run = await runWorkflow(after('Fail', 'failing'));
		expect(run.status).toBe('error');
		expect(run.error).toBe('out of order');
		expect(run.outputs('Fail')).toEqual([]);
	});
});
