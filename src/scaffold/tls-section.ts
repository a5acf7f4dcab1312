import {renderConfValue} from './conf-text.js';

/** Files of one side of a TLS connection. */
export type TlsFiles = {
	readonly certificate: string;
	readonly key: string;
	/** The certificates of the authority that the other side must be vouched for by. */
	readonly authority: string;
};

/** The lines of an `<ssl>` section. A client also says by which name the server is to be known. */
export const renderTlsSection = (
	{certificate, key, authority}: TlsFiles,
	serverName?: string,
): readonly string[] => [
	'<ssl>',
	`  certificate ${renderConfValue(certificate)}`,
	`  key ${renderConfValue(key)}`,
	`  authenticate ${renderConfValue(authority)}`,
	...(serverName === undefined ? [] : [`  server-hostname ${serverName}`]),
	'</ssl>',
];
