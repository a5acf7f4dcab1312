import path from 'node:path';
import type {Answers} from './answers.js';
import {renderConfValue} from './conf-text.js';
import {renderTlsSection, type TlsFiles} from './tls-section.js';

/** How clients show who they are: ZEO 4 knows passwords, later ones certificates. */
export type Authentication = 'none' | 'passwords' | 'certificates';

export const authenticationOf = ({
	use_zeo_auth,
	zeo_version,
}: Pick<Answers, 'use_zeo_auth' | 'zeo_version'>): Authentication => {
	if (use_zeo_auth !== 'yes') return 'none';
	return Number.parseInt(zeo_version, 10) >= 5 ? 'certificates' : 'passwords';
};

/** Every certificate is also one for this name, whatever the machine is called. */
const serverName = 'localhost';

/** Where the certificates of an instance are, absolute. */
export const tlsFolder = (folder: string): string => path.join(folder, 'etc/tls');

/** The database of passwords of an instance, absolute. */
export const passwordsFile = (folder: string, {project_slug}: Pick<Answers, 'project_slug'>) =>
	path.join(folder, `etc/${project_slug}-zeo.passwd`);

/** What the `<zeo>` section says about it, as lines. */
export const renderAuthentication = (answers: Answers, folder: string): readonly string[] => {
	switch (authenticationOf(answers)) {
		case 'none':
			return [];
		case 'certificates':
			return renderTlsSection(tlsFilesOf(folder, 'server'));
		case 'passwords':
			return [
				'authentication-protocol digest',
				`authentication-database ${renderConfValue(passwordsFile(folder, answers))}`,
				`authentication-realm ${answers.project_slug}`,
			];
	}
};

/** What a client of this machine puts into its `<clientstorage>` or `<zeoclient>` section, as lines. */
export const renderClientAuthentication = (answers: Answers, folder: string): readonly string[] => {
	const {zeo_auth_user: user, project_slug} = answers;
	switch (authenticationOf(answers)) {
		case 'none':
			return [];
		case 'certificates':
			return renderTlsSection(tlsFilesOf(folder, user), serverName);
		case 'passwords':
			return [`username ${user}`, 'password ...', `realm ${project_slug}`];
	}
};

const tlsFilesOf = (folder: string, name: string): TlsFiles => {
	const file = (base: string): string => path.join(tlsFolder(folder), base);
	return {certificate: file(`${name}.pem`), key: file(`${name}.key`), authority: file('ca.pem')};
};
