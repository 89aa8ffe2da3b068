/** What we send to `POST /{phone-number-id}/messages`. What comes in is read from JSON that nobody has checked. */
export type OutgoingMessage = {
	messaging_product: 'whatsapp';
	recipient_type: 'individual';
	/** E.164 with '+'. */
	to?: string;
	/** A business-scoped user id. */
	recipient?: string;
	context?: { message_id: string };
	/** Comes back in every status of this message. */
	biz_opaque_callback_data?: string;
} & OutgoingContent;

export type OutgoingContent =
	| { type: 'text'; text: { body: string; preview_url?: true } }
	| { type: 'image'; image: MediaId & { caption?: string } }
	| { type: 'video'; video: MediaId & { caption?: string } }
	| { type: 'audio'; audio: MediaId & { voice?: true } }
	| { type: 'document'; document: MediaId & { caption?: string; filename: string } }
	| { type: 'location'; location: { latitude: string; longitude: string; name?: string; address?: string } }
	| { type: 'interactive'; interactive: ReplyButtons | ChoiceList }
	| { type: 'template'; template: OutgoingTemplate };

interface MediaId {
	id: string;
}

export interface ReplyButtons {
	type: 'button';
	body: { text: string };
	action: { buttons: { type: 'reply'; reply: { id: string; title: string } }[] };
}

export interface ChoiceList {
	type: 'list';
	body: { text: string };
	action: { button: string; sections: { rows: { id: string; title: string }[] }[] };
}

export interface OutgoingTemplate {
	name: string;
	language: { code: string };
	components?: OutgoingComponent[];
}

export type OutgoingComponent =
	| { type: 'header' | 'body'; parameters: OutgoingParameter[] }
	| { type: 'button'; sub_type: 'url' | 'quick_reply' | 'copy_code'; index: string; parameters: OutgoingParameter[] };

export type OutgoingParameter =
	| { type: 'text'; text: string; parameter_name?: string }
	| { type: 'payload'; payload: string }
	| { type: 'coupon_code'; coupon_code: string }
	| { type: 'image'; image: MediaLocation }
	| { type: 'video'; video: MediaLocation }
	| { type: 'document'; document: MediaLocation & { filename?: string } };

export type MediaLocation = { id: string } | { link: string };
