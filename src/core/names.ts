/**
 * The form in which names and texts are compared 'whatever the case': the same for every script and for composed and
 * decomposed letters.
 */
export function foldName(name: string): string {
	return name.normalize('NFKC').toLocaleLowerCase('en');
}
