import type { INodeProperties } from 'n8n-workflow';
import { nameIn, shownFor, type MessageKind, type Section } from './section';

/** What a mail is made of. */
const KINDS: readonly MessageKind[] = ['text', 'media'];

/** Stands above the text, as in every mail program. */
export function subjectField(section: Section): INodeProperties {
	return {
		displayName: `${section.label}Subject`,
		name: nameIn(section, 'subject'),
		type: 'string',
		default: '',
		placeholder: 'e.g. Your order',
		description: "Variables and snippets are filled in. The subject of the contact's own mail is 'message.email.subject' of the trigger's item.",
		hint: 'Optional; without one the mail has a blank subject',
		displayOptions: shownFor(section, KINDS),
	};
}

/** What a mail has besides its subject, text and files. Prefixed with the channel's id they are emailHtml, emailCc … */
export function mailFields(section: Section): INodeProperties[] {
	const displayOptions = shownFor(section, KINDS);
	const recipients = (label: string, name: string, description: string): INodeProperties => ({
		displayName: `${section.label}${label}`,
		name: nameIn(section, name),
		type: 'string',
		default: '',
		placeholder: 'e.g. nathan@example.com, ann@example.com',
		description,
		displayOptions,
	});
	return [
		{
			displayName: `${section.label}HTML`,
			name: nameIn(section, 'html'),
			type: 'string',
			typeOptions: { editor: 'htmlEditor', rows: 8 },
			default: '',
			description:
				'Optional: the body with formatting. The text above goes along for mail programs that show no HTML, and alone, with its paragraphs and links, when this is empty. Variables and snippets are filled in.',
			displayOptions,
		},
		recipients('CC', 'cc', 'Further recipients that everybody sees, separated by commas'),
		recipients('BCC', 'bcc', 'Further recipients that nobody sees, separated by commas'),
		recipients('Reply-To', 'replyTo', "Where answers go instead of the sender's address. Answers to another mailbox do not come back to this conversation."),
	];
}
