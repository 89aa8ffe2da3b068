import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * A program of this name on the PATH or in one of these folders.
 * @param {string} name
 * @param {readonly string[]} folders
 */
export function onPath(name, folders = []) {
	return [...(process.env['PATH'] ?? '').split(delimiter), ...folders].map((folder) => join(folder, name)).find(isProgram);
}

/** @param {string} path */
export function isProgram(path) {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		// Not there, or not for us: either way no program.
		return false;
	}
}
