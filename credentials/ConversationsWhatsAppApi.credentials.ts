import type { ICredentialType, INodeProperties } from 'n8n-workflow';

// eslint-disable-next-line @n8n/community-nodes/credential-test-required -- the nodes test it (testedBy), so that a failed test names its cause
export class ConversationsWhatsAppApi implements ICredentialType {
	name = 'conversationsWhatsAppApi';

	displayName = 'Conversations: WhatsApp API';

	icon = { light: 'file:../icons/whatsapp.svg', dark: 'file:../icons/whatsapp.dark.svg' } as const;

	documentationUrl =
		'https://github.com/conversations-for-n8n/n8n-nodes-conversations/blob/main/docs/channels/whatsapp.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			placeholder: 'e.g. EAAG…',
			description:
				"The token of a system user with the permissions whatsapp_business_messaging and whatsapp_business_management, from Meta's Business Settings, 'Users' > 'System users'",
		},
		{
			displayName: 'Phone Number ID',
			name: 'phoneNumberId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 106540352242922',
			description: "Not the number itself: the ID below it in Meta's App Dashboard, 'WhatsApp' > 'API Setup'",
		},
		{
			displayName: 'Business Account ID',
			name: 'businessAccountId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 102290129340398',
			description:
				"The WhatsApp Business Account ID in Meta's App Dashboard, 'WhatsApp' > 'API Setup'. Needed for templates, and for the webhook to be registered by itself.",
		},
		{
			displayName: 'App ID',
			name: 'appId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 670843887433847',
			description: "In Meta's App Dashboard, 'App settings' > 'Basic'. With it the trigger makes sure that the app gets messages.",
		},
		{
			displayName: 'App Secret',
			name: 'appSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. 0123456789abcdef0123456789abcdef',
			description: "In Meta's App Dashboard, 'App settings' > 'Basic'. Meta signs with it; without it nothing can be received.",
		},
		{
			displayName: 'Verify Token',
			name: 'verifyToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. three-random-words',
			description: 'A random word of your choice. Meta says it when it asks whether the webhook address is yours; without it no address can be set.',
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
