/** What is written to Viber. Source: creators.viber.com, bots API, data models; read 2026-11-21. */

/** What is particular to one type of message. */
export type MessageBody =
	| { type: 'text'; text: string; keyboard?: Keyboard }
	/** `text`: the caption; must be there, may be empty. */
	| { type: 'picture'; text: string; media: string }
	| { type: 'video'; media: string; size: number; duration?: number }
	| { type: 'file'; media: string; size: number; file_name: string }
	| { type: 'location'; location: { lat: number; lon: number } };

export type OutgoingMessage = MessageBody & {
	receiver: string;
	min_api_version: number;
	sender: { name: string; avatar?: string };
	/** Comes back with the person's next message. */
	tracking_data: string;
};

export interface Keyboard {
	Type: 'keyboard';
	Buttons: KeyboardButton[];
}

export interface KeyboardButton {
	Columns: number;
	Rows: number;
	ActionType: 'reply';
	ActionBody: string;
	/** Shown by the app, which reads it as HTML. */
	Text: string;
	Silent: boolean;
}
