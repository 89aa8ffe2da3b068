/** What is written to WeChat. Source: developers.weixin.qq.com, sendCustomMessage; read 2026-11-22. */

/** What is particular to one type of message. */
export type MessageBody =
	| { msgtype: 'text'; text: { content: string } }
	| { msgtype: 'image'; image: { media_id: string } }
	| { msgtype: 'voice'; voice: { media_id: string } }
	| { msgtype: 'video'; video: { media_id: string; thumb_media_id: string } }
	| { msgtype: 'msgmenu'; msgmenu: { head_content: string; list: { id: string; content: string }[]; tail_content: string } };

export type OutgoingMessage = { touser: string } & MessageBody;
