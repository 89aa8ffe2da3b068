import { askAgain, type Asker } from '../../src/core/asking';
import type { Choice } from '../../src/core/channel';
import { send } from '../../src/core/outbox';
import { park, type ParkRequest } from '../../src/core/parking';
import type { Question, Wait } from '../../src/core/records';
import { CONNECTED, draft, VISITOR, write, type TestDesk } from './desk';

/** Steps that asked something and wait for the reply. */

export const NUMBER: Question = { expects: { kind: 'number', min: 1, max: 10 }, triesMax: 3, prompt: { text: '🤖 A number, please.', choices: [] } };
export const CHOICES: Choice[] = [{ id: 'y', label: 'Yes' }, { id: 'n', label: 'No' }];
export const YES_OR_NO: Question = { expects: { kind: 'choice', choices: CHOICES }, triesMax: 2, prompt: { text: '🤖 Yes or no?', choices: CHOICES } };

export const ASKER: Asker = { connections: { webchat: CONNECTED }, skipWhenAssigned: false, execution: { id: '7', workflowId: 'w', node: 'Ask' } };

export function waitingOn(desk: () => TestDesk) {
	async function asked(question: Question | null, user = 'v') {
		const { contactId } = await write(desk(), 'Hello', { ...VISITOR, user });
		const sent = await send(desk(), draft(contactId, 'How many?'));
		return { contactId, messageId: sent.message?.id ?? '', item: { json: {} }, result: null, question };
	}

	async function parked(...items: ParkRequest['items']): Promise<Wait> {
		const { wait } = await park(desk(), {
			executionId: '7', nodeId: 'node', workflowId: 'w', kind: 'reply', resumeUrl: 'http://localhost/r', until: desk().now() + 3_600_000, items,
		});
		if (!wait) throw new Error('nothing was parked');
		return wait;
	}

	const replies = (text: string, user = 'v') => write(desk(), text, { ...VISITOR, user });
	const itemsOf = (wait: Wait) => desk().store.records.waits.items(wait.id);
	const stateOf = async ({ id }: Wait) => (await desk().store.records.waits.get(id))?.state;
	const said = async (contactId: string) =>
		(await desk().store.records.messages.list({ contactId, direction: 'out' }, { limit: 50, offset: 0 })).toReversed().flatMap(({ text, status }) => (status === 'sent' ? [text] : []));

	/** As the node does when it is posted to: whether there was something to post. */
	async function posted(asker: Asker = ASKER): Promise<boolean> {
		const due = await desk().store.records.waits.claimDue(desk().now(), desk().now() + 30_000, 10);
		for (const wait of due) await askAgain(desk(), wait, asker);
		return due.length > 0;
	}
	return { asked, parked, replies, itemsOf, stateOf, said, posted };
}
