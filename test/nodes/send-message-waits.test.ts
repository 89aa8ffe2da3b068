import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { INodeExecutionData } from 'n8n-workflow';
import type { Desk } from '../../src/core/desk';
import { close } from '../../src/core/conversation';
import { receive } from '../../src/core/inbox';
import { closeHost } from '../../src/n8n/host';
import { resumeWorkflow, runWorkflow } from '../n8n/engine';
import { callWaitingNode } from '../n8n/waiting-node';
import { asking, reached } from './waiting';
import { ACCOUNT, closeWorkspace, messagesTo, opens, openWorkspace, writes } from './workspace';

let desk: Desk;
beforeEach(async () => {
	desk = await openWorkspace();
});
afterEach(closeWorkspace);

const nobody = { json: { contact: { id: 'nobody' }, order: 7 } };

test('R19: the reply leaves on Sent as the message, what could not be sent on Failed, with their pairs and files', async () => {
	const ann = await opens(desk, 'ann');
	const withFile: INodeExecutionData = { ...ann.item, binary: { data: { data: 'aGk=', mimeType: 'text/plain', fileName: 'hi.txt' } } };
	const workflow = asking({ waitFor: 'reply' });
	const parked = await runWorkflow(workflow, { input: [nobody, withFile] });
	expect(parked.status).toBe('waiting');
	expect((await callWaitingNode(workflow, parked)).workflowData).toBeUndefined();

	await writes(desk, 'ann', 'The prices, please');
	const { workflowData } = await callWaitingNode(workflow, parked);
	const done = await resumeWorkflow(workflow, parked, workflowData);
	expect(done.status).toBe('success');
	expect(reached(done, 'On Sent')).toHaveLength(1);
	expect(reached(done, 'On Failed')).toHaveLength(1);
	expect(workflowData?.[0]).toMatchObject([
		{
			json: { event: { type: 'conversation.opened' }, message: { direction: 'in', text: 'The prices, please' } },
			binary: { data: { fileName: 'hi.txt' } },
			pairedItem: { item: 1 },
		},
	]);
	expect(workflowData?.[1]).toMatchObject([{ json: { order: 7, failure: { code: 'no_channel' } }, pairedItem: { item: 0 } }]);
	expect(await messagesTo(desk, ann.contactId)).toHaveLength(1);
});

test('while it waits, nothing has come out of either output', async () => {
	const ann = await opens(desk, 'ann');
	const parked = await runWorkflow(asking({ waitFor: 'reply' }), { input: [ann.item] });
	expect(parked.outputs('Ask').flat()).toEqual([]);
	expect(reached(parked, 'On Failed')).toEqual([]);
});

test.each([undefined, 'stopWorkflow'] as const)('a wait that cannot begin stops nothing once the message has gone (On Error: %s)', async (onError) => {
	const ann = await opens(desk, 'ann');
	const other = new DatabaseSync(join(process.env['N8N_USER_FOLDER'] ?? '', '.n8n', 'conversations.sqlite'));
	other.exec('DROP TABLE waits');
	other.close();
	const workflow = asking({ waitFor: 'reply' });
	const nodes = workflow.nodes.map((node) => (node.name === 'Ask' && onError ? { ...node, onError } : node));
	const ran = await runWorkflow({ ...workflow, nodes }, { input: [nobody, ann.item] });
	expect(ran.status).toBe('success');
	expect(reached(ran, 'On Sent')).toEqual([]);
	expect(reached(ran, 'On Failed')).toMatchObject([
		{ json: { order: 7, failure: { code: 'no_channel' } } },
		{ json: { message: { status: 'sent' }, failure: { code: 'reply_timeout', reason: expect.stringMatching(/^The message was sent, but/) as string } } },
	]);
	expect(await messagesTo(desk, ann.contactId)).toMatchObject([{ status: 'sent' }]);
});

test("promise 5: should n8n's own limit come first, nothing unanswered is on Sent", async () => {
	const ann = await opens(desk, 'ann');
	const workflow = asking({ waitFor: 'reply' });
	const parked = await runWorkflow(workflow, { input: [ann.item, nobody] });
	const late = await resumeWorkflow(workflow, parked);
	expect(reached(late, 'On Sent')).toEqual([]);
	expect(reached(late, 'On Failed').map(({ json }) => (json['failure'] as { code: string }).code)).toEqual(['reply_timeout', 'no_channel']);
});

test('the conversation is closed meanwhile: Failed, with that reason', async () => {
	const ann = await opens(desk, 'ann');
	const workflow = asking({ waitFor: 'reply' });
	const parked = await runWorkflow(workflow, { input: [ann.item] });
	await close(desk, { contactId: ann.contactId, category: null, summary: null, unassign: true, source: 'agent' });
	const done = await resumeWorkflow(workflow, parked, (await callWaitingNode(workflow, parked)).workflowData);
	expect(reached(done, 'On Failed')).toMatchObject([{ json: { failure: { code: 'conversation_closed' }, conversation: { status: 'closed' } } }]);
});

test('waiting for the delivery ends with the receipt', async () => {
	const ann = await opens(desk, 'ann');
	const workflow = asking({ waitFor: 'delivery' });
	const parked = await runWorkflow(workflow, { input: [ann.item] });
	const [sent] = await messagesTo(desk, ann.contactId);
	await receive(desk, [
		{ kind: 'receipt', key: 'r', channel: 'webchat', account: ACCOUNT, at: desk.now(), externalId: sent?.providerId ?? '', state: 'delivered' },
	]);
	const done = await resumeWorkflow(workflow, parked, (await callWaitingNode(workflow, parked)).workflowData);
	expect(reached(done, 'On Sent')).toMatchObject([{ json: { message: { direction: 'out', status: 'delivered' } } }]);
});

test('a resume that comes late, twice or for another execution changes nothing', async () => {
	const ann = await opens(desk, 'ann');
	const workflow = asking({ waitFor: 'reply' });
	const parked = await runWorkflow(workflow, { input: [ann.item] });
	await writes(desk, 'ann', 'One');
	expect((await callWaitingNode({ ...workflow, executionId: '18' }, parked)).workflowData).toBeUndefined();
	const first = await callWaitingNode(workflow, parked);
	await writes(desk, 'ann', 'Two');
	const second = await callWaitingNode(workflow, parked);
	const repliesOf = (answer: typeof first) => answer.workflowData?.map((items) => items.map(({ json }) => json['message']));
	expect(repliesOf(second)).toEqual(repliesOf(first));
	expect(repliesOf(second)).toMatchObject([[{ text: 'One' }], []]);
	const { waits } = desk.store.records;
	await waits.finish((await waits.find('17', 'id-Ask'))?.id ?? '', 'resumed');
	expect((await callWaitingNode(workflow, parked)).workflowData).toBeUndefined();
});

test('a store that does not answer ends no execution: the resume is tried again', async () => {
	const ann = await opens(desk, 'ann');
	const workflow = asking({ waitFor: 'reply' });
	const parked = await runWorkflow(workflow, { input: [ann.item] });
	await closeHost();
	const file = join(process.env['N8N_USER_FOLDER'] ?? '', '.n8n', 'conversations.sqlite');
	const whole = readFileSync(file);
	writeFileSync(file, 'no database');
	expect(await callWaitingNode(workflow, parked)).toEqual({ noWebhookResponse: true, status: 503 });
	writeFileSync(file, whole);
	expect(await callWaitingNode(workflow, parked)).toMatchObject({ webhookResponse: 'Still waiting' });
});
