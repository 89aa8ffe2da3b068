import { InputError } from './failure';
import type { Agent, ClosingNoteCategory, Contact, Team } from './records';
import type { Records } from './store';

/** Records that a workflow names. What is not there is an InputError that names the parameter and the way out. */

/** @throws InputError */
export async function requireContact(records: Records, contactId: string): Promise<Contact> {
	const contact = await records.contacts.get(contactId);
	if (!contact) {
		throw new InputError(
			'Contact',
			contactId === ''
				? "'Contact' is empty. Use the contact's id, e.g. {{ $json.contact.id }} from the trigger's item."
				: `There is no contact with the id '${contactId}'. Use the contact's id from an earlier item, e.g. {{ $json.contact.id }}.${spelledAs(contactId)}`,
		);
	}
	return contact;
}

/** For who gave the number or address itself. */
function spelledAs(text: string): string {
	if (/^\+?\d{7,}$/.test(text)) return ' A phone number is written as phone:+447900000000.';
	return text.includes('@') ? ' An email address is written as email:ann@example.com.' : '';
}

/** @throws InputError */
export async function requireAgent(records: Records, idOrEmail: string, parameter = 'Agent'): Promise<Agent> {
	const asked = idOrEmail.trim();
	if (asked === '') throw empty(parameter, 'Pick an agent from the list, or give an ID or email.');
	const agent = (await records.agents.get(asked)) ?? (await records.agents.byEmail(asked));
	if (agent) return agent;
	throw new InputError(
		parameter,
		`There is no agent '${asked}'. Pick one from the list, or create the agent with the Conversations node (Agent > Create or Update).`,
	);
}

/** @throws InputError */
export async function requireTeam(records: Records, idOrName: string, parameter = 'Team'): Promise<Team> {
	const asked = idOrName.trim();
	if (asked === '') throw empty(parameter, 'Pick a team from the list, or give an ID or name.');
	const team = (await records.teams.get(asked)) ?? (await records.teams.byName(asked));
	if (team) return team;
	throw new InputError(
		parameter,
		`There is no team '${asked}'. Pick one from the list, or create the team with the Conversations node (Team > Create or Update).`,
	);
}

/** @throws InputError */
export async function requireCategory(
	records: Records,
	idOrName: string,
	parameter = 'Category',
): Promise<ClosingNoteCategory> {
	const asked = idOrName.trim();
	if (asked === '') throw empty(parameter, 'Pick a category from the list, or give an ID or name.');
	const category = (await records.categories.get(asked)) ?? (await records.categories.byName(asked));
	if (category) return category;
	throw new InputError(
		parameter,
		`There is no closing note category '${asked}'. Pick one from the list, or create it with the Conversations node (Closing Note Category > Create or Update).`,
	);
}

export function empty(parameter: string, next: string): InputError {
	return new InputError(parameter, `'${parameter}' is empty. ${next}`);
}
