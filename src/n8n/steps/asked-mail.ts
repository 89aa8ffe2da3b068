import type { AuthoredText } from '../../core/authored';
import type { MailParts } from '../../core/channel';
import { wholeText, type Parameters } from './authored';
import { textOf } from './values';

/** What a mail has besides its text and files, before it is filled in. */
export interface AskedMail extends Omit<MailParts, 'subject' | 'html'> {
	subject: AuthoredText;
	html?: AuthoredText;
}

/** Between two addresses, but not within the name of one: 'Lee, Ann' stands in quotes. */
const BETWEEN = /[,;\n](?=(?:[^"]*"[^"]*")*[^"]*$)/;

/**
 * What the author says of a mail besides its text and files. An empty subject is one, too: the mail goes with a blank
 * one (A19). @throws InputError
 */
export function mailPartsOf(parameters: Parameters): AskedMail {
	const html = parameters.text('HTML', 'html');
	const addresses = (label: string, name: string) => {
		const given = parameters.value(name, '');
		const texts = Array.isArray(given) ? given.map((each) => textOf(label, each)) : [textOf(label, given)];
		return texts.flatMap((text) => text.split(BETWEEN)).map((text) => text.trim()).filter((text) => text !== '');
	};
	const [cc, bcc, replyTo] = [addresses('CC', 'cc'), addresses('BCC', 'bcc'), addresses('Reply-To', 'replyTo')];
	return {
		subject: parameters.text('Subject', 'subject'),
		...(wholeText(html).trim() !== '' && { html }),
		...(cc.length > 0 && { cc }),
		...(bcc.length > 0 && { bcc }),
		...(replyTo.length > 0 && { replyTo }),
	};
}
