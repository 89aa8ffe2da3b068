/** What the page says when something does not go as it should. */
export const SENTENCES = {
	testNotice: "Test chat. In n8n, click 'Execute workflow', then send a message.",
	notListening: "n8n is not listening. Click 'Execute workflow' in the editor; your message is sent then.",
	unreachable: "Can't reach the chat at the moment. Your message is kept and sent as soon as possible.",
	reconnecting: 'Connection lost. Reconnecting…',
	connectedAgain: 'Connected again.',
	tooMany: 'You are sending very fast. Your message goes in a moment.',
	refused: 'This message was not accepted. Try again, or remove it.',
	tooLarge: 'This is too large to be sent.',
	fileNotListening: "Waits for 'Execute workflow' in n8n.",
	fileUnreachable: 'Waits for the connection.',
	fileRefused: 'This file was not accepted.',
	closed: 'This conversation has ended. You can write again at any time.',
	earlierFailed: "Earlier messages can't be loaded at the moment.",
} as const;
