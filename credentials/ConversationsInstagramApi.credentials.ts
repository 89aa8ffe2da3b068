import type { ICredentialType, INodeProperties } from 'n8n-workflow';

// eslint-disable-next-line @n8n/community-nodes/credential-test-required -- the nodes test it (testedBy), so that a failed test names its cause
export class ConversationsInstagramApi implements ICredentialType {
	name = 'conversationsInstagramApi';

	displayName = 'Conversations: Instagram API';

	documentationUrl = 'https://github.com/conversations-for-n8n/n8n-nodes-conversations/blob/main/docs/channels/instagram.md';

	icon = { light: 'file:../icons/instagram.svg', dark: 'file:../icons/instagram.dark.svg' } as const;

	properties: INodeProperties[] = [
		{
			displayName: 'Login Type',
			name: 'loginType',
			type: 'options',
			options: [
				{
					name: 'Instagram Login',
					value: 'instagram',
					description: 'The account logged in with Instagram; no Facebook Page is needed',
				},
				{
					name: 'Facebook Page',
					value: 'facebook',
					description: 'The account is linked to a Facebook Page, and the token is of that Page',
				},
			],
			default: 'instagram',
			description: 'How the access token was made',
		},
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				"In Meta's App Dashboard, under 'Generate access tokens' of 'Instagram' > 'API setup with Instagram login'; with a Facebook Page: of 'Messenger' > 'Instagram settings'",
		},
		{
			displayName: 'Account ID',
			name: 'accountId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 17841400000000000',
			description: 'ID of the Instagram professional account. If you do not know it, enter 0 and test the credential: the answer names it.',
		},
		{
			displayName: 'App ID',
			name: 'appId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1517776481860222',
			description: "In Meta's App Dashboard, 'App settings' > 'Basic' (not the 'Instagram app ID'). With it the trigger registers its address by itself.",
		},
		{
			displayName: 'App Secret',
			name: 'appSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: "In Meta's App Dashboard, 'App settings' > 'Basic'. Without it no incoming message can be checked, and all are refused.",
		},
		{
			displayName: 'Instagram App Secret',
			name: 'instagramAppSecret',
			type: 'string',
			typeOptions: { password: true },
			displayOptions: { show: { loginType: ['instagram'] } },
			default: '',
			description: "In Meta's App Dashboard, 'Instagram' > 'API setup with Instagram login'. Messages signed with either secret are accepted.",
		},
		{
			displayName: 'Verify Token',
			name: 'verifyToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. three-random-words',
			description: 'A random word of your choice, of at most 64 characters. Meta says it when it asks whether the webhook address is yours.',
		},
		{
			displayName: 'Graph Version',
			name: 'graphVersion',
			type: 'string',
			default: 'v26.0',
			placeholder: 'e.g. v26.0',
			description: 'Only for when Meta retires this version of its Graph API, or your app needs another one',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://graph.instagram.com',
			description:
				'Only for a gateway of your own between n8n and Meta. Empty: graph.instagram.com for Instagram Login, graph.facebook.com for a Facebook Page.',
		},
	];
}
