import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IDataObject, INode, INodeExecutionData, INodeType } from 'n8n-workflow';
import { AssignConversation } from '../../nodes/AssignConversation/AssignConversation.node';
import { CloseConversation } from '../../nodes/CloseConversation/CloseConversation.node';
import { ConversationEventTrigger } from '../../nodes/ConversationEventTrigger/ConversationEventTrigger.node';
import { ConversationOpenedTrigger } from '../../nodes/ConversationOpenedTrigger/ConversationOpenedTrigger.node';
import { Conversations } from '../../nodes/Conversations/Conversations.node';
import { SendMessage } from '../../nodes/SendMessage/SendMessage.node';
import type { ChannelEvent, InboundContent } from '../../src/core/channel';
import type { Desk } from '../../src/core/desk';
import { receive } from '../../src/core/inbox';
import type { Message } from '../../src/core/records';
import { closeHost, openDesk } from '../../src/n8n/host';
import { eventItem } from '../../src/n8n/items';
import { freshStore } from '../setup/fresh-store';
import { runWorkflow, start, type EngineRun, type EngineWorkflow } from '../n8n/engine';

/** Tests of nodes: n8n's own engine, a real SQLite store in a folder of its own, contacts who write on the website chat. */

export const ACCOUNT = 'page-1';

let folder = '';
const before = process.env['N8N_USER_FOLDER'];

export async function openWorkspace(): Promise<Desk> {
	folder = mkdtempSync(join(process.env['CONVERSATIONS_TEST_ROOT'] ?? tmpdir(), 'nodes-'));
	mkdirSync(join(folder, '.n8n'));
	await freshStore(join(folder, '.n8n', 'conversations.sqlite'));
	process.env['N8N_USER_FOLDER'] = folder;
	return await openDesk();
}

export async function closeWorkspace(): Promise<void> {
	await closeHost();
	process.env['N8N_USER_FOLDER'] = before;
	rmSync(folder, { recursive: true, force: true });
}

let facts = 0;

/** A visitor of the website chat writes. */
export async function writes(
	desk: Desk,
	user: string,
	said: string | InboundContent = 'Hello',
	more: { name?: string; account?: string } = {},
): Promise<Message> {
	const account = more.account ?? ACCOUNT;
	const key = `fact-${++facts}`;
	const fact: ChannelEvent = {
		kind: 'message',
		key,
		channel: 'webchat',
		account,
		at: desk.now(),
		from: { channel: 'webchat', account, user },
		content: typeof said === 'string' ? { kind: 'text', text: said } : said,
		externalId: key,
		...(more.name !== undefined && { name: more.name }),
	};
	const [received] = await receive(desk, [fact]);
	if (received?.kind !== 'message') throw new Error('The message was not received.');
	return received.message;
}

/** A visitor opens a conversation; the item is what a trigger gives for it. */
export async function opens(desk: Desk, user: string, text = 'Hello', name?: string) {
	const message = await writes(desk, user, text, name === undefined ? {} : { name });
	const [event] = await desk.store.records.events.list(
		{ contactId: message.contactId, type: 'conversation.opened' },
		{ limit: 1, offset: 0 },
	);
	const item = event && (await eventItem(desk.store.records, event));
	if (!item) throw new Error('No conversation was opened.');
	return { contactId: message.contactId, item, message };
}

export async function messagesTo(desk: Desk, contactId: string): Promise<Message[]> {
	const newestFirst = await desk.store.records.messages.list({ contactId, direction: 'out' }, { limit: 100, offset: 0 });
	return newestFirst.toReversed();
}

export const types: Record<string, INodeType> = {
	conversationOpenedTrigger: new ConversationOpenedTrigger(),
	conversationEventTrigger: new ConversationEventTrigger(),
	sendMessage: new SendMessage(),
	assignConversation: new AssignConversation(),
	closeConversation: new CloseConversation(),
	conversations: new Conversations(),
};

const collect: INodeType = {
	description: { ...start.description, displayName: 'Collect', name: 'collect', group: ['transform'], inputs: ['main'] },
	async execute() {
		return [this.getInputData()];
	},
};

const node = (name: string, type: string, parameters: IDataObject = {}, more: Partial<INode> = {}): INode => ({
	id: `id-${name}`,
	name,
	type,
	typeVersion: 1,
	position: [0, 0],
	parameters: parameters as INode['parameters'],
	...more,
});

const NODE = 'Step';
const nameOf = (type: string) => `n8n-nodes-conversations.${type}`;

interface RunOptions {
	/** Settings of the node under test, such as `onError`. */
	node?: Partial<INode>;
	/** The execution: its id, mode … */
	workflow?: Partial<EngineWorkflow>;
	/** Whether our own trigger begins it. */
	triggered?: boolean;
	/** What the type of the node is called, for a node as a tool. */
	typeName?: string;
}

export interface Ran extends EngineRun {
	/** JSON of the items on one output of the node under test. */
	out(output?: number): IDataObject[];
	/** The same as whole items. */
	items(output?: number): INodeExecutionData[];
	/** What a node connected to that output got. */
	reached(output: number): IDataObject[];
}

/** Runs one of our nodes with these items, with a node after each of its outputs. */
export async function run(
	type: string,
	parameters: IDataObject,
	input: INodeExecutionData[],
	{ node: more = {}, workflow = {}, triggered = false, typeName = type }: RunOptions = {},
): Promise<Ran> {
	const after = [0, 1, 2].map((output) => node(`After ${output}`, 'collect'));
	const ran = await runWorkflow(
		{
			nodes: [
				node('Start', triggered ? nameOf('conversationOpenedTrigger') : 'start', {}, triggered ? { typeVersion: 2 } : {}),
				node(NODE, nameOf(typeName), parameters, more),
				...after,
			],
			connections: {
				Start: { main: [[{ node: NODE, type: 'main', index: 0 }]] },
				[NODE]: { main: after.map(({ name }) => [{ node: name, type: 'main', index: 0 }]) },
			},
			nodeTypes: {
				start,
				collect,
				...Object.fromEntries(Object.entries(types).map(([name, known]) => [nameOf(name), known])),
				...(types[type] && { [nameOf(typeName)]: types[type] }),
			},
			...workflow,
		},
		{ input },
	);
	return {
		...ran,
		out: (output = 0) => ran.json(NODE, output),
		items: (output = 0) => ran.outputs(NODE)[output] ?? [],
		reached: (output) => ran.json(`After ${output}`),
	};
}

/** The error that ended the execution, with what it says below the message. */
export function endedBy(ran: EngineRun): { message: string; description: string | null | undefined } {
	const error = ran.run.data.resultData.error;
	return { message: error?.message ?? '', description: error?.description };
}
