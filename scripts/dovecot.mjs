import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './install.mjs';
import { isProgram, onPath } from './programs.mjs';
import { quietly, say } from './terminal.mjs';

/** Not on everybody's PATH. */
const FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'];
/** Its parts: without the second it takes no mail in. */
const PARTS = ['/usr/lib/dovecot', '/usr/libexec/dovecot', '/usr/local/lib/dovecot', '/usr/local/libexec/dovecot'];
/** The line whose settings test/e2e/kit/dovecot.ts writes; 2.4 has others. */
const LINE = '2.3.';

/**
 * The mail server for the tests: DOVECOT_PATH, or one that is installed, or one that we may install. It is started as root,
 * since it changes to the users of its mailboxes.
 * @returns {Promise<{ path: string } | { missing: string }>} `missing`: a sentence that says why there is none
 */
export async function findDovecot() {
	if (process.getuid?.() !== 0) return { missing: 'Dovecot has to be started as root, which you are not.' };
	const asked = process.env['DOVECOT_PATH'];
	if (asked) return isProgram(asked) ? fit(asked) : { missing: `DOVECOT_PATH names ${asked}, which is not a program.` };
	const found = installed();
	if (found) return fit(found);
	const ask = 'Install Dovecot with LMTP (dovecot-imapd and dovecot-lmtpd), or name it in DOVECOT_PATH.';
	if (!onPath('apt-get')) return { missing: `No Dovecot was found. ${ask}` };
	await install();
	const fresh = installed();
	return fresh ? fit(fresh) : { missing: `The system's package of Dovecot brought no program. ${ask}` };
}

async function install() {
	say('Installing Dovecot for the tests of email: about a minute …');
	const options = {
		log: join(ROOT, 'install.log'),
		doing: 'installing Dovecot',
		failed: 'Dovecot could not be installed. Install it yourself, or name it in DOVECOT_PATH.',
		// In runlevel 1 the package does not start a mail server of its own.
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
	};
	await quietly('apt-get', ['update'], options);
	await quietly('apt-get', ['install', '-y', '--no-install-recommends', 'dovecot-imapd', 'dovecot-lmtpd'], options);
}

function installed() {
	return PARTS.some((folder) => isProgram(join(folder, 'lmtp'))) ? onPath('dovecot', FOLDERS) : undefined;
}

/** @param {string} path */
function fit(path) {
	const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000 });
	const version = (stdout ?? '').trim();
	return version.startsWith(LINE) ? { path } : { missing: `${path} is version ${version || 'unknown'}; the tests are written for ${LINE}x.` };
}
