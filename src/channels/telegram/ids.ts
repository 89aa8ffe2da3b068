/** Telegram counts messages in each chat; with the chat before it an id is unique for the bot. */
export function externalId(chat: string, messageId: string | number): string {
	return `${chat}:${messageId}`;
}

/** Telegram's own number of a message of this chat; null for any other id. */
export function messageIdIn(id: string, chat: string): number | null {
	const match = /^(-?\d+):(\d{1,15})$/.exec(id);
	return match && match[1] === chat ? Number(match[2]) : null;
}
