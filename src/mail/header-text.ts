import {renderForTerminal} from '../platform/terminal-text.js';

const longest = 300;

/**
 * Foreign text as the value of a mail header: one line without control characters, of a length that no server refuses.
 */
export const renderForHeader = (text: string): string => {
	const line = renderForTerminal(text).replace(/\s+/g, ' ').trim();
	const characters = [...line];
	return characters.length > longest ? `${characters.slice(0, longest - 3).join('')}...` : line;
};

/** Foreign text as a part of a Message-ID or List-Id: letters, digits, dots and hyphens. */
export const renderForIdentifier = (text: string): string =>
	text
		.normalize('NFKD')
		.slice(0, 200)
		.replace(/[^A-Za-z0-9.-]+/g, '-')
		.replace(/\.{2,}/g, '.')
		.slice(0, 100)
		.replace(/^[.-]+|[.-]+$/g, '') || 'unnamed';
