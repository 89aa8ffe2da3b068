/**
 * The page with what is made from the code between the two marks of its name.
 * @param {string} page
 * @param {string} name as it stands in `<!-- name:start -->` and `<!-- name:end -->`
 * @param {string} text
 */
export function withPart(page, name, text) {
	const marked = new RegExp(`(<!-- ${name}:start -->\\n)[\\s\\S]*?(<!-- ${name}:end -->)`);
	if (!marked.test(page)) throw new Error(`The page has no marks for '${name}'.`);
	return page.replace(marked, (_whole, start, end) => `${start}\n${text}\n\n${end}`);
}
