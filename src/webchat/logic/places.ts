/** The addresses a chat page talks to, all absolute. */
export interface Places {
	/** The page itself, without query and trailing slash. */
	page: string;
	messages: string;
	files: string;
	events: string;
}

/**
 * Works below any path prefix of a proxy, for `webhook` and `webhook-test`, with or without trailing slashes: all
 * sub-resources hang below the path the page was opened at.
 */
export function placesOf(location: { origin: string; pathname: string }): Places {
	const page = location.origin + location.pathname.replace(/\/+$/, '');
	return { page, messages: `${page}/messages`, files: `${page}/files`, events: `${page}/events` };
}

/** Absolute address of a file that the server named relative to the page, or null when it is no web address. */
export function fileAddress(places: Places, url: string): string | null {
	const address = parsed(url, places.page);
	return address && (address.protocol === 'https:' || address.protocol === 'http:') ? address.href : null;
}

/** `URL.canParse` would say it without a catch, but is missing in browsers of 2023. */
function parsed(url: string, base: string): URL | null {
	try {
		return new URL(url, base);
	} catch {
		return null;
	}
}
