/** Text, or code without its brackets. */
export type ExpressionPart = { typed: string } | { code: string };

const OPENING = /(\\*)\{\{/g;
const CLOSING = /(\\*)\}\}/g;

/**
 * An expression (what stands behind the '=' of a parameter) in its parts, in the way in which n8n works it out
 * (`@n8n/tournament` 1.13, ExpressionSplitter; read 2026-11-22): brackets behind an odd number of backslashes are text, and
 * so are two backslashes one before code. `ExpressionParser` of n8n-workflow, which is for other things, knows neither.
 */
export function expressionParts(expression: string): ExpressionPart[] {
	const parts: ExpressionPart[] = [];
	let from = 0;
	for (let open = bracketFrom(OPENING, expression, 0); open !== -1; open = bracketFrom(OPENING, expression, from)) {
		const typed = expression.slice(from, open).replaceAll('\\\\', '\\');
		if (typed !== '') parts.push({ typed });
		const close = bracketFrom(CLOSING, expression, open + 2);
		// Code that is not closed goes on to the end.
		parts.push({ code: expression.slice(open + 2, close === -1 ? undefined : close) });
		from = close === -1 ? expression.length : close + 2;
	}
	const rest = expression.slice(from);
	return rest === '' ? parts : [...parts, { typed: rest }];
}

function bracketFrom(bracket: RegExp, text: string, from: number): number {
	bracket.lastIndex = from;
	for (let match = bracket.exec(text); match; match = bracket.exec(text)) {
		const escapes = match[1]?.length ?? 0;
		if (escapes % 2 === 0) return match.index + escapes;
	}
	return -1;
}
