/** What fetch throws when there is no answer: refused or lost connection, time-out. */
const NO_ANSWER = ['TypeError', 'TimeoutError', 'AbortError'];

/**
 * Whether a GET is answered with status 200 by n8n proper: while n8n starts, it answers everything with 200 and a line
 * of text.
 * @param {string} url
 */
export async function answers(url) {
	try {
		const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
		const body = await response.text();
		return response.status === 200 && !body.startsWith('n8n is starting up');
	} catch (error) {
		// By name: under jest fetch throws errors that are no instances of the test's own classes.
		const name = typeof error === 'object' && error !== null && 'name' in error ? error.name : undefined;
		if (typeof name === 'string' && NO_ANSWER.includes(name)) return false;
		throw error;
	}
}
