import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CERTIFICATE, PRIVATE_KEY } from '../../fakes/certificate';

/** Owns the mailboxes; no user of this machine. */
const MAIL_UID = 5000;

export interface MailUser {
	/** An address, e.g. 'support@shop.test'. */
	user: string;
	password: string;
}

/** Writes what Dovecot 2.3 is started with, and gives the file. Its processes run as several users, all of whom have to get at it. */
export function writeConfig(folder: string, ports: { imap: number; imaps: number; lmtp: number }, users: readonly MailUser[]): string {
	chmodSync(folder, 0o755);
	const file = (name: string, content: string, mode = 0o644) => {
		writeFileSync(join(folder, name), content, { mode });
		return join(folder, name);
	};
	const homes = join(folder, 'users');
	mkdirSync(homes);
	chownSync(homes, MAIL_UID, MAIL_UID);
	const passwords = file('passwords', users.map(({ user, password }) => `${user}:{plain}${password}::::::\n`).join(''));
	const certificate = file('certificate.pem', CERTIFICATE);
	const key = file('key.pem', PRIVATE_KEY, 0o600);
	return file(
		'dovecot.conf',
		`
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <${certificate}
ssl_key = <${key}
disable_plaintext_auth = no
auth_failure_delay = 0
mail_location = maildir:${homes}/%u
mail_max_userip_connections = 100
first_valid_uid = ${MAIL_UID}
postmaster_address = postmaster@shop.test
namespace inbox {
  inbox = yes
}
passdb {
  driver = passwd-file
  args = ${passwords}
}
userdb {
  driver = static
  args = uid=${MAIL_UID} gid=${MAIL_UID} home=${homes}/%u
}
# Wrong passwords are answered at once.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
  inet_listener imap {
    port = ${ports.imap}
  }
  inet_listener imaps {
    port = ${ports.imaps}
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${ports.lmtp}
  }
}
`,
	);
}
