/**
 * What the chat page and n8n say to each other. All addresses are relative to the page's own,
 * `…/webhook/<webhookId>/conversations/webchat`:
 *
 * | call | body | answer |
 * |---|---|---|
 * | `GET` | | the page; its settings stand in `<script type="application/json" id="chat-config">` ({@link PageConfig}) |
 * | `GET /page.js`, `/page.css`, `/widget.js` | | the page's code and look, the launcher for other sites |
 * | `POST /messages` | {@link VisitorPost} as JSON | {@link PostAnswer} |
 * | `POST /files` | the bytes, `application/octet-stream`, name in `x-file-name` (percent-encoded) | {@link FileAnswer} |
 * | `GET /events` | | Server-Sent Events, {@link StreamEvents}; a comment line every 20 s keeps proxies from closing it |
 *
 * All but the first two carry `Authorization: Bearer <token>`, except a `hello` that asks for one.
 * What is refused comes as 4xx or 5xx with {@link Refusal}. While n8n starts it may answer anything at all, also
 * status 200 with plain text: an answer counts only when it is JSON with the expected field.
 */

export interface PageConfig {
	title: string;
	/** Shown before the first message; empty: nothing. */
	greeting: string;
	/** CSS colour `#rrggbb` of the business. */
	colour: string;
	/** The address of a test run: works only while the editor listens. */
	test: boolean;
	limits: { textMax: number; fileMaxBytes: number; attachmentsMax: number };
}

export type VisitorPost =
	| { type: 'hello' }
	| {
			type: 'message';
			/** Chosen by the page (UUID), the same on every retry of this message. */
			id: string;
			text?: string;
			/** Ids that `POST /files` answered. */
			attachments?: string[];
			/** The press of a button: which message offered it, and its id there. */
			choice?: { messageId: string; id: string };
	  }
	| { type: 'receipt'; delivered?: string[]; read?: string[] }
	| { type: 'history'; before: string };

export type PostAnswer =
	/** Of a `hello`; also a renewed token for a valid one. */
	| { token: string }
	/** Of a `message`: our id of the stored message. */
	| { message: string }
	| { receipt: true }
	| { messages: WireMessage[]; more: boolean };

export interface FileAnswer {
	attachment: WireAttachment;
}

export interface Refusal {
	error: {
		code: 'bad_request' | 'unauthorized' | 'too_large' | 'too_many' | 'not_found' | 'unavailable';
		/** A sentence for the visitor. */
		message: string;
		retryAfterMs?: number;
	};
}

export interface WireAttachment {
	fileId: string;
	kind: 'image' | 'video' | 'audio' | 'file';
	name: string;
	mime: string;
	sizeBytes: number;
	/** Relative to the page's address; signed and valid for some hours. A new snapshot brings a new one. */
	url: string;
}

export interface WireMessage {
	id: string;
	/** The page's own id when the visitor wrote it. */
	clientId: string | null;
	from: 'visitor' | 'business';
	/** Epoch ms. */
	at: number;
	text: string | null;
	attachments: WireAttachment[];
	/** Buttons offered with this message. */
	choices: { id: string; label: string }[];
	/** Of the visitor's press of a button. */
	choice: { id: string; label: string } | null;
	status: 'received' | 'sent' | 'delivered' | 'read';
}

/** Event name → data. Messages are merged by id: the stream sends the newest state, not changes. */
export interface StreamEvents {
	/** First event of every stream: the newest messages, oldest first. `more`: older ones can be asked for by `history`. */
	snapshot: { messages: WireMessage[]; more: boolean; conversation: 'open' | 'closed' | 'none'; token?: string };
	message: WireMessage;
	conversation: { status: 'open' | 'closed' };
	typing: { on: boolean };
	/**
	 * In a test run n8n takes the test address away when the run starts. While the run waits for a reply, posts and files
	 * go to this path of the same host instead; null: to the page's own address again.
	 */
	reply: { to: string | null };
}

/** Between the page in a frame and the launcher around it (`postMessage`). */
export type FrameMessage =
	/** page → launcher: ready to be given the token this site keeps. */
	| { conversations: 'ready' }
	/** launcher → page: the token this site keeps for its visitor, if any; sent once. */
	| { conversations: 'start'; token: string | null }
	/** page → launcher: keep this token. */
	| { conversations: 'token'; token: string }
	/** page → launcher: messages not seen yet. */
	| { conversations: 'unread'; count: number }
	/** page → launcher: the visitor closes the window. */
	| { conversations: 'close' }
	/** launcher → page: the window is now shown or hidden. */
	| { conversations: 'visible'; visible: boolean };
