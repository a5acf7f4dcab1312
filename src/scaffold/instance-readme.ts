import type {Answers} from './answers.js';
import {renderMarkdown} from './conf-text.js';

/** What a person should know who finds the folder of an instance. */
export const renderReadme = ({
	project_name,
	project_slug: slug,
	zeo_server_port,
	zeo_storage,
	run_user,
}: Answers): string => `# ${renderMarkdown(project_name)}

A ZEO server, run by zeoctl as the user ${renderMarkdown(run_user)}. Made by \`zeoctl init\`.

\`\`\`sh
zeoctl bootstrap .
bin/zeoctl check
bin/zeoctl start
bin/zeoctl status
bin/zeoctl stop
\`\`\`

\`bootstrap\` makes the Python environment in \`env/\` from \`requirements.txt\`; it can be run again at any time.

Clients connect to \`127.0.0.1:${zeo_server_port}\`, storage \`${zeo_storage}\`. Clients of other machines need another \`address\` in
\`etc/${slug}-zeo.conf\`; ZEO trusts whoever can connect, so protect it with certificates (\`<ssl>\`) first.

| file | what it is |
| --- | --- |
| \`etc/${slug}-zeo.conf\` | the server, as \`runzeo\` reads it |
| \`etc/${slug}-zdaemon.conf\` | how it is run, as zdaemon reads it |
| \`etc/${slug}-zeoctl.conf\` | the same for zeoctl, with its own sections |
| \`bin/\` | \`zeoctl\`, \`runzeo\`, \`zeopack\` and \`zeopasswd\` of this instance |
| \`var/\` | the database |
| \`.zeoctl-init.json\` | the answers that all this was made from |

\`zeoctl init --update .\` makes the files anew from these answers, and keeps what was changed by hand.
`;

/** What does not belong into version control: data, logs, packages, and whatever is secret. */
export const renderIgnored = (): string => `/env/
/var/
/.zeoctl-init.json
*.password
*.key
`;
