import type {Answers} from './answers.js';
import {
	type Authentication,
	authenticationOf,
	renderClientAuthentication,
} from './authentication.js';
import {renderMarkdown} from './conf-text.js';

/** What a person should know who finds the folder of an instance. */
export const renderReadme = (answers: Answers, folder: string): string => {
	const {project_name, project_slug: slug, zeo_server_port, zeo_storage, run_user} = answers;
	return `# ${renderMarkdown(project_name)}

A ZEO server, run by zeoctl as the user ${renderMarkdown(run_user)}. Made by \`zeoctl init\`.

\`\`\`sh
zeoctl bootstrap .
bin/zeoctl check
bin/zeoctl start
bin/zeoctl status
bin/zeoctl stop
\`\`\`

\`bootstrap\` makes the Python environment in \`env/\` from \`requirements.txt\`; it can be run again at any time. As a service,
which also packs and sends mail by itself: \`sudo bin/zeoctl install\`, instead of \`start\`.

## Clients

They connect to \`127.0.0.1:${zeo_server_port}\`, storage \`${zeo_storage}\`. ${wordsAbout[authenticationOf(answers)](answers)}

\`\`\`text
${renderClientSection(answers, folder).join('\n')}
\`\`\`

Clients of other machines need another \`address\` in \`etc/${slug}-zeo.conf\`.

## Files

| file | what it is |
| --- | --- |
| \`etc/${slug}-zeo.conf\` | the server, as \`runzeo\` reads it |
| \`etc/${slug}-zdaemon.conf\` | how it is run, as zdaemon reads it |
| \`etc/${slug}-zeoctl.conf\` | the same for zeoctl, with its own sections |
| \`etc/systemd/\`, \`etc/sysusers.d/\`, \`etc/init.d/\`, \`etc/logrotate.d/\`, \`etc/cron.d/\` | the service, as far as this place allows; \`install\` makes its own copies in \`/etc\` |
| \`bin/\` | \`zeoctl\`, \`runzeo\`, \`zeopack\` and \`zeopasswd\` of this instance |
| \`var/\` | the database |
| \`.zeoctl-init.json\` | the answers that all this was made from |

\`zeoctl init --update .\` makes the files anew from these answers and the confs, and keeps what was changed by hand.
`;
};

const wordsAbout: Readonly<Record<Authentication, (answers: Answers) => string>> = {
	none: () =>
		'ZEO trusts whoever can connect: before the server\ngets an address that others can reach, give it certificates (`zeoctl init --update --use-zeo-auth yes`).',
	certificates: ({zeo_auth_user: user}) =>
		`Only clients with a certificate of this\ninstance may connect. They are in \`etc/tls\`, where the key of the authority, \`ca.key\`, must stay secret: whoever has it can
make clients. Copy \`ca.pem\`, \`${user}.pem\` and \`${user}.key\` to the machine of a client; \`bin/zeoctl certificates --client NAME\`
makes more of them. Before they expire, which \`bin/zeoctl status\` tells, \`bin/zeoctl certificates --renew --client ${user}\` makes new
ones, which the server takes when it is restarted.`,
	passwords: ({zeo_auth_user: user}) =>
		`Only clients with a password may connect.\nThe first is \`${user}\`; \`bin/zeopasswd NAME\` adds another. ZEO 5 and later have no passwords, but certificates.`,
};

const renderClientSection = (answers: Answers, folder: string): readonly string[] => [
	'<clientstorage>',
	`  server 127.0.0.1:${answers.zeo_server_port}`,
	`  storage ${answers.zeo_storage}`,
	...renderClientAuthentication(answers, folder).map(line => `  ${line}`),
	'</clientstorage>',
];

/** What does not belong into version control: data, logs, packages, and whatever is secret. */
export const renderIgnored = (): string => `/env/
/var/
/.zeoctl-init.json
/etc/tls/
*.passwd
*.password
*.key
`;
