import type { ICredentialType, INodeProperties } from 'n8n-workflow';

// eslint-disable-next-line @n8n/community-nodes/credential-test-required -- the nodes test it (testedBy), so that a failed test names its cause
export class ConversationsTikTokApi implements ICredentialType {
	name = 'conversationsTikTokApi';

	displayName = 'Conversations: TikTok API';

	icon = { light: 'file:../icons/tiktok.svg', dark: 'file:../icons/tiktok.dark.svg' } as const;

	documentationUrl = 'https://github.com/conversations-for-n8n/n8n-nodes-conversations/blob/main/docs/channels/tiktok.md';

	properties: INodeProperties[] = [
		{
			displayName: 'App ID',
			name: 'appId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 7412345678901234567',
			description: "In the TikTok for Business developer portal: 'My Apps' > your app > 'Basic Information'",
		},
		{
			displayName: 'App Secret',
			name: 'appSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: "In the TikTok for Business developer portal, below the App ID. It also proves that a message comes from TikTok.",
		},
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				"The 'access_token' that TikTok answered when the account was authorised. It works for a day; after that, and if it is empty, n8n asks for a new one by itself.",
		},
		{
			displayName: 'Refresh Token',
			name: 'refreshToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: "The 'refresh_token' of the same answer. Let no other program use it: TikTok may replace it each time, and n8n keeps the newest one.",
		},
		{
			displayName: 'Business ID',
			name: 'businessId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. _000abcDEF123ghiJKL456',
			description: "The 'open_id' of the same answer. Not the name of the account.",
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://business-api.tiktok.com/open_api/v1.3',
			placeholder: 'e.g. https://business-api.tiktok.com/open_api/v1.3',
			description: 'Only for a gateway of your own between n8n and TikTok',
		},
	];
}
