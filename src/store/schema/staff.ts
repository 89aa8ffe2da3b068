import type { AgentStatus } from '../../core/records';
import type { Instant, Json } from './columns';

export interface AgentsTable {
	id: string;
	name: string;
	name_lower: string;
	email: string;
	email_lower: string;
	status: AgentStatus;
	last_assigned_at: Instant | null;
	created_at: Instant;
}

export interface TeamsTable {
	id: string;
	name: string;
	name_lower: string;
	created_at: Instant;
}

export interface TeamMembersTable {
	team_id: string;
	agent_id: string;
	position: number;
}

export interface SnippetsTable {
	id: string;
	name: string;
	name_lower: string;
	text: string;
	attachments: Json;
	created_at: Instant;
}

export interface CategoriesTable {
	id: string;
	name: string;
	name_lower: string;
	description: string | null;
	created_at: Instant;
}
