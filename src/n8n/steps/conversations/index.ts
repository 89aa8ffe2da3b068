import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { InputError } from '../../../core/failure';
import { eachItem } from '../each-item';
import { requireDesk } from '../problems';
import type { Operation } from './call';
import { closingNoteCategory } from './closing-note-category';
import { contact } from './contact';
import { conversation } from './conversation';
import { file } from './file';
import { health } from './health';
import { message } from './message';
import { agent, team } from './people';
import { snippet } from './snippet';

/** By resource and operation. */
const OPERATIONS: Record<string, Record<string, Operation>> = {
	contact,
	conversation,
	message,
	agent,
	team,
	closingNoteCategory,
	snippet,
	file,
	health,
};

/** The Conversations node. */
export async function operate(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const desk = await requireDesk(this);
	return [
		await eachItem(this, async (input, index) => {
			const resource = String(this.getNodeParameter('resource', index, 'contact'));
			const name = String(this.getNodeParameter('operation', index, 'get'));
			const operations = OPERATIONS[resource];
			if (!operations) throw new InputError('Resource', `'Resource' is '${resource}', which is no choice.`);
			const operation = operations[name];
			if (!operation) throw new InputError('Operation', `'Operation' is '${name}', which '${resource}' does not have.`);
			return await operation({ ctx: this, desk, input, index });
		}),
	];
}
