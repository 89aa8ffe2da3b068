import type { ICredentialType, INodeProperties } from 'n8n-workflow';

// eslint-disable-next-line @n8n/community-nodes/credential-test-required -- The nodes test it (testedBy), to name the exact cause.
export class ConversationsLineApi implements ICredentialType {
	name = 'conversationsLineApi';

	displayName = 'Conversations: LINE API';

	documentationUrl = 'https://github.com/conversations-for-n8n/n8n-nodes-conversations/blob/main/docs/channels/line.md';

	icon = { light: 'file:../icons/line.svg', dark: 'file:../icons/line.dark.svg' } as const;

	properties: INodeProperties[] = [
		{
			displayName: 'Channel Access Token',
			name: 'channelAccessToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: "In the LINE Developers Console: your channel, tab 'Messaging API', 'Channel access token (long-lived)', 'Issue'",
		},
		{
			displayName: 'Channel Secret',
			name: 'channelSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: "In the LINE Developers Console: the same channel, tab 'Basic settings', 'Channel secret'. It proves that a message comes from LINE.",
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.line.me',
			placeholder: 'e.g. https://api.line.me',
			description: 'Only for a gateway of your own between n8n and LINE: where calls go',
		},
		{
			displayName: 'Data Base URL',
			name: 'dataBaseUrl',
			type: 'string',
			default: 'https://api-data.line.me',
			placeholder: 'e.g. https://api-data.line.me',
			description: "Only for a gateway of your own between n8n and LINE: where people's files are fetched",
		},
	];
}
