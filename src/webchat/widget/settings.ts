import { isColour } from '../logic/colour';

/** How the launcher looks and stands. */
export interface LauncherSettings {
	/** The business; names the window for screen readers. */
	title: string;
	/** `#rrggbb` */
	colour: string;
	/** Shown beside the icon; empty: the icon alone. */
	label: string;
	position: 'left' | 'right';
	/** The window opens by itself. */
	open: boolean;
	/** The colour was chosen on the script tag, so the page in the frame is told. */
	ownColour: boolean;
}

/**
 * @param given what the server put into the script; the bare placeholder when it put nothing
 * @param dataset `data-position`, `data-label`, `data-open`, `data-colour` of the script tag, which come first
 */
export function settingsFrom(given: unknown, dataset: Readonly<Record<string, string | undefined>>): LauncherSettings {
	const { title, colour } = typeof given === 'object' && given !== null ? (given as { title?: unknown; colour?: unknown }) : { title: undefined, colour: undefined };
	const ownColour = isColour(dataset.colour);
	return {
		title: typeof title === 'string' && title.trim() !== '' ? title : 'Chat',
		colour: ownColour ? (dataset.colour as string) : isColour(colour) ? colour : '',
		label: dataset.label?.trim() ?? '',
		position: dataset.position?.toLowerCase() === 'left' ? 'left' : 'right',
		open: dataset.open !== undefined && !/^(false|no|0)$/i.test(dataset.open.trim()),
		ownColour,
	};
}

/** The page that belongs to a script at `…/conversations/webchat/widget.js`, or null for another address. */
export function pageOf(scriptAddress: string): string | null {
	return /^(https?:\/\/[^?#]+\/webchat)\/+widget\.js(?:[?#]|$)/.exec(scriptAddress)?.[1] ?? null;
}
