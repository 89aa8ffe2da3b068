import type { MailParts } from '../../core/channel';
import { textOf } from './values';

/** Of one message, by the names without the channel. */
type Parameters = (name: string, fallback: unknown) => unknown;

/** Between two addresses, but not within the name of one: 'Lee, Ann' stands in quotes. */
const BETWEEN = /[,;\n](?=(?:[^"]*"[^"]*")*[^"]*$)/;

/**
 * What the author says of a mail besides its text and files. An empty subject is one, too: the mail goes with a blank
 * one (A19). @throws InputError
 */
export function mailPartsOf(parameters: Parameters): MailParts {
	const html = textOf('HTML', parameters('html', ''));
	const addresses = (label: string, name: string) => {
		const given = parameters(name, '');
		const texts = Array.isArray(given) ? given.map((each) => textOf(label, each)) : [textOf(label, given)];
		return texts.flatMap((text) => text.split(BETWEEN)).map((text) => text.trim()).filter((text) => text !== '');
	};
	const [cc, bcc, replyTo] = [addresses('CC', 'cc'), addresses('BCC', 'bcc'), addresses('Reply-To', 'replyTo')];
	return {
		subject: textOf('Subject', parameters('subject', '')),
		...(html.trim() !== '' && { html }),
		...(cc.length > 0 && { cc }),
		...(bcc.length > 0 && { bcc }),
		...(replyTo.length > 0 && { replyTo }),
	};
}
