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
				"The token of a system user with the permissions whatsapp_business_messaging and whatsapp_business_management, from Meta's Business Settings, 'Users' > 'System Users'",
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
			description: "In Meta's App Dashboard, 'App Settings' > 'Basic'",
		},
		{
			displayName: 'App Secret',
			name: 'appSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. 0123456789abcdef0123456789abcdef',
			description: "In Meta's App Dashboard, 'App Settings' > 'Basic'. Meta signs with it; without it nothing can be received.",
		},
		{
			displayName: 'Verify Token',
			name: 'verifyToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. a long random word of your choice',
			description: 'A word of your choice. Meta says it when the webhook is registered, so that n8n knows who asks.',
		},
		{
			displayName: 'Graph Version',
			name: 'graphVersion',
			type: 'string',
			default: 'v26.0',
			placeholder: 'e.g. v26.0',
			description: "Only for moving to another version of Meta's Graph API",
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://graph.facebook.com',
			placeholder: 'e.g. https://graph.facebook.com',
			description: 'Only for a gateway in front of the Graph API',
		},
	];
}
