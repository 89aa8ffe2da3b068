import type { ICredentialType, INodeProperties } from 'n8n-workflow';

// eslint-disable-next-line @n8n/community-nodes/credential-test-required -- the nodes test it (testedBy), so that a failed test names its cause
export class ConversationsViberApi implements ICredentialType {
	name = 'conversationsViberApi';

	displayName = 'Conversations: Viber API';

	icon = { light: 'file:../icons/viber.svg', dark: 'file:../icons/viber.dark.svg' } as const;

	documentationUrl = 'https://github.com/conversations-for-n8n/n8n-nodes-conversations/blob/main/docs/channels/viber.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Auth Token',
			name: 'authToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: "The bot's own token. In Viber: 'More' > 'Settings' > 'Bots' > 'Edit info' > 'Your app key'; or on the bot's page of the Viber Admin Panel.",
		},
		{
			displayName: 'Sender Name',
			name: 'senderName',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. Example Shop',
			description: 'The name that stands above each message in the chat, usually that of the bot; at most 28 characters',
		},
		{
			displayName: 'Sender Avatar URL',
			name: 'senderAvatarUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://example.com/avatar.jpg',
			description: 'Public address of the picture beside each message: 720 × 720 pixels, at most 100 KB. Empty: the app shows none.',
		},
		{
			displayName: 'Free Messages per Month',
			name: 'freeMessagesPerMonth',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 0 },
			default: 10000,
			description:
				'How many messages a calendar month may go to people who have not written for 24 hours. For bots made before 5 February 2024, 10,000 are free; newer ones pay for each: enter how many you want to pay for at most. The next one is not sent.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://chatapi.viber.com',
			placeholder: 'e.g. https://chatapi.viber.com',
			description: 'Only for a gateway of your own between n8n and Viber',
		},
	];
}
