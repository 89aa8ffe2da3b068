/** Milliseconds since 1970-01-01T00:00Z. Becomes ISO-8601 text only in src/n8n. */
export type EpochMs = number;
