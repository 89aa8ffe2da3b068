import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './install.mjs';
import { isProgram, onPath } from './programs.mjs';
import { quietly, say } from './terminal.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/**
 * The browser for the tests: CHROMIUM_PATH, or one that is installed, or one that we may install.
 * @returns {Promise<{ path: string } | { missing: string }>} `missing`: a sentence that says why there is none
 */
export async function findChromium() {
	const asked = process.env['CHROMIUM_PATH'];
	if (asked) return isProgram(asked) ? { path: asked } : { missing: `CHROMIUM_PATH names ${asked}, which is not a program.` };
	const found = installed();
	if (found) return { path: found };
	const ask = 'Install Chromium or Google Chrome, or name one in CHROMIUM_PATH.';
	if (process.getuid?.() !== 0 || !onPath('apt-get')) return { missing: `No Chromium or Chrome was found. ${ask}` };
	await install();
	const fresh = installed();
	// Ubuntu's package of this name only points to a snap, which containers can't run.
	return fresh ? { path: fresh } : { missing: `The system's package of Chromium brought no program that runs. ${ask}` };
}

async function install() {
	say('Installing Chromium for the browser tests: about a minute …');
	const options = {
		log: join(ROOT, 'install.log'),
		doing: 'installing Chromium',
		failed: 'Chromium could not be installed. Install it yourself, or name a browser in CHROMIUM_PATH.',
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
	};
	await quietly('apt-get', ['update'], options);
	await quietly('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], options);
}

function installed() {
	return [...NAMES.map((name) => onPath(name)), MAC].find((path) => path !== undefined && isProgram(path) && answers(path));
}

/** @param {string} path */
function answers(path) {
	return spawnSync(path, ['--version'], { timeout: 20_000 }).status === 0;
}
