import type { ICredentialType, INodeProperties } from 'n8n-workflow';

// eslint-disable-next-line @n8n/community-nodes/credential-test-required -- the nodes test it (testedBy), so that a failed test names its cause
export class ConversationsEmailApi implements ICredentialType {
	name = 'conversationsEmailApi';

	displayName = 'Conversations: Email API';

	icon = { light: 'file:../icons/email.svg', dark: 'file:../icons/email.dark.svg' } as const;

	documentationUrl = 'https://github.com/conversations-for-n8n/n8n-nodes-conversations/blob/main/docs/channels/email.md';

	properties: INodeProperties[] = [
		{
			displayName: 'From Address',
			name: 'fromAddress',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. support@example.com',
			description: 'The address that mails come from and that people answer to: that of the mailbox below. A mailbox of its own is best.',
		},
		{
			displayName: 'From Name',
			name: 'fromName',
			type: 'string',
			default: '',
			placeholder: 'e.g. Example Shop',
			description: 'The name that people see as the sender. Empty: they see the address.',
		},
		{
			displayName: 'SMTP Host',
			name: 'smtpHost',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. smtp.example.com',
			description: "The server that mails go out by. Your provider's help calls it the outgoing or SMTP server.",
		},
		{
			displayName: 'SMTP Port',
			name: 'smtpPort',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 65535, numberPrecision: 0 },
			default: 465,
			description: "465 with 'SMTP SSL/TLS' on, 587 with it off",
		},
		{
			displayName: 'SMTP SSL/TLS',
			name: 'smtpSecure',
			type: 'boolean',
			default: true,
			description: 'Whether the connection is encrypted from its first moment, as port 465 wants it. Port 587 wants it off: there the connection is encrypted by STARTTLS.',
		},
		{
			displayName: 'SMTP User',
			name: 'smtpUser',
			type: 'string',
			default: '',
			placeholder: 'e.g. support@example.com',
			description: 'Usually the whole address. Empty: mails are sent without a login, as a server inside your own network may allow.',
		},
		{
			displayName: 'SMTP Password',
			name: 'smtpPassword',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'At Gmail, Yahoo and iCloud an app password, which you make in the security settings of the account. Microsoft 365 takes a password only where an administrator allows it.',
		},
		{
			displayName: 'IMAP Host',
			name: 'imapHost',
			type: 'string',
			default: '',
			placeholder: 'e.g. imap.example.com',
			description: "The server that mails are read from. Your provider's help calls it the incoming or IMAP server. Empty: mails are only sent.",
		},
		{
			displayName: 'IMAP Port',
			name: 'imapPort',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 65535, numberPrecision: 0 },
			default: 993,
			description: "993 with 'IMAP SSL/TLS' on, 143 with it off",
		},
		{
			displayName: 'IMAP SSL/TLS',
			name: 'imapSecure',
			type: 'boolean',
			default: true,
			description: 'Whether the connection is encrypted from its first moment, as port 993 wants it. Port 143 wants it off: there the connection is encrypted by STARTTLS.',
		},
		{
			displayName: 'IMAP User',
			name: 'imapUser',
			type: 'string',
			default: '',
			placeholder: 'e.g. support@example.com',
			description: "Empty: the same as 'SMTP User'",
		},
		{
			displayName: 'IMAP Password',
			name: 'imapPassword',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: "Empty: the same as 'SMTP Password'",
		},
		{
			displayName: 'Mailbox',
			name: 'mailbox',
			type: 'string',
			default: 'INBOX',
			placeholder: 'e.g. INBOX',
			description: "The folder that new mails are read from, by the server's name for it. Only another one if a rule of yours moves mails there.",
		},
	];
}
