/** What is written to TikTok. unverified: from clients of others (github.com/bububa/tiktok-business); read 2026-11-22. */

/** What is particular to one type of message. */
export type MessageBody =
	| { message_type: 'TEXT'; text: { body: string }; referenced_message_info?: { referenced_message_id: string } }
	| { message_type: 'IMAGE'; image: { media_id: string } }
	| { message_type: 'TEMPLATE'; template: ButtonCard };

export type OutgoingMessage = MessageBody & {
	business_id: string;
	recipient_type: 'CONVERSATION';
	/** The id of the conversation. */
	recipient: string;
};

/** A question with answers. A press comes as a text of the person, with the button's id beside it. */
export interface ButtonCard {
	type: 'QA_BUTTON_CARD';
	title: string;
	buttons: { type: 'REPLY'; title: string; id: string }[];
}

export const MEDIA_TYPE = 'IMAGE';
