import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { requireContactBy } from '../../core/contact';
import { close, type CloseRequest } from '../../core/conversation';
import { requireCategory } from '../../core/lookup';
import type { Records } from '../../core/store';
import { contactKey, conversationKey, passOn } from '../items';
import { eachItem, lookUpAll } from './each-item';
import { located, text } from './parameters';
import { requireDesk } from './problems';

/** The Close Conversation node. `closed` says whether there was something to close. */
export async function closeConversations(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const desk = await requireDesk(this);
	const { records } = desk.store;
	const lookups = await lookUpAll(this, (index) => requestOf(this, records, index));
	return [
		await eachItem(this, async (input, index) => {
			const lookup = lookups[index];
			if (!lookup || 'problem' in lookup) throw lookup?.problem ?? new Error('An item has no request');
			const { closed, conversation, contact } = await close(desk, lookup.found);
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

async function requestOf(ctx: IExecuteFunctions, records: Records, index: number): Promise<CloseRequest> {
	const contact = await requireContactBy(records, text(ctx, index, 'contact', 'Contact'));
	const category = located(ctx, index, 'category', 'Category');
	return {
		contactId: contact.id,
		category: category === '' ? null : (await requireCategory(records, category)).id,
		summary: text(ctx, index, 'summary', 'Summary') || null,
		unassign: ctx.getNodeParameter('unassign', index, true) !== false,
		source: 'workflow',
	};
}
