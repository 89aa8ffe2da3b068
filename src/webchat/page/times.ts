/** Times and days as the visitor's browser writes them. */
const TIME = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const DAY_OF_YEAR = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' });

export function timeText(at: number): string {
	return TIME.format(at);
}

/** Equal for instants of one local day. */
export function dayOf(at: number): string {
	return new Date(at).toDateString();
}

export function dayText(at: number, now: number): string {
	const yesterday = new Date(now);
	yesterday.setDate(yesterday.getDate() - 1);
	if (dayOf(at) === dayOf(now)) return 'Today';
	if (dayOf(at) === yesterday.toDateString()) return 'Yesterday';
	return (new Date(at).getFullYear() === new Date(now).getFullYear() ? DAY : DAY_OF_YEAR).format(at);
}
