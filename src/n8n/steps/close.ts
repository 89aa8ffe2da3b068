import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { requireContactBy } from '../../core/contact';
import { close, type Closed } from '../../core/conversation';
import type { Desk } from '../../core/desk';
import { contactKey, conversationKey, passOn } from '../items';
import { eachItem } from './each-item';
import { located, text } from './parameters';
import { requireDesk } from './problems';

/** The Close Conversation node. `closed` says whether there was something to close. */
export async function closeConversations(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const desk = await requireDesk(this);
	return [
		await eachItem(this, async (input, index) => {
			const { records } = desk.store;
			const { closed, conversation, contact } = await closeOne(this, desk, index);
			return [
				passOn(input, index, {
					conversation: await conversationKey(records, conversation),
					contact: await contactKey(records, contact),
					closed,
				}),
			];
		}),
	];
}

async function closeOne(ctx: IExecuteFunctions, desk: Desk, index: number): Promise<Closed> {
	const contact = await requireContactBy(desk.store.records, text(ctx, index, 'contact', 'Contact'));
	return await close(desk, {
		contactId: contact.id,
		category: located(ctx, index, 'category', 'Category') || null,
		summary: text(ctx, index, 'summary', 'Summary') || null,
		unassign: ctx.getNodeParameter('unassign', index, true) !== false,
		source: 'workflow',
	});
}
