import type { PageConfig } from '../../channels/webchat/wire';

/** The settings that the server put into the page. */
export function readConfig(): PageConfig {
	const text = document.getElementById('chat-config')?.textContent;
	if (!text) throw new Error('The page has no settings: <script id="chat-config"> is missing or empty.');
	return JSON.parse(text) as PageConfig;
}
