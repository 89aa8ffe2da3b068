import type { ICredentialType, INodeProperties } from 'n8n-workflow';

// eslint-disable-next-line @n8n/community-nodes/credential-test-required -- the nodes test it (testedBy), so that a failed test names its cause
export class ConversationsTelegramApi implements ICredentialType {
	name = 'conversationsTelegramApi';

	displayName = 'Conversations: Telegram API';

	icon = { light: 'file:../icons/telegram.svg', dark: 'file:../icons/telegram.dark.svg' } as const;

	documentationUrl =
		'https://github.com/conversations-for-n8n/n8n-nodes-conversations/blob/main/docs/channels/telegram.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Bot Token',
			name: 'botToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			placeholder: 'e.g. 7000000001:AAF3k…',
			description: "The token that @BotFather gives in Telegram after /newbot, or under /mybots, 'API Token'",
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.telegram.org',
			placeholder: 'e.g. https://api.telegram.org',
			description: 'Only for a Bot API server of your own, or a gateway between n8n and Telegram',
		},
	];
}
