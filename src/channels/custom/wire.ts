/** What is posted to an integration server, one message a request. */
export interface OutgoingBody {
	channelId: string;
	contactId: string;
	message: OutgoingMessage;
}

/** The types are respond.io's; what stands in the last two is from memory, since its tables of them are not public any more. */
export type OutgoingMessage =
	| { type: 'text'; text: string }
	| { type: 'attachment'; attachment: { type: 'image' | 'video' | 'audio' | 'file'; url: string; mimeType: string; fileName: string } }
	| { type: 'location'; latitude: number; longitude: number; address?: string }
	| { type: 'quick_reply'; title: string; replies: string[] };
