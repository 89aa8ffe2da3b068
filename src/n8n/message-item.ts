import type { IDataObject } from 'n8n-workflow';
import type { Attachment, MessageDetails } from '../core/channel';
import type { Failure } from '../core/failure';
import type { Message } from '../core/records';
import { iso } from './iso';

/** A message as items have it. What does not belong to every message is there only when it says something. */
export function describeMessage(message: Message): IDataObject {
	const { id, direction, channel, account, type, text, attachments, choices, choice, details, status, providerId, at, execution } = message;
	return {
		id,
		direction,
		channel,
		account,
		type,
		text,
		attachments: attachments.map(describeAttachment),
		...(choices.length > 0 && { choices: choices.map((each) => ({ id: each.id, label: each.label })) }),
		...(choice && { choice: { id: choice.id, label: choice.label } }),
		...(details && describeDetails(details)),
		status,
		providerId,
		at: iso(at),
		...(message.unfilled.length > 0 && { unfilled: [...message.unfilled] }),
		...(message.failure && { failure: describeFailure(message.failure) }),
		...(execution && { execution: { id: execution.id, workflowId: execution.workflowId, node: execution.node } }),
	};
}

export function describeFailure(cause: Failure): IDataObject {
	const { code, reason, channel, retryable, retryAfterMs, providerCode, providerMessage } = cause;
	return { code, reason, channel, retryable, retryAfterMs, providerCode, providerMessage };
}

function describeAttachment({ fileId, name, mime, sizeBytes, kind, voice, missing }: Attachment): IDataObject {
	return { id: fileId, name, mime, sizeBytes, kind, ...(voice && { voice }), ...(missing !== undefined && { missing }) };
}

function describeDetails(details: MessageDetails): IDataObject {
	const { mail, segments, encoding, location, people, template, referral, story, replyTo, forwarded, editedAt, deletedAt, attempts, notes } = details;
	return {
		...(mail && { email: { ...mail } }),
		...(segments !== undefined && { segments }),
		...(encoding && { encoding }),
		...(location && { location: { ...location } }),
		...(people && { contacts: people.map(({ name, phones, emails }) => ({ name, phones: [...phones], emails: [...emails] })) }),
		...(template && { template: { ...template, parameters: { ...template.parameters } } }),
		...(referral && { referral: { ...referral } }),
		...(story && { story: { ...story } }),
		...(replyTo !== undefined && { replyTo }),
		...(forwarded && { forwarded }),
		...(editedAt !== undefined && { editedAt: iso(editedAt) }),
		...(deletedAt !== undefined && { deletedAt: iso(deletedAt) }),
		...(attempts && { attempts: attempts.map((attempt) => ({ ...attempt, at: iso(attempt.at) })) }),
		...(notes && notes.length > 0 && { notes: [...notes] }),
	};
}
