import type { ICredentialType, INodeProperties } from 'n8n-workflow';

// eslint-disable-next-line @n8n/community-nodes/credential-test-required -- the nodes test it (testedBy), so that a failed test names its cause
export class ConversationsMessengerApi implements ICredentialType {
	name = 'conversationsMessengerApi';

	displayName = 'Conversations: Messenger API';

	documentationUrl = 'https://github.com/conversations-for-n8n/n8n-nodes-conversations/blob/main/docs/channels/messenger.md';

	icon = { light: 'file:../icons/messenger.svg', dark: 'file:../icons/messenger.dark.svg' } as const;

	properties: INodeProperties[] = [
		{
			displayName: 'Page Access Token',
			name: 'pageAccessToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				"In Meta's App Dashboard, 'Messenger' > 'Messenger API Settings' > 'Generate access tokens'. It needs the permissions pages_messaging and pages_manage_metadata.",
		},
		{
			displayName: 'Page ID',
			name: 'pageId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 1067280970047460',
			description: "Below the Page's name under 'Generate access tokens'; on Facebook: 'About' > 'Page transparency'",
		},
		{
			displayName: 'App ID',
			name: 'appId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1517776481860111',
			description: "In Meta's App Dashboard, 'App settings' > 'Basic'. With it the trigger registers its address by itself.",
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
			default: 'https://graph.facebook.com',
			placeholder: 'e.g. https://graph.facebook.com',
			description: 'Only for a gateway of your own between n8n and Meta',
		},
	];
}
