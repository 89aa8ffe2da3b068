import type { IExecuteFunctions, IWorkflowDataProxyData } from 'n8n-workflow';
import { messageKey, runIdentity } from '../../src/n8n/steps/identity';

/** What a node sees of an execution that none of our triggers began. `data`: what n8n hands on to a retry. */
function context(more: { id: string; mode: string; data: Record<string, unknown>; runIndex?: number; node?: string }) {
	const seen: Partial<IExecuteFunctions> = {
		getContext: () => more.data,
		getMode: () => more.mode as ReturnType<IExecuteFunctions['getMode']>,
		getExecutionId: () => more.id,
		getWorkflow: () => ({ id: 'workflow', active: true }),
		getNode: () => ({ id: more.node ?? 'node', name: 'Send', type: 'x', typeVersion: 1, position: [0, 0], parameters: {} }),
		getParentNodes: () => [],
		getWorkflowDataProxy: () => ({ $runIndex: more.runIndex ?? 0 }) as unknown as IWorkflowDataProxyData,
	};
	return seen as IExecuteFunctions;
}

test('promise 4: a retry of a failed execution is known by the data it is given', () => {
	const data = {};
	const first = runIdentity(context({ id: '1', mode: 'webhook', data }));
	const handedOn = JSON.parse(JSON.stringify(data)) as Record<string, unknown>;
	expect(runIdentity(context({ id: '2', mode: 'retry', data: handedOn }))).toBe(first);
	expect(runIdentity(context({ id: '2', mode: 'webhook', data: {} }))).not.toBe(first);
});

test('also when what failed was a test', () => {
	const data = {};
	const first = runIdentity(context({ id: '1', mode: 'manual', data }));
	expect(runIdentity(context({ id: '2', mode: 'retry', data }))).toBe(first);
	expect(runIdentity(context({ id: '3', mode: 'manual', data }))).not.toBe(first);
});

test('every run of a loop and every node is its own', () => {
	const data = {};
	const identities = [
		runIdentity(context({ id: '1', mode: 'trigger', data })),
		runIdentity(context({ id: '1', mode: 'trigger', data, runIndex: 1 })),
		runIdentity(context({ id: '1', mode: 'trigger', data, node: 'other' })),
	];
	expect(new Set(identities).size).toBe(3);
});

test('a message is known by its run, item, contact and content', () => {
	const keys = [
		messageKey('run', 0, 'ann', 'Hi'),
		messageKey('run', 1, 'ann', 'Hi'),
		messageKey('run', 0, 'bob', 'Hi'),
		messageKey('run', 0, 'ann', 'Ho'),
		messageKey('other', 0, 'ann', 'Hi'),
	];
	expect(new Set(keys).size).toBe(keys.length);
	expect(messageKey('run', 0, 'ann', 'Hi')).toBe(keys[0]);
});
