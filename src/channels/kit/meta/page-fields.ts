/**
 * What is asked of a Page. A Page has one subscription for each app, whether the app reads Messenger, Instagram or both, and
 * the last list replaces the one before: so all ask for the same.
 * Source: developers.facebook.com, Messenger Platform: webhooks; read 2026-11-21.
 */
export const PAGE_FIELDS = [
	'messages',
	'messaging_postbacks',
	'message_deliveries',
	'message_reads',
	'message_echoes',
	'message_reactions',
	'message_edits',
	'messaging_referrals',
	'messaging_optins',
	'standby',
] as const;

/**
 * Enough for the messages of an Instagram account that is linked to the Page: any field makes the app listen. The others need
 * the permission 'pages_messaging', which a token for Instagram alone may lack. From integrations, not from Meta's pages.
 */
export const PAGE_FIELDS_LEAST = ['feed'] as const;
